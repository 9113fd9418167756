import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { Problem } from "../../shared/api/problem.ts";
import { emptyCatalog, ErpFeed, ndjson, standing } from "../support/erp-feed.ts";

const db = env.CATALOG;
const erp = new ErpFeed(db);
const bytes = (text: string) => new TextEncoder().encode(text);

const product = { type: "product", id: "A1", name: "Bolt", unit: "EA" };
const asked = [{ of: [{ role: "director" }] }];
const approvalPolicy = { type: "approvalPolicy", id: "AP", when: {}, tier: 1, needs: asked };
const person = { type: "person", id: "P", name: "Director" };
const away = { from: "2026-12-01", until: "2026-12-24", to: "Q" };
const price = { type: "price", id: "P1", sku: "A1", currency: "EUR", amount: "9.30" };
const rule = { type: "rule", id: "R1", rank: 1, effect: { percentOff: "10" } };

beforeEach(async () => {
  await emptyCatalog(db);
  await erp.push([product]);
});

/** The status and code that a body as a whole is refused with; `undefined` when it is read. */
async function refusalOf(body: string | Uint8Array<ArrayBuffer>, encoding: "identity" | "gzip" = "identity") {
  try {
    await erp.send(body, { encoding });
    return undefined;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return [error.status, error.code];
  }
}

async function gzip(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Response(text).body?.pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

const good = JSON.stringify(price);

describe("a body that cannot be read as lines is refused whole", () => {
  const latin1 = Uint8Array.from([...bytes(`${good}\n{"type":"category","id":"caf`), 0xe9, ...bytes('"}')]);
  const utf16 = Uint8Array.from([...good].flatMap((letter) => [letter.charCodeAt(0), 0]));
  it.each<[string, string | Uint8Array<ArrayBuffer>, number, string]>([
    ["an empty body", "", 400, "empty_body"],
    ["blank lines only", "\n  \r\n\n", 400, "empty_body"],
    ["Latin-1 in the second line", latin1, 400, "bad_encoding"],
    ["UTF-16", utf16, 400, "bad_encoding"],
    ["UTF-16 with its byte order mark", Uint8Array.from([0xff, 0xfe, ...utf16]), 400, "bad_encoding"],
    ["a JSON array", `[${good}]`, 400, "not_ndjson"],
    ["pretty-printed JSON", JSON.stringify(price, null, 2), 400, "not_ndjson"],
    ["a line of over 64 KiB", `${good}\n{"x":"${"y".repeat(70_000)}"}\n`, 413, "line_too_long"],
    ["no newline in a megabyte", "x".repeat(1_000_000), 413, "line_too_long"],
    ["too many records", "{}\n".repeat(250_001), 413, "body_too_large"],
    ["too many blank lines", "\n".repeat(1_000_001), 413, "body_too_large"],
  ])("%s", async (_name, body, status, code) => {
    expect(await refusalOf(body)).toEqual([status, code]);
    expect(Object.keys(await standing(db))).toEqual(["product/A1"]);
    expect(await db.prepare("SELECT count(*) FROM staged").first("count(*)")).toBe(0);
  });

  it("says where a line is too long", async () => {
    const body = `${good}\n\n${"x".repeat(70_000)}`;
    const refusal = erp.send(body);
    await expect(refusal).rejects.toMatchObject({ options: { more: { line: 3, offset: good.length + 2 } } });
  });

  it("damaged, cut off and exploding gzip", async () => {
    const whole = await gzip(good);
    expect(await refusalOf(bytes("not gzip"), "gzip")).toEqual([400, "bad_encoding"]);
    expect(await refusalOf(whole.slice(0, -9), "gzip")).toEqual([400, "bad_encoding"]);
    const bomb = await gzip(`${" ".repeat(64 * 1024)}\n`.repeat(4097));
    expect(bomb.byteLength).toBeLessThan(1024 * 1024);
    expect(await refusalOf(bomb, "gzip")).toEqual([413, "decompressed_too_large"]);
    expect(await refusalOf(whole, "gzip")).toBe(undefined);
  });
});

it.each<[string, string]>([
  ["CRLF", `${good}\r\n${JSON.stringify({ ...price, id: "P2" })}\r\n`],
  ["no newline at the end", `${good}\n${JSON.stringify({ ...price, id: "P2" })}`],
  ["blank lines", `\n\n${good}\n   \n${JSON.stringify({ ...price, id: "P2" })}\n\n`],
  ["a byte order mark", `\uFEFF${good}\n${JSON.stringify({ ...price, id: "P2" })}`],
])("%s is read", async (_name, body) => {
  const { answer } = await erp.send(body);
  expect([answer.received, answer.counts.applied]).toEqual([2, 2]);
});

it("blank lines count for line numbers", async () => {
  const { answer } = await erp.send(`\n${good}\n\n{"type":"price"}`);
  expect(answer.problems.map(({ line }) => line)).toEqual([4]);
});

const open = '"type":"price","id":"P1","sku":"A1","currency":"EUR"';
const deep = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;

// A line of text, or a record with one thing bent; the code, and where it points.
const badLines: readonly (readonly [string, string | object, string, string?])[] = [
  ["cut-off JSON", '{"type":"price"', "malformed_json"],
  ["an array after the first line", "[1]", "wrong_type", ""],
  ["a text", '"price"', "wrong_type", ""],
  ["NaN", `{${open},"amount":NaN}`, "malformed_json"],
  ["Infinity", `{${open},"amount":Infinity}`, "malformed_json"],
  ["100,000 levels", `{"x":${deep(30_000)}}`, "too_deep"],
  ["__proto__", `{${open},"amount":"1","__proto__":{}}`, "forbidden_key"],
  ["constructor, escaped", `{${open},"amount":"1","who":{"\\u0063onstructor":[]}}`, "forbidden_key"],
  ["a lone surrogate", `{"type":"category","id":"C1","name":"\\ud800"}`, "lone_surrogate"],
  ["no type", { id: "P1" }, "missing_field", "/type"],
  ["an unknown type", { type: "prices", id: "P1" }, "unknown_type", "/type"],
  ["a type named like a property", { type: "toString", id: "P1" }, "unknown_type", "/type"],
  ["an unknown op", { ...price, op: "remove" }, "invalid_value", "/op"],
  ["an unknown field", { ...price, discount: "10" }, "unknown_field", "/discount"],
  ["an unknown field within", { ...price, who: { regions: ["x"] } }, "unknown_field", "/who/regions"],
  ["an unknown field to escape", { ...price, "a/b~c": 1 }, "unknown_field", "/a~1b~0c"],
  ["a delete with fields", { ...price, op: "delete" }, "unknown_field"],
  ["0.1 + 0.2 as a float", `{${open},"amount":0.30000000000000004}`, "too_many_decimals", "/amount"],
  ["1e308", `{${open},"amount":1e308}`, "number_out_of_range", "/amount"],
  ["1e400", `{${open},"amount":1e400}`, "number_out_of_range", "/amount"],
  ["1E-7", `{${open},"amount":1E-7}`, "number_out_of_range", "/amount"],
  ["an exponent in a text", { ...price, amount: "1E2" }, "not_a_decimal", "/amount"],
  ["NaN in a text", { ...price, amount: "NaN" }, "not_a_decimal", "/amount"],
  ["∞", { ...price, amount: "∞" }, "not_a_decimal", "/amount"],
  ["null", { ...price, amount: null }, "missing_field", "/amount"],
  ["null where nothing is needed", { ...price, list: null }, "missing_field", "/list"],
  ["no amount", { ...price, amount: undefined }, "missing_field", "/amount"],
  ["a trailing sign", { ...price, amount: "302.35-" }, "not_a_decimal", "/amount"],
  ["leading zeros", { ...price, amount: "0012.50" }, "not_a_decimal", "/amount"],
  ["a plus sign", { ...price, amount: "+5" }, "not_a_decimal", "/amount"],
  ["spaces", { ...price, amount: " 5 " }, "not_a_decimal", "/amount"],
  ["full-width digits", { ...price, amount: "１２" }, "not_a_decimal", "/amount"],
  ["Arabic-Indic digits", { ...price, amount: "١٢" }, "not_a_decimal", "/amount"],
  ["a decimal comma", { ...price, amount: "1,50" }, "not_a_decimal", "/amount"],
  ["31 digits", { ...price, amount: "1".repeat(31) }, "number_out_of_range", "/amount"],
  ["a negative price", { ...price, amount: "-11062.06" }, "negative_price", "/amount"],
  ["a price of zero", { ...price, amount: "0.00" }, "zero_price", "/amount"],
  [
    "a list price of zero",
    { ...product, listPrice: { amount: "0", currency: "EUR" } },
    "zero_price",
    "/listPrice/amount",
  ],
  [
    "a discount of 150 %",
    { ...rule, effect: { percentOff: "150" } },
    "percent_out_of_range",
    "/effect/percentOff",
  ],
  [
    "a discount of -20 %",
    { ...rule, effect: { percentOff: "-20" } },
    "percent_out_of_range",
    "/effect/percentOff",
  ],
  [
    "a discount of 100.01 %",
    { ...rule, effect: { percentOff: "100.01" } },
    "percent_out_of_range",
    "/effect/percentOff",
  ],
  ["a discount by another name", { ...rule, effect: { percent: "10" } }, "wrong_form", "/effect"],
  ["two effects", { ...rule, effect: { percentOff: "1", percentMarkup: "1" } }, "wrong_form", "/effect"],
  [
    "a formula",
    { ...rule, effect: { formula: "__import__('os')" } },
    "unsupported_formula",
    "/effect/formula",
  ],
  [
    "an effect on nothing",
    { ...rule, effect: { percentMarkup: "5", on: "base_price" } },
    "invalid_value",
    "/effect/on",
  ],
  [
    "an effect on a list without id",
    { ...rule, effect: { percentMarkup: "5", on: {} } },
    "missing_field",
    "/effect/on/list",
  ],
  [
    "a rounding without mode",
    { ...rule, effect: { percentOff: "5", round: { to: "1" } } },
    "missing_field",
    "/effect/round/mode",
  ],
  [
    "a floor of two kinds",
    { ...rule, effect: { percentOff: "5", min: { amount: "1", marginOnCost: "1" } } },
    "wrong_form",
    "/effect/min",
  ],
  [
    "a floor below zero",
    { ...rule, effect: { percentOff: "5", min: { marginOnCost: "-1" } } },
    "negative_value",
    "/effect/min/marginOnCost",
  ],
  [
    "a formula with rounding by zero",
    { ...rule, effect: { formula: "1", round: { to: "0", mode: "up" } } },
    "not_positive",
    "/effect/round/to",
  ],
  ["a goods value without currency", { ...rule, minAmount: "5" }, "missing_field", "/currency"],
  [
    "a goods value in no order",
    { ...rule, minAmount: "5", maxAmount: "4", currency: "EUR" },
    "inverted_band",
    "/maxAmount",
  ],
  [
    "a priority of 21",
    `{"type":"rule","id":"R1","rank":1,"effect":{"percentOff":"5"},"priority":21}`,
    "out_of_range",
    "/priority",
  ],
  [
    "a combined formula",
    { ...rule, effect: { formula: "unit_price" }, applyMultiplePricingRules: true },
    "unsupported_effect",
    "/effect",
  ],
  ["no effect", { type: "rule", id: "R1", rank: 1 }, "missing_field", "/effect"],
  ["a rank as text", { ...rule, rank: "1" }, "not_an_integer", "/rank"],
  ["a rank of 1.5", { ...rule, rank: 1.5 }, "not_an_integer", "/rank"],
  ["a quantity of zero", { ...price, minQuantity: "0" }, "not_positive", "/minQuantity"],
  ["a negative quantity", { ...price, minQuantity: "-1" }, "not_positive", "/minQuantity"],
  ["an inverted band", { ...price, minQuantity: "10", maxQuantity: "9.99" }, "inverted_band", "/maxQuantity"],
  ["an inverted window", { ...price, from: "2026-02-01", until: "2026-01-31" }, "inverted_window", "/until"],
  [
    "an empty window",
    { ...price, from: "2026-01-01T00:00:00Z", until: "2026-01-01T01:00:00+01:00" },
    "inverted_window",
    "/until",
  ],
  ["30 February", { ...price, from: "2026-02-30" }, "invalid_date", "/from"],
  ["the year 10000", { ...price, until: "10000-01-01" }, "invalid_date", "/until"],
  ["a time without an offset", { ...price, from: "2026-01-01T00:00:00" }, "invalid_date", "/from"],
  ["two scopes", { ...price, list: "L", customer: "C" }, "scope_conflict", "/customer"],
  ["a unit twice", { ...product, units: [{ unit: "EA", factor: "1" }] }, "duplicate_unit", "/units/0/unit"],
  ["itself as replacement", { ...product, replacedBy: "A1" }, "cycle", "/replacedBy"],
  ["itself as parent", { type: "category", id: "C1", parent: "C1" }, "cycle", "/parent"],
  [
    "a list twice",
    { type: "customer", id: "C", name: "C", lists: ["L", "L"] },
    "duplicate_value",
    "/lists/1",
  ],
  ["a selection of nothing", { ...rule, who: { customers: [] } }, "out_of_range", "/who/customers"],
  [
    "a list of no kind",
    { type: "priceList", id: "L", currency: "EUR", kind: "offer" },
    "invalid_value",
    "/kind",
  ],
  [
    "a graduated price with an end",
    { ...price, graduated: true, maxQuantity: "9" },
    "scope_conflict",
    "/maxQuantity",
  ],
  [
    "a preset that there is not",
    { type: "policy", id: "default", preset: "netsuite" },
    "invalid_value",
    "/preset",
  ],
  [
    "what the preset says otherwise",
    { type: "policy", id: "default", preset: "odoo", rules: "best" },
    "set_by_preset",
    "/rules",
  ],
  [
    "an exclusion against nothing",
    { type: "policy", id: "default", exclusions: [{ procedure: "C", types: ["K1"] }] },
    "missing_field",
    "/exclusions/0/against",
  ],
  [
    "a smallest amount of no currency",
    { type: "policy", id: "default", rounding: { line: { mode: "up", to: { franc: "0.05" } } } },
    "invalid_currency",
    "/rounding/line/to/franc",
  ],
  ["another company", { type: "company", id: "mine", name: "Mine" }, "invalid_value", "/id"],
  [
    "a reference currency that is none",
    { type: "company", id: "default", name: "Mine", referenceCurrency: "euro" },
    "invalid_currency",
    "/referenceCurrency",
  ],
  ["approvals without conditions", { ...approvalPolicy, when: undefined }, "missing_field", "/when"],
  [
    "a condition of no kind",
    { ...approvalPolicy, when: { discount: "1" } },
    "unknown_field",
    "/when/discount",
  ],
  [
    "a margin of 101 %",
    { ...approvalPolicy, when: { marginBelow: "101" } },
    "percent_out_of_range",
    "/when/marginBelow",
  ],
  [
    "a total without currency",
    { ...approvalPolicy, when: { totalAbove: { amount: "5" } } },
    "missing_field",
    "/when/totalAbove/currency",
  ],
  ["an age in half days", { ...approvalPolicy, when: { priceOlderThanDays: 1.5 } }, "not_an_integer"],
  [
    "terms of nothing",
    { ...approvalPolicy, when: { paymentTerms: [] } },
    "out_of_range",
    "/when/paymentTerms",
  ],
  ["a tier of zero", { ...approvalPolicy, tier: 0 }, "out_of_range", "/tier"],
  ["approvals by nobody", { ...approvalPolicy, needs: [] }, "out_of_range", "/needs"],
  ["approvals of none", { ...approvalPolicy, needs: [{ of: [] }] }, "out_of_range", "/needs/0/of"],
  [
    "an addressee of no kind",
    { ...approvalPolicy, needs: [{ of: [{ group: "x" }] }] },
    "wrong_form",
    "/needs/0/of/0",
  ],
  [
    "an addressee of two kinds",
    { ...approvalPolicy, needs: [{ of: [{ role: "x", person: "P" }] }] },
    "wrong_form",
    "/needs/0/of/0",
  ],
  [
    "an addressee without a name",
    { ...approvalPolicy, needs: [{ of: [{ role: "" }] }] },
    "invalid_id",
    "/needs/0/of/0/role",
  ],
  [
    "two of one",
    { ...approvalPolicy, needs: [{ of: [{ person: "P" }], atLeast: 2 }] },
    "out_of_range",
    "/needs/0/atLeast",
  ],
  [
    "most of them",
    { ...approvalPolicy, needs: [{ ...asked[0], atLeast: "most" }] },
    "not_an_integer",
    "/needs/0/atLeast",
  ],
  [
    "an escalation without a time",
    { ...approvalPolicy, escalateTo: { role: "director" } },
    "missing_field",
    "/escalateAfterHours",
  ],
  [
    "an escalation to a team",
    { ...approvalPolicy, escalateAfterHours: 1, escalateTo: { team: "x" } },
    "wrong_form",
    "/escalateTo",
  ],
  [
    "approvals from after their end",
    { ...approvalPolicy, from: "2026-02-01", until: "2026-01-01" },
    "inverted_window",
    "/until",
  ],
  ["an e-mail that is none", { ...person, email: "director" }, "invalid_email", "/email"],
  ["a role twice", { ...person, roles: ["a", "a"] }, "duplicate_value", "/roles/1"],
  [
    "a limit below zero",
    { ...person, limit: { total: { amount: "-1", currency: "EUR" } } },
    "negative_price",
    "/limit/total/amount",
  ],
  [
    "an absence that ends before it begins",
    { ...person, absences: [{ ...away, until: "2026-11-30" }] },
    "inverted_window",
    "/absences/0/until",
  ],
  ["an absence without end", { ...person, absences: [{ from: "2026-12-01", to: "Q" }] }, "missing_field"],
  ["one's own stand-in", { ...person, absences: [away, { ...away, to: "P" }] }, "cycle", "/absences/1/to"],
  [
    "a team member without a role",
    { type: "customer", id: "C", name: "C", team: [{ person: "P" }] },
    "missing_field",
    "/team/0/role",
  ],
  ["another policy", { type: "policy", id: "mine" }, "invalid_value", "/id"],
  [
    "an unknown time zone",
    { type: "policy", id: "default", timeZone: "Mars/Olympus" },
    "unknown_time_zone",
    "/timeZone",
  ],
  [
    "9 places",
    { type: "policy", id: "default", rounding: { unitPrice: { places: 9, mode: "up" } } },
    "out_of_range",
    "/rounding/unitPrice/places",
  ],
  ["a rate of zero", { type: "rate", id: "EUR/USD", rate: "0", from: "2026-01-01" }, "not_positive", "/rate"],
  ["a rate of one currency", { type: "rate", id: "EUR", rate: "1", from: "2026-01-01" }, "invalid_id", "/id"],
  ["a numeric id", `{"type":"category","id":17850.0}`, "numeric_id", "/id"],
  ["a large numeric id", `{"type":"category","id":9007199254740993}`, "numeric_id", "/id"],
  ["an empty id", { type: "category", id: "" }, "invalid_id", "/id"],
  ["a long id", { type: "category", id: "x".repeat(201) }, "invalid_id", "/id"],
  ["a tab", { type: "category", id: "a\tb" }, "invalid_id", "/id"],
  ["a NUL", { type: "category", id: "a\u0000b" }, "invalid_id", "/id"],
  ["a right-to-left override", { type: "category", id: "a\u202Eb" }, "invalid_id", "/id"],
  ["a zero-width space", { type: "category", id: "a\u200B" }, "invalid_id", "/id"],
  ["a trailing space", { type: "category", id: "a " }, "untrimmed", "/id"],
  ["a no-break space", { type: "category", id: "\u00A0a" }, "untrimmed", "/id"],
  ["EURO", { ...price, currency: "EURO" }, "invalid_currency", "/currency"],
  ["eur", { ...price, currency: "eur" }, "invalid_currency", "/currency"],
  ["XXX", { ...price, currency: "XXX" }, "invalid_currency", "/currency"],
  ["DEM", { ...price, currency: "DEM" }, "invalid_currency", "/currency"],
  ["a name that is a number", { ...product, name: 5 }, "wrong_type", "/name"],
  ["a rev of 1.5", { ...price, rev: 1.5 }, "invalid_rev", "/rev"],
  ["a rev as digits in a text", { ...price, rev: "7" }, "invalid_rev", "/rev"],
  [
    "a rev of tomorrow",
    { ...price, rev: new Date(Date.now() + 86_400_000).toISOString() },
    "future_version",
    "/rev",
  ],
];

describe("a bad record is refused alone, with its code and pointer", () => {
  it.each(badLines)("%s", async (_name, line, code, pointer) => {
    const answer = await erp.push([{ ...price, id: "good" }, line]);
    expect(answer.problems.map((problem) => [problem.line, problem.code])).toEqual([[2, code]]);
    if (pointer !== undefined) expect(answer.problems[0]?.pointer).toBe(pointer);
    expect(answer.counts).toEqual({ applied: 1, unchanged: 0, stale: 0, invalid: 1, parked: 0 });
    expect(Object.keys(await standing(db))).toEqual(["price/good", "product/A1"]);
  });

  it("one of each kind in one feed leaves all others applied and every line accounted for", async () => {
    const feed = badLines.flatMap(([, line], index) => [line, { ...price, id: `good-${index}` }]);
    const answer = await erp.push(["", ...feed]);
    expect(answer.received).toBe(feed.length);
    expect(answer.counts).toEqual({
      applied: badLines.length,
      unchanged: 0,
      stale: 0,
      invalid: badLines.length,
      parked: 0,
    });
    expect(answer.problems.map(({ line, code }) => [line, code])).toEqual(
      badLines.map(([, , code], index) => [2 + 2 * index, code]),
    );
    const listed = await db
      .prepare("SELECT count(*) FROM problems WHERE state = 'invalid'")
      .first("count(*)");
    expect(listed).toBe(badLines.length);
  });
});

it("values at the edge of what is allowed are kept as they were written", async () => {
  const ids = [
    "000123",
    "123",
    "1E5",
    "00AB",
    "a/b",
    "%2F",
    "..",
    ".",
    "?#",
    "a b",
    "\u{1F600}",
    "x".repeat(200),
  ];
  const records: Record<string, unknown>[] = [
    ...ids.map((id) => ({ type: "product", id, name: id, unit: "EA" })),
    { ...price, id: "free", amount: "0.00", free: true },
    { ...price, id: "30 digits", amount: `${"9".repeat(22)}.${"9".repeat(8)}` },
    { ...price, id: "one day", from: "2026-01-31", until: "2026-01-31" },
    { ...price, id: "open", from: "0000-00-00", until: "9999-12-31" },
    { ...rule, effect: { percentOff: "100.00" } },
  ];
  const answer = await erp.push([...records, `{${open.replace("P1", "literal")},"amount":9.3000}`]);
  expect(answer.problems).toEqual([]);
  const stands = await standing(db);
  for (const { type, id, ...content } of records) expect(stands[`${type}/${id}`]).toEqual([null, content]);
  expect(stands["price/literal"]).toEqual([null, { sku: "A1", currency: "EUR", amount: "9.3000" }]);
});

it("of more than a thousand problems the answer shows a thousand, and all are kept", async () => {
  const answer = await erp.send(ndjson(Array.from({ length: 1200 }, () => "{")).replace("{\n", "{}\n"));
  expect([answer.answer.problems.length, answer.answer.problemsTruncated]).toEqual([1000, true]);
  expect(answer.answer.counts.invalid).toBe(1200);
  expect(await db.prepare("SELECT count(*) FROM problems").first("count(*)")).toBe(1200);
});
