import { describe, expect, it } from "vitest";
import { TrytonClient, TrytonError } from "../../control-plane/connectors/tryton/client.ts";
import {
  fieldsByModel,
  type CompanyRows,
  type ModelName,
} from "../../control-plane/connectors/tryton/company-rows.ts";
import { readCompany } from "../../control-plane/connectors/tryton/read-company.ts";
import { UnexpectedField } from "../../control-plane/connectors/tryton/row.ts";
import { translateCompany } from "../../control-plane/connectors/tryton/translate.ts";
import type { PricingRecord } from "../../shared/pricing/records.ts";
import { referencePrice } from "../../shared/pricing/reference/reference-price.ts";
import { parseExactJson } from "../../shared/api/exact-json.ts";
import { codes, expectIntakeTakes, record } from "./support.ts";

const day = (text: string) => {
  const [year, month, date] = text.split("-").map(Number);
  return { __class__: "date", year, month, day: date };
};
const money = (decimal: string) => ({ __class__: "Decimal", decimal });

/** Rows as the server sends them; SQLite has 0 and 1 for false and true. */
const company: Readonly<Record<ModelName, readonly object[]>> = {
  "company.company": [{ id: 1, currency: 1 }],
  "currency.currency": [
    { id: 1, code: "EUR", rounding: money("0.01") },
    { id: 2, code: "CHF", rounding: money("0.05") },
  ],
  "currency.currency.rate": [
    { id: 1, currency: 1, date: day("2000-01-01"), rate: money("1") },
    { id: 2, currency: 2, date: day("2026-02-01"), rate: money("0.937") },
  ],
  "product.category": [
    { id: 1, name: "Tools", parent: null, customer_taxes_used: [] },
    { id: 2, name: "Saws", parent: 1, customer_taxes_used: [] },
    { id: 3, name: "Taxed", parent: null, customer_taxes_used: [1] },
  ],
  "product.uom": [
    { id: 1, symbol: "u", category: 1, factor: 1, rate: 1 },
    { id: 2, symbol: "box", category: 1, factor: 12, rate: 0.083333333333 },
    { id: 3, symbol: "third", category: 1, factor: 0.333333333333, rate: 3 },
    { id: 4, symbol: "kg", category: 2, factor: 1, rate: 1 },
    { id: 5, symbol: "g", category: 2, factor: 0.001, rate: 1000 },
    { id: 6, symbol: "oz", category: 2, factor: 0.028349523125, rate: 35.27396194958 },
  ],
  "product.template": [
    template(1, { list_price: money("12.3400"), default_uom: 1, sale_uom: 2 }),
    template(2, {
      list_price: null,
      default_uom: 5,
      sale_uom: 4,
      account_category: null,
      categories_all: [],
    }),
  ],
  "product.product": [
    { id: 1, template: 1, code: "SAW", active: 1, cost_price: money("7.01") },
    { id: 2, template: 2, code: "", active: 0, cost_price: money("0") },
  ],
  "party.party": [
    { id: 7, name: "A customer", code: "C7", active: 1, sale_price_list: 3, customer_tax_rule: 1 },
    { id: 8, name: "Gone", code: "C8", active: 0, sale_price_list: null, customer_tax_rule: null },
  ],
  "product.price_list": [
    { id: 2, name: "Base", unit: "product_default", tax_included: 0, parent: null },
    { id: 3, name: "Own", unit: "product_sale", tax_included: 1, parent: 2 },
  ],
  "product.price_list.line": [
    line(11, { sequence: 20, formula: "unit_price * 0.9" }),
    line(12, { sequence: null, product: 1, formula: "parent_unit_price - 1" }),
    line(13, {
      sequence: 10,
      category: 1,
      quantity: 3.6,
      start_date: day("2026-01-05"),
      end_date: day("2026-12-31"),
    }),
    line(14, { sequence: 10, quantity: 0, formula: "list_price" }),
  ],
  "account.tax": [
    tax(1, { rate: money("0.19") }),
    tax(2, { rate: money("0.07"), end_date: day("2026-12-31") }),
  ],
  "account.tax.rule": [{ id: 1, name: "Islands" }],
  "account.tax.rule.line": [
    ruleLine(1, { origin_tax: 1, tax: 2 }),
    ruleLine(2, { origin_tax: 2, tax: null }),
  ],
  "sale.configuration": [{ id: 1, sale_price_list: 2 }],
};

function template(id: number, values: object) {
  const common = { name: `Template ${id}`, active: 1, categories_all: [2, 3], account_category: 3 };
  return { id, ...common, ...values };
}
function line(id: number, values: object) {
  const open = {
    sequence: null,
    category: null,
    product: null,
    quantity: null,
    start_date: null,
    end_date: null,
  };
  return { id, price_list: 3, formula: "unit_price", ...open, ...values };
}
function tax(id: number, values: object) {
  const open = {
    start_date: null,
    end_date: null,
    parent: null,
    childs: [],
    update_unit_price: 0,
    group: null,
  };
  return { id, type: "percentage", ...open, ...values };
}
function ruleLine(id: number, values: object) {
  return {
    id,
    rule: 1,
    sequence: null,
    group: null,
    keep_origin: 0,
    start_date: null,
    end_date: null,
    ...values,
  };
}

function rowsOf(changes: Partial<Record<ModelName, readonly object[]>> = {}): CompanyRows {
  // Through its JSON, as the client reads it.
  const rows = parseExactJson(JSON.stringify({ ...company, ...changes })) as CompanyRows["rows"];
  return { rows, company: "1" };
}

function translated(changes: Partial<Record<ModelName, readonly object[]>> = {}) {
  const translation = translateCompany(rowsOf(changes), { timeZone: "Europe/Berlin" });
  expectIntakeTakes(translation);
  return translation;
}

describe("the records of a Tryton company", () => {
  it("begin with its policy: the preset, its currency, the default list and odd roundings", () => {
    expect(record(translated(), "policy", "default")).toEqual({
      type: "policy",
      id: "default",
      preset: "tryton",
      timeZone: "Europe/Berlin",
      currency: "EUR",
      defaultLists: ["2"],
      rounding: { line: { mode: "half-even", to: { CHF: "0.05" } } },
    });
  });

  it("have each product with the units that convert exactly", () => {
    const translation = translated();
    expect(record(translation, "product", "SAW")).toEqual({
      type: "product",
      id: "SAW",
      name: "Template 1",
      unit: "u",
      units: [
        { unit: "box", factor: "12" },
        { unit: "third", factor: "1", per: "3" },
      ],
      saleUnit: "box",
      listPrice: { amount: "12.34", currency: "EUR" },
      cost: { amount: "7.01", currency: "EUR" },
      categories: ["2", "3"],
      taxes: ["1"],
    });
    expect(record(translation, "product", "product-2")).toMatchObject({
      unit: "g",
      units: [
        { unit: "kg", factor: "1000" },
        // Its rate has fewer decimals than its factor.
        { unit: "oz", factor: "100000000000000", per: "3527396194958" },
      ],
      taxes: [],
      status: "discontinued",
    });
  });

  it("have each list's lines in the order in which Tryton tries them", () => {
    const rules = translated().records.filter((one) => one.type === "rule");
    expect(rules).toEqual([
      {
        type: "rule",
        id: "12",
        rank: 1,
        list: "3",
        what: { skus: ["SAW"] },
        effect: { formula: "parent_unit_price - 1" },
      },
      {
        type: "rule",
        id: "13",
        rank: 2,
        list: "3",
        what: { categories: ["1"] },
        minQuantity: "3.6",
        from: "2026-01-05",
        until: "2026-12-31",
        effect: { formula: "unit_price" },
      },
      { type: "rule", id: "14", rank: 3, list: "3", effect: { formula: "list_price" } },
      { type: "rule", id: "11", rank: 4, list: "3", effect: { formula: "unit_price * 0.9" } },
    ]);
  });

  it("have lists, customers, taxes, tax rules and rates", () => {
    const translation = translated();
    expect(record(translation, "priceList", "3")).toMatchObject({
      parent: "2",
      taxIncluded: true,
      unit: "product_sale",
    });
    expect(record(translation, "customer", "C7")).toMatchObject({
      lists: ["3"],
      taxRule: "1",
      currency: "EUR",
    });
    expect(record(translation, "customer", "C8")).toMatchObject({ lists: [], status: "blocked" });
    expect(record(translation, "tax", "2")).toEqual({
      type: "tax",
      id: "2",
      percent: "7",
      until: "2026-12-31",
    });
    expect(record(translation, "taxRule", "1")).toMatchObject({
      replace: [{ from: "1", to: "2" }, { from: "2" }],
    });
    expect(record(translation, "rate", "EUR/CHF@2026-02-01")).toMatchObject({
      rate: "0.937",
      from: "2026-02-01",
    });
  });

  it.each<[string, ModelName, object, string]>([
    [
      "a formula of two statements",
      "product.price_list.line",
      line(15, { formula: "a = 1; unit_price" }),
      "unsupported_formula",
    ],
    ["a tax of a fixed amount", "account.tax", tax(3, { type: "fixed", rate: null }), "unsupported_tax"],
    ["a tax of taxes", "account.tax", tax(3, { rate: money("0.1"), childs: [1] }), "unsupported_tax"],
    [
      "a tax that changes the price",
      "account.tax",
      tax(3, { rate: money("0.1"), update_unit_price: 1 }),
      "unsupported_tax",
    ],
    [
      "a tax rule for a group",
      "account.tax.rule.line",
      ruleLine(3, { group: 1, tax: 2 }),
      "unsupported_tax_rule",
    ],
    [
      "a tax rule with dates",
      "account.tax.rule.line",
      ruleLine(3, { start_date: day("2026-01-01"), tax: 2 }),
      "unsupported_tax_rule",
    ],
    [
      "a product without its template",
      "product.product",
      { id: 9, template: 99, code: "X", active: 1, cost_price: null },
      "no_template",
    ],
  ])("%s is a problem with Tryton's own key", (_name, model, row, code) => {
    const { problems } = translateCompany(rowsOf({ [model]: [...company[model], row] }), { timeZone: "UTC" });
    expect(problems.map((problem) => [problem.source.split(",")[0], problem.code])).toEqual([[model, code]]);
  });

  it("a line that can't be told keeps its place, so that no other price stands in for its", () => {
    const { records } = translateCompany(
      rowsOf({
        "product.price_list.line": [line(15, { formula: "a = 1" }), line(16, { formula: "unit_price" })],
      }),
      { timeZone: "UTC" },
    );
    const at = Date.UTC(2026, 5, 15);
    const question = { customer: "C7", sku: "SAW", quantity: "1", currency: "EUR", at };
    const pricing = records.filter((one): one is PricingRecord => !("op" in one));
    expect(referencePrice(pricing, question)).toEqual({ unavailable: "rule_error" });
  });

  const replaceOf = (lines: readonly object[]) =>
    record(translateCompany(rowsOf({ "account.tax.rule.line": lines }), { timeZone: "UTC" }), "taxRule", "1");

  it("have a tax rule's lines in the order in which Tryton tries them, up to the first for any tax", () => {
    const lines = [
      ruleLine(1, { sequence: 30, origin_tax: 1, tax: 1 }),
      ruleLine(2, { sequence: 10, origin_tax: 1, tax: 2 }),
      ruleLine(3, { sequence: 40, origin_tax: null, tax: 1 }),
      ruleLine(4, { sequence: 50, origin_tax: null, tax: 2 }),
    ];
    expect(replaceOf(lines)).toMatchObject({
      replace: [{ from: "1", to: "2" }, { from: "2", to: "1" }, { to: "1" }],
    });
  });

  it("leave a gross price without a price where its taxes can't be told", () => {
    const ask = (changes: Parameters<typeof rowsOf>[0]) => {
      const { records } = translateCompany(rowsOf(changes), { timeZone: "UTC" });
      const pricing = records.filter((one): one is PricingRecord => !("op" in one));
      const at = Date.UTC(2026, 5, 15);
      const answer = referencePrice(pricing, {
        customer: "C7",
        sku: "SAW",
        quantity: "1",
        currency: "EUR",
        at,
      });
      return "unavailable" in answer ? answer.unavailable : answer.unitPrice;
    };
    expect(ask({})).not.toBe("tax_unknown");
    expect(ask({ "account.tax": [tax(1, { type: "fixed", rate: null })] })).toBe("tax_unknown");
    const kept = ruleLine(1, { origin_tax: 1, tax: 2, keep_origin: 1 });
    expect(ask({ "account.tax.rule.line": [kept] })).toBe("tax_unknown");
  });

  it("keep a line whose quantity has more places than a question's, and one whose formula has no value", () => {
    const lines = [line(11, { quantity: 3.333333333 }), line(12, { formula: "unit_price * 2 ** 0.5" })];
    const { records, problems } = translateCompany(rowsOf({ "product.price_list.line": lines }), {
      timeZone: "UTC",
    });
    expect(records.filter(({ type }) => type === "rule")).toMatchObject([
      { id: "11", minQuantity: "3.33333334" },
      { id: "12", unsupported: expect.any(String) as string },
    ]);
    expect(problems.map(({ code }) => code)).toEqual(["unsupported_formula"]);
  });

  it("name a currency that is none any more, and go on without it", () => {
    const gold = { id: 3, code: "XAU", rounding: money("0.01") };
    const rate = { id: 9, currency: 3, date: day("2026-01-01"), rate: money("0.0003") };
    const { records, problems } = translateCompany(
      rowsOf({
        "currency.currency": [...company["currency.currency"], gold],
        "currency.currency.rate": [...company["currency.currency.rate"], rate],
      }),
      { timeZone: "UTC" },
    );
    expect(problems).toMatchObject([{ source: "currency.currency,3", code: "unsupported_currency" }]);
    expect(records.filter(({ type }) => type === "rate").map(({ id }) => id)).toEqual(["EUR/CHF@2026-02-01"]);
  });

  it("have a rate for each day on which one of its two currencies has one, where none is common", () => {
    const rates = [
      { id: 1, currency: 1, date: day("2026-01-01"), rate: money("2") },
      { id: 2, currency: 1, date: day("2026-03-01"), rate: money("4") },
      { id: 3, currency: 2, date: day("2026-02-01"), rate: money("3") },
    ];
    const { records } = translateCompany(rowsOf({ "currency.currency.rate": rates }), { timeZone: "UTC" });
    const told = records.flatMap((one) => (one.type === "rate" && "rate" in one ? [[one.id, one.rate]] : []));
    expect(told).toEqual([
      ["EUR/CHF@2026-02-01", "1.5"],
      ["EUR/CHF@2026-03-01", "0.75"],
    ]);
  });

  it("are not made up where Tryton sends another form", () => {
    const odd = rowsOf({
      "product.template": [template(1, { list_price: 12.34, default_uom: 1, sale_uom: 1 })],
    });
    expect(() => translateCompany(odd, { timeZone: "UTC" })).toThrow(UnexpectedField);
    expect(codes(translated())).toEqual([]);
  });
});

describe("the client of a Tryton", () => {
  const server = { url: "https://tryton.test", database: "a b", user: "reader", password: "secret" };

  /** Answers as a server does; each call is noted. */
  function serverOf(
    answer: (method: string, parameters: readonly unknown[], session: string | null) => Response,
  ) {
    const calls: string[] = [];
    const fetcher: typeof fetch = (input, init) => {
      // The client sends texts.
      const { method, params } = JSON.parse(init?.body as string) as { method: string; params: unknown[] };
      calls.push(`${input as string} ${method}`);
      return Promise.resolve(answer(method, params, new Headers(init?.headers).get("Authorization")));
    };
    return { calls, client: new TrytonClient(server, fetcher) };
  }
  const result = (value: unknown) => Response.json({ id: 1, result: value });

  it("logs in once, takes the user's context along, and reads page by page after the last id", async () => {
    const seen: unknown[] = [];
    const { calls, client } = serverOf((method, parameters, session) => {
      if (method === "common.db.login") return result([5, "key"]);
      if (method.endsWith("get_preferences")) return result({ company: 1, language: "en" });
      seen.push([session, parameters.at(-1)]);
      const [domain] = parameters as [[string, string, number][]];
      const after = domain[0]?.[2] ?? 0;
      const left = Array.from({ length: 700 }, (_, index) => ({ id: index + 1 })).filter(
        ({ id }) => id > after,
      );
      return result(left.slice(0, 500));
    });
    const rows: unknown[] = [];
    for await (const row of client.rows("party.party", ["name"])) rows.push(row);
    expect(rows).toHaveLength(700);
    expect(calls.filter((call) => call.endsWith("login"))).toEqual([
      "https://tryton.test/a%20b/ common.db.login",
    ]);
    const session = `Session ${btoa("reader:5:key")}`;
    const call = [session, { company: 1, language: "en", active_test: false }];
    expect(seen).toEqual([call, call]);
  });

  it("logs in once more when the session has ended, and no third time", async () => {
    let logins = 0;
    const { client } = serverOf((method) => {
      if (method === "common.db.login") return result([5, `key ${++logins}`]);
      return new Response("no", { status: 401 });
    });
    await expect(client.company()).rejects.toMatchObject({ fault: "refused" });
    expect(logins).toBe(2);
  });

  it.each<[string, Response, string]>([
    ["a refused login", new Response("no", { status: 401 }), "refused_login"],
    ["no JSON", new Response("<html>"), "no_json"],
    ["an error of Tryton's", Response.json({ id: 1, error: ["UserError", ["a text", "", null]] }), "refused"],
  ])("says what went wrong: %s", async (_name, response, fault) => {
    const { client } = serverOf(() => response.clone());
    const error = await client.company().catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(TrytonError);
    expect((error as TrytonError).fault).toBe(fault);
  });

  it("reads every model that prices follow from", async () => {
    const { client } = serverOf((method) => {
      if (method === "common.db.login") return result([5, "key"]);
      if (method.endsWith("get_preferences")) return result({ company: 1 });
      return result(company[method.replace(/^model\./, "").replace(/\.search_read$/, "") as ModelName]);
    });
    const read = await readCompany(client);
    expect(Object.keys(read.rows)).toEqual(Object.keys(fieldsByModel));
    expect(translateCompany(read, { timeZone: "UTC" }).problems).toEqual([]);
  });
});
