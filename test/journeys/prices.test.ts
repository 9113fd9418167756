import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { publish, push } from "../support/erp.ts";
import type { Planes } from "../support/planes.ts";
import { customerToken, Shop, type AnsweredLine, type ProblemBody } from "../support/price-questions.ts";
import { startSmallCompany, customer, price, product, reasons } from "../support/small-company.ts";

let planes: Planes;
let shop: Shop;

beforeAll(async () => {
  planes = await startSmallCompany();
  shop = new Shop(planes);
});
afterAll(() => planes.close());

describe("the currency: it promises that…", () => {
  it("with one currency in the snapshot, a customer without one gets that", async () => {
    const { body } = await shop.post({ customer: "NONE", lines: [{ sku: "A", quantity: "1" }] });
    expect([body.currency, body.lines[0]?.unitPrice]).toEqual(["EUR", "10.00"]);
  });

  it("with more, it is the customer's, else its first list's, else it has to be named", async () => {
    const { token } = await push(planes, [
      price("francs", "A", "11.00", { list: "FRANCS", currency: "CHF" }),
    ]);
    await publish(planes);
    const currencyOf = async (who: string) => {
      const question = { customer: who, atLeast: token, lines: [{ sku: "A", quantity: "1" }] };
      const { body } = await shop.post<{ currency?: string; code?: string; lines?: AnsweredLine[] }>(
        question,
      );
      return [body.currency ?? body.code, body.lines?.[0]?.unitPrice];
    };
    expect(await currencyOf("EUR")).toEqual(["EUR", "10.00"]);
    expect(await currencyOf("BY-LIST")).toEqual(["CHF", "11.00"]);
    expect(await currencyOf("NONE")).toEqual(["currency_required", undefined]);
    const list = await shop.send<ProblemBody>("/v1/price-list?customer=NONE");
    expect([list.status, list.body.code]).toEqual([422, "currency_required"]);
    expect(await shop.price({ customer: "NONE", currency: "EUR", sku: "A" })).toBe("10.00");
    expect(await shop.price({ customer: "EUR", currency: "CHF", sku: "A" })).toBe("no_price");
    expect(await shop.price({ customer: "EUR", currency: "JPY", sku: "A" })).toBe("no_price");
  });

  it.each(["eur", "EURO", "XXX", "DEM", "", 978, null])("%j is no currency", async (currency) => {
    const refused = await shop.refusal({ customer: "EUR", currency, lines: [{ sku: "A", quantity: "1" }] });
    expect(refused).toEqual([400, "invalid_request", "invalid_currency", "/currency"]);
  });
});

describe("when and where: it promises that…", () => {
  it("a channel has its own prices, and one that no record names has everybody's", async () => {
    const ask = (channel?: string) => shop.price({ customer: "EUR", channel, sku: "A" });
    expect(await ask("web")).toBe("9.50");
    expect(await ask("Web")).toBe("10.00");
    expect(await ask()).toBe("10.00");
    for (const odd of ["toString", "constructor", "shop/2"])
      expect([odd, await ask(odd)]).toEqual([odd, "10.00"]);
    expect(await ask("__proto__")).toBe("9.25");
  });

  it.each([
    ["2020-12-31T22:59:59Z", "1.00", "2020-12-31T23:00:00.000Z"],
    ["2020-12-31T23:00:00Z", "2.00", "2050-06-30T22:00:00.000Z"],
    ["2021-01-01T00:30:00+01:00", "2.00", "2050-06-30T22:00:00.000Z"],
    ["2020-12-31T23:59:59.999+01:00", "1.00", "2020-12-31T23:00:00.000Z"],
    ["2050-06-30T21:59:59Z", "2.00", "2050-06-30T22:00:00.000Z"],
    ["2050-07-01T00:00:00+02:00", "3.00", null],
    ["2000-01-01T00:00:00Z", "1.00", "2020-12-31T23:00:00.000Z"],
    ["2099-12-31T23:59:59Z", "3.00", null],
  ])("at %s the price is %s, until %s", async (at, unitPrice, validUntil) => {
    const { body } = await shop.post({ customer: "EUR", at, lines: [{ sku: "DATED", quantity: "1" }] });
    expect([body.lines[0]?.unitPrice, body.lines[0]?.validUntil]).toEqual([unitPrice, validUntil]);
    expect([body.validUntil, Date.parse(body.at)]).toEqual([validUntil, Date.parse(at)]);
  });

  it.each([
    ["1999-12-31T23:59:59Z", [422, "at_out_of_range", "/at"]],
    ["2100-01-01T00:00:00Z", [422, "at_out_of_range", "/at"]],
    ["2026-11-23", [400, "invalid_request", "invalid_date", "/at"]],
    ["2026-11-23T10:00:00", [400, "invalid_request", "invalid_date", "/at"]],
    ["2026-02-29T10:00:00Z", [400, "invalid_request", "invalid_date", "/at"]],
    ["2026-11-23T24:00:00Z", [400, "invalid_request", "invalid_date", "/at"]],
    ["2026-11-23T10:00:60Z", [400, "invalid_request", "invalid_date", "/at"]],
    ["now", [400, "invalid_request", "invalid_date", "/at"]],
    [1_763_892_000, [400, "invalid_request", "invalid_date", "/at"]],
  ])("at %j there is no price", async (at, refused) => {
    expect(await shop.refusal({ customer: "EUR", at, lines: [{ sku: "A", quantity: "1" }] })).toEqual(
      refused,
    );
  });
});

describe("a token: it promises that…", () => {
  it("one that was not signed here is refused, whatever it asks for", async () => {
    const { token } = (await shop.post({ customer: "EUR", lines: [{ sku: "A", quantity: "1" }] })).body;
    const forged = token.replace(/^pwt1_\d+/, "pwt1_9999");
    for (const bad of [forged, `${token}A`, token.slice(0, -1), "", "pwt1_1_1_", "nothing"]) {
      const question = { customer: "EUR", atLeast: bad, lines: [{ sku: "A", quantity: "1" }] };
      expect([bad, ...(await shop.refusal(question))]).toEqual([
        bad,
        400,
        "invalid_request",
        "invalid_token",
        "/atLeast",
      ]);
      const got = await shop.get<ProblemBody>("A", { customer: "EUR", atLeast: bad });
      expect([bad, got.status, got.body.reason, got.body.parameter]).toEqual([
        bad,
        400,
        "invalid_token",
        "atLeast",
      ]);
    }
  });
});

describe("a question: it promises that…", () => {
  const lines = (quantity: string) => `{"customer":"EUR","lines":[{"sku":"A","quantity":${quantity}}]}`;

  it.each([
    ["10", "10", "9.00", "90.00"],
    ["10.5", "10.5", "9.00", "94.50"],
    ['"10"', "10", "9.00", "90.00"],
    ['"9.99999999"', "9.99999999", "10.00", "100.00"],
    ["0.00000001", "0.00000001", "10.00", "0.00"],
    ["100000000000000000000.5", "100000000000000000000.5", "9.00", "900000000000000000004.50"],
  ])("the quantity %s is %s exactly", async (text, quantity, unitPrice, lineTotal) => {
    const { body } = await shop.post(lines(text));
    expect(body.lines[0]).toMatchObject({ quantity, unitPrice, lineTotal });
  });

  it.each([
    ["1e3", "number_out_of_range"],
    ["1E0", "number_out_of_range"],
    ['"1e3"', "not_a_decimal"],
    ["0", "not_positive"],
    ["0.0", "not_positive"],
    ["-1", "not_positive"],
    ['"-0"', "not_positive"],
    ["1.123456789", "too_many_decimals"],
    ['"1,5"', "not_a_decimal"],
    ['" 1"', "not_a_decimal"],
    ['"١"', "not_a_decimal"],
    ['"NaN"', "not_a_decimal"],
    ["null", "not_a_decimal"],
    ["true", "not_a_decimal"],
    ["[1]", "not_a_decimal"],
    [`"${"9".repeat(31)}"`, "number_out_of_range"],
  ])("the quantity %s is refused", async (text, reason) => {
    expect(await shop.refusal(lines(text))).toEqual([400, "invalid_request", reason, "/lines/0/quantity"]);
  });

  it("500 lines are answered in their order, and 501 are not", async () => {
    const asked = Array.from({ length: 500 }, (_line, index) => ({
      sku: index % 2 === 0 ? "A" : "NOPE",
      quantity: String(index + 1),
    }));
    const { status, body } = await shop.post({ customer: "EUR", lines: asked });
    expect(status).toBe(200);
    expect(body.lines.map(({ sku, quantity }) => ({ sku, quantity }))).toEqual(asked);
    const more = [...asked, { sku: "A", quantity: "1" }];
    expect(await shop.refusal({ customer: "EUR", lines: more })).toEqual([
      400,
      "invalid_request",
      "out_of_range",
      "/lines",
    ]);
    expect(await shop.refusal({ customer: "EUR", lines: [] })).toEqual([
      400,
      "invalid_request",
      "out_of_range",
      "/lines",
    ]);
  });

  it.each([
    [{ customer: "EUR", lines: [], more: 1 }, "/lines"],
    [{ customer: "EUR", lines: [{ sku: "A", quantity: "1" }], cost: true }, "/cost"],
    [{ customer: "EUR", lines: [{ sku: "A", quantity: "1", price: "1.00" }] }, "/lines/0/price"],
    [{ lines: [{ sku: "A", quantity: "1" }] }, "/customer"],
    [{ customer: "EUR", lines: [{ quantity: "1" }] }, "/lines/0/sku"],
    [{ customer: "EUR", lines: [{ sku: "A" }] }, "/lines/0/quantity"],
    [{ customer: 7, lines: [{ sku: "A", quantity: "1" }] }, "/customer"],
    [{ customer: "EUR", lines: [{ sku: " A", quantity: "1" }] }, "/lines/0/sku"],
    [{ customer: "EUR", explain: "yes", lines: [{ sku: "A", quantity: "1" }] }, "/explain"],
  ])("%j is refused where it is wrong", async (question, pointer) => {
    const { status, body } = await shop.post<ProblemBody>(question);
    expect([status, body.code, body.pointer]).toEqual([400, "invalid_request", pointer]);
  });

  it("an unknown parameter of a GET is refused, and a repeated one", async () => {
    for (const query of ["customer=EUR&cost=1", "customer=EUR&customer=NONE", "customer=EUR&explain=1", ""]) {
      expect([query, (await shop.send(`/v1/prices/A?${query}`)).status]).toEqual([query, 400]);
    }
  });
});

describe("a line without a price: it promises that…", () => {
  const gross = price("why", "WHY", "5.00", { list: "GROSS" });
  const units = { units: [{ unit: "BOX", factor: "10" }] };
  const why = (more: object) => product("WHY", { ...units, ...more });

  // Each step takes the reason away that was named before, and leaves all others.
  it("the first reason in the documented order is the one that is told", async () => {
    const ask = async (records: object[], { quantity = "1", unit = "PALLET" } = {}) => {
      const token = records.length === 0 ? undefined : (await push(planes, records)).token;
      await publish(planes);
      const question = { customer: "SAD", atLeast: token, sku: "WHY", quantity, unit };
      const line = await shop.line(question);
      expect(line).not.toHaveProperty("unitPrice");
      expect(line).not.toHaveProperty("tiers");
      expect(line.unavailable?.message).toMatch(/^[A-Z].{9,}$/);
      const got = await shop.get("WHY", {
        customer: "SAD",
        quantity,
        unit,
        ...(token === undefined ? {} : { atLeast: token }),
      });
      expect(got.body.lines).toEqual([line]);
      expect(got.body.total).toBe("0.00");
      return line.unavailable?.code;
    };
    expect(await ask([])).toBe("unknown_sku");
    expect(await ask([why(reasons)])).toBe("discontinued");
    const active = { ...reasons, status: "active" };
    expect(await ask([why(active)])).toBe("unit_unknown");
    expect(await ask([], { unit: "EA" })).toBe("below_minimum");
    expect(await ask([], { quantity: "0.41", unit: "BOX" })).toBe("below_minimum");
    expect(await ask([], { quantity: "7", unit: "EA" })).toBe("not_a_multiple");
    expect(await ask([], { quantity: "0.55", unit: "BOX" })).toBe("not_a_multiple");
    expect(await ask([], { quantity: "6", unit: "EA" })).toBe("no_price");
    expect(await ask([gross], { quantity: "6", unit: "EA" })).toBe("tax_unknown");
    expect(await ask([why({ ...active, taxes: ["vat"] })], { quantity: "6", unit: "EA" })).toBe(
      "negative_result",
    );
    expect(await ask([customer("SAD", { currency: "EUR", lists: ["GROSS"], status: "blocked" })])).toBe(
      "customer_blocked",
    );
  });

  it("a blocked customer gets that for every line, known or not, and no price list", async () => {
    const lines = ["A", "NOPE", "GONE"].map((sku) => ({ sku, quantity: "1" }));
    const { body } = await shop.post({ customer: "BLOCKED", lines });
    expect(body.lines.map(({ unavailable }) => unavailable?.code)).toEqual(Array(3).fill("customer_blocked"));
    const list = await shop.send<ProblemBody>("/v1/price-list?customer=BLOCKED");
    expect([list.status, list.body.code]).toEqual([409, "customer_blocked"]);
  });

  it("it does not keep the other lines from their prices, and does not count in the total", async () => {
    const lines = ["A", "NOPE", "NEVER", "A"].map((sku, index) => ({ sku, quantity: String(index + 1) }));
    const { body } = await shop.post({ customer: "EUR", lines });
    expect(body.lines.map(({ lineTotal, unavailable }) => lineTotal ?? unavailable?.code)).toEqual([
      "10.00",
      "unknown_sku",
      "no_price",
      "40.00",
    ]);
    expect(body.total).toBe("50.00");
  });
});

describe("tiers and units: it promises that…", () => {
  it("a tier that ends with a quantity says that the next begins above it", async () => {
    const { tiers } = await shop.line({ customer: "EUR", sku: "A" });
    expect(tiers).toEqual([
      { from: "1", unitPrice: "10.00" },
      { from: "10", unitPrice: "9.00" },
      { from: "100", unitPrice: "8.00" },
      { from: "200", above: true, unitPrice: "9.00" },
    ]);
    for (const [quantity, unitPrice] of [
      ["200", "8.00"],
      ["200.00000001", "9.00"],
      ["99.99999999", "9.00"],
    ]) {
      expect(await shop.price({ customer: "EUR", sku: "A", quantity })).toBe(unitPrice);
    }
  });

  it("tiers count in the asked unit", async () => {
    const each = await shop.line({ customer: "EUR", sku: "BOXED" });
    expect([each.unit, each.tiers]).toEqual([
      "EA",
      [
        { from: "1", unitPrice: "1.00" },
        { from: "30", unitPrice: "0.90" },
      ],
    ]);
    const box = await shop.line({ customer: "EUR", sku: "BOXED", unit: "BOX", quantity: "5" });
    expect([box.unitPrice, box.lineTotal, box.tiers]).toEqual([
      "9.60",
      "48.00",
      [
        { from: "1", unitPrice: "12.00" },
        { from: "2.5", unitPrice: "10.80" },
        { from: "5", unitPrice: "9.60" },
      ],
    ]);
    expect(await shop.price({ customer: "EUR", sku: "BOXED", unit: "constructor" })).toBe("2.00");
    expect(await shop.price({ customer: "EUR", sku: "BOXED", unit: "toString" })).toBe("unit_unknown");
    expect(await shop.price({ customer: "EUR", sku: "BOXED", unit: "box" })).toBe("unit_unknown");
  });

  it("a product that is sold in multiples has tiers that can be bought", async () => {
    const each = await shop.line({ customer: "EUR", sku: "STEPS", quantity: "7.5" });
    expect(each.tiers).toEqual([
      { from: "5", unitPrice: "2.00" },
      { from: "12.5", unitPrice: "1.50" },
    ]);
    const box = await shop.line({ customer: "EUR", sku: "STEPS", unit: "BOX", quantity: "1.25" });
    expect([box.unitPrice, box.lineTotal]).toEqual(["15.00", "18.75"]);
    expect(box.tiers).toEqual([
      { from: "0.5", unitPrice: "20.00" },
      { from: "1.25", unitPrice: "15.00" },
    ]);
  });

  it("every tier that is shown is the price of its quantity, and the one just before it is another", async () => {
    for (const [sku, unit] of [
      ["A", "EA"],
      ["BOXED", "EA"],
      ["BOXED", "BOX"],
      ["STEPS", "EA"],
      ["STEPS", "BOX"],
    ]) {
      const first = await shop.line({ customer: "EUR", sku, unit, quantity: "10" });
      for (const { from, above, unitPrice } of first.tiers ?? []) {
        const quantity = above === true ? `${from}.00000001` : from;
        const asked = await shop.line({ customer: "EUR", sku, unit, quantity });
        expect([sku, unit, quantity, asked.unitPrice, asked.tiers]).toEqual([
          sku,
          unit,
          quantity,
          unitPrice,
          first.tiers,
        ]);
      }
    }
  });

  it("a price per hundred is multiplied exactly", async () => {
    expect(await shop.line({ customer: "EUR", sku: "SCREW", quantity: "250" })).toMatchObject({
      unitPrice: "3.45",
      per: "100",
      lineTotal: "8.63",
      tiers: [{ from: "1", unitPrice: "3.45", per: "100" }],
    });
  });
});

describe("an explanation: it promises that…", () => {
  it("who has a key sees the records, and a customer sees the steps alone; both only if they ask", async () => {
    const own = new Shop(planes, await customerToken(planes, "EUR"));
    const question = { customer: "EUR", channel: "web", sku: "A", explain: true };
    expect((await shop.line(question)).explanation).toEqual([
      { step: "price", record: "price/a-web", amount: "9.50" },
    ]);
    expect((await own.line(question)).explanation).toEqual([{ step: "price", amount: "9.50" }]);
    expect(await shop.line({ ...question, explain: false })).not.toHaveProperty("explanation");
    expect(await shop.line({ ...question, explain: undefined })).not.toHaveProperty("explanation");
    const got = await own.get("A", { customer: "EUR", channel: "web", explain: "true" });
    expect(got.body.lines[0]?.explanation).toEqual([{ step: "price", amount: "9.50" }]);
  });
});
