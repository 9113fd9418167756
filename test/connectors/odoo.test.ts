import { describe, expect, it } from "vitest";
import type { OdooModels } from "../../control-plane/connectors/odoo/models.ts";
import { translateOdoo, type OdooCompany } from "../../control-plane/connectors/odoo/translate.ts";
import { codes, expectIntakeTakes, priced, record, rows } from "./support.ts";

// As `search_read` of versions 16 to 18 answers; what is empty is false.
const pricelist = { id: 1, name: "Wholesale", currency_id: [1, "EUR"], active: true };
const retail = { id: 2, name: "Retail", currency_id: [1, "EUR"], active: true };
const bolt = {
  id: 11,
  default_code: "BOLT",
  name: "Bolt",
  active: true,
  sale_ok: true,
  product_tmpl_id: [5, "Bolt"],
  categ_id: [21, "All / Metal"],
  uom_id: [1, "Units"],
  lst_price: 20.0,
  standard_price: 8.4,
  currency_id: [1, "EUR"],
  cost_currency_id: [1, "EUR"],
  taxes_id: [3],
};
const blue = { ...bolt, id: 12, default_code: "BOLT-BLUE", name: "Blue bolt", lst_price: 22.5 };
const units = {
  id: 1,
  name: "Units",
  category_id: [1, "Unit"],
  uom_type: "reference",
  factor: 1,
  factor_inv: 1,
};
const dozens = {
  id: 2,
  name: "Dozens",
  category_id: [1, "Unit"],
  uom_type: "bigger",
  factor: 0.083333333333333329,
  factor_inv: 12,
};
const item = {
  id: 100,
  active: true,
  pricelist_id: [1, "Wholesale (EUR)"],
  applied_on: "3_global",
  product_tmpl_id: false,
  product_id: false,
  categ_id: false,
  min_quantity: 0,
  date_start: false,
  date_end: false,
  compute_price: "fixed",
  fixed_price: 15.5,
  percent_price: 0,
  base: "list_price",
  base_pricelist_id: false,
  price_discount: 0,
  price_round: 0,
  price_surcharge: 0,
  price_min_margin: 0,
  price_max_margin: 0,
};
const partner = {
  id: 7,
  name: "First customer",
  active: true,
  commercial_partner_id: [7, "First customer"],
  property_product_pricelist: [1, "Wholesale (EUR)"],
};

const many = (...all: object[]) => rows(JSON.stringify(all));
const base: OdooModels = {
  "decimal.precision": many(
    { id: 1, name: "Product Price", digits: 2 },
    { id: 2, name: "Product Unit of Measure", digits: 2 },
  ),
  "product.pricelist": many(pricelist, retail),
  "product.product": many(bolt, blue),
  "product.category": many(
    { id: 20, name: "All", parent_id: false },
    { id: 21, name: "Metal", parent_id: [20, "All"] },
  ),
  "uom.uom": many(units, dozens),
  "res.partner": many(partner),
};
const translate = (payload: OdooModels, company: Partial<OdooCompany> = {}) =>
  translateOdoo({ ...base, ...payload }, { currency: "EUR", timeZone: "Europe/Berlin", ...company });
const items = (...changes: object[]) =>
  translate({
    "product.pricelist.item": many(
      ...changes.map((change, index) => ({ ...item, id: 100 + index, ...change })),
    ),
  });

describe("a company's models", () => {
  const translation = items({});

  it("become records that intake takes, without a problem", () => {
    expectIntakeTakes(translation);
    expect(codes(translation)).toEqual([]);
  });

  it("make a product of each variant, under its internal reference", () => {
    expect(record(translation, "product", "BOLT-BLUE")).toEqual({
      type: "product",
      id: "BOLT-BLUE",
      name: "Blue bolt",
      category: "21",
      unit: "Units",
      units: [{ unit: "Dozens", factor: "12" }],
      listPrice: { amount: "22.5", currency: "EUR" },
      cost: { amount: "8.4", currency: "EUR" },
      status: "active",
    });
  });

  it("make categories by their own names, which the order of rules goes by", () => {
    expect(record(translation, "category", "21")).toEqual({
      type: "category",
      id: "21",
      name: "Metal",
      parent: "20",
    });
  });

  it("make a rule of a line, the newest first", () => {
    expect(record(translation, "rule", "100")).toEqual({
      type: "rule",
      id: "100",
      rank: -100,
      list: "1",
      appliedOn: "3_global",
      effect: { price: "15.5", currency: "EUR" },
    });
  });

  it("give a contact the terms of its commercial partner", () => {
    const contact = { ...partner, id: 8, name: "Contact", commercial_partner_id: [7, "First customer"] };
    const made = translate({ "res.partner": many(partner, contact) });
    expectIntakeTakes(made);
    expect(record(made, "customer", "8")).toEqual({
      type: "customer",
      id: "8",
      name: "Contact",
      parent: "7",
      lists: ["1"],
      currency: "EUR",
      status: "active",
    });
  });

  it("take away what is archived, lines of an archived list too", () => {
    const made = translate({
      "product.pricelist": many({ ...pricelist, active: false }, retail),
      "product.pricelist.item": many(item),
    });
    expectIntakeTakes(made);
    expect(record(made, "priceList", "1")).toEqual({ type: "priceList", id: "1", op: "delete" });
    expect(record(made, "rule", "100")).toEqual({ type: "rule", id: "100", op: "delete" });
  });
});

describe("a float", () => {
  const fixed = (text: string) =>
    translate({
      "product.pricelist.item": rows(`[${JSON.stringify(item).replace("15.5", text)}]`),
    });

  it.each([
    ["0.30000000000000004", "0.3"],
    ["19.99", "19.99"],
    ["1e2", "100"],
    ["100.0", "100"],
    ["1234567890123.45", "1234567890123.45"],
    ["4.349999999999999645", "4.35"],
  ])("%s is %s", (text, amount) => {
    expect(record(fixed(text), "rule", "100")).toMatchObject({ effect: { price: amount } });
  });

  it.each(["2.675", "0.3333333333333333", "12345678901234.567", "1e-9"])(
    "%s is refused, since prices have 2 places",
    (text) => {
      expect(codes(fixed(text))).toEqual([["product.pricelist.item 100", "too_many_decimals"]]);
    },
  );

  it("has as many places as the company's precision says", () => {
    const precision = many({ id: 1, name: "Product Price", digits: 4 });
    const made = translate({
      "decimal.precision": precision,
      "product.pricelist.item": many({ ...item, fixed_price: 2.6755 }),
    });
    expect(record(made, "rule", "100")).toMatchObject({ effect: { price: "2.6755" } });
    expect(record(made, "policy", "default")).toMatchObject({ rounding: { unitPrice: { places: 4 } } });
  });
});

describe("a line of a pricelist", () => {
  it.each([
    [
      { applied_on: "1_product", product_tmpl_id: [5, "Bolt"] },
      { appliedOn: "1_product", what: { skus: ["BOLT", "BOLT-BLUE"] } },
    ],
    [
      { applied_on: "0_product_variant", product_id: [12, "Bolt (Blue)"] },
      { appliedOn: "0_product_variant", what: { skus: ["BOLT-BLUE"] } },
    ],
    [
      { applied_on: "2_product_category", categ_id: [20, "All"] },
      { appliedOn: "2_product_category", what: { categories: ["20"] } },
    ],
    [{ min_quantity: 2.5 }, { minQuantity: "2.5" }],
    [{ product_uom_id: [2, "Dozens"] }, { unit: "Dozens" }],
    [
      { date_start: "2026-01-01 00:00:00", date_end: "2026-01-31 23:59:59" },
      { from: "2026-01-01T00:00:00Z", until: "2026-02-01T00:00:00Z" },
    ],
  ])("with %j makes a rule with %j", (change, fields) => {
    const made = items(change);
    expectIntakeTakes(made);
    expect(codes(made)).toEqual([]);
    expect(record(made, "rule", "100")).toMatchObject(fields);
  });

  const formula = { compute_price: "formula" };
  it.each([
    [
      { compute_price: "percentage", percent_price: 7.5 },
      { percentOff: "7.5", on: "list" },
    ],
    [
      { compute_price: "percentage", percent_price: -5 },
      { percentMarkup: "5", on: "list" },
    ],
    [
      { compute_price: "percentage", percent_price: 10, base: "pricelist", base_pricelist_id: [2, "Retail"] },
      { percentOff: "10", on: { list: "2" } },
    ],
    [
      { ...formula, price_discount: 10, price_round: 10, price_surcharge: -0.01 },
      // oxlint-disable-next-line unicorn/no-thenable -- The record's field is called so, and nobody awaits it.
      { percentOff: "10", on: "list", round: { to: "10", mode: "half-up", then: "-0.01" } },
    ],
    [
      { ...formula, base: "standard_price", price_discount: -20, price_markup: 20, price_round: 0.05 },
      { percentMarkup: "20", on: "cost", round: { to: "0.05", mode: "half-up" } },
    ],
    [
      { ...formula, price_discount: 50, price_round: 1, price_min_margin: 2, price_max_margin: 5 },
      {
        percentOff: "50",
        on: "list",
        round: { to: "1", mode: "half-up" },
        min: { aboveInput: "2", currency: "EUR" },
        max: { aboveInput: "5", currency: "EUR" },
      },
    ],
    [{ ...formula, price_discount: 12.5, price_surcharge: 0.5 }, { formula: "list_price * 0.875 + 0.5" }],
    [
      { ...formula, base: "standard_price", price_discount: -20, price_surcharge: -1, price_min_margin: 3 },
      { formula: "max(cost_price * 1.2 + (-1), cost_price + 3)" },
    ],
    [
      { ...formula, base: "pricelist", base_pricelist_id: [2, "Retail"], price_surcharge: -1.5 },
      { amountOff: "1.5", currency: "EUR", on: { list: "2" } },
    ],
    [
      { ...formula, base: "pricelist", base_pricelist_id: [2, "Retail"], price_discount: 5 },
      { percentOff: "5", on: { list: "2" } },
    ],
  ])("with %j has the effect %j", (change, effect) => {
    const made = items(change);
    expectIntakeTakes(made);
    expect(codes(made)).toEqual([]);
    expect(record(made, "rule", "100")).toHaveProperty("effect", effect);
  });

  it("takes a discount that is part of the price, not shown on the line, as an expression", () => {
    const percentage = many({ ...item, compute_price: "percentage", percent_price: 10 });
    const effect = { formula: "list_price * 0.9" };
    const hidden = translate({ "product.pricelist.item": percentage }, { lineDiscounts: false });
    expect(record(hidden, "rule", "100")).toMatchObject({ effect });
    const older = translate({
      "product.pricelist": many({ ...pricelist, discount_policy: "with_discount" }, retail),
      "product.pricelist.item": percentage,
    });
    expect(record(older, "rule", "100")).toMatchObject({ effect });
  });

  it.each([
    [{ fixed_price: 0 }, "zero_price"],
    [{ fixed_price: -1 }, "negative_price"],
    [{ compute_price: "percentage", percent_price: 120 }, "percent_out_of_range"],
    [{ compute_price: "discount" }, "unsupported_compute_price"],
    [{ ...formula, base: "last_price" }, "unsupported_base"],
    [
      { ...formula, base: "pricelist", base_pricelist_id: [2, "R"], price_discount: 5, price_surcharge: 1 },
      "surcharge_without_rounding",
    ],
    [{ applied_on: "4_other" }, "unsupported_applied_on"],
    [{ applied_on: "1_product", product_tmpl_id: [99, "Gone"] }, "unknown_product"],
    [{ applied_on: "0_product_variant", product_id: [99, "Gone"] }, "unknown_product"],
    [{ pricelist_id: [99, "Gone"] }, "unknown_price_list"],
    [{ product_uom_id: [99, "Gone"] }, "unknown_unit"],
    [{ date_start: "2026-02-30 00:00:00" }, "invalid_date"],
    [{ date_start: "2026-02-01" }, "invalid_date"],
    [{ min_quantity: -1 }, "not_positive"],
    [{ min_quantity: undefined }, "missing_field"],
    [{ categ_id: 21 }, "wrong_type"],
  ])("with %j is a problem: %s", (change, code) => {
    const made = items(change);
    expect(codes(made)).toEqual([["product.pricelist.item 100", code]]);
    // It keeps its place where its place is known, and has no price there.
    const rules = made.records.filter(({ type }) => type === "rule");
    expect(rules.every((rule) => "unsupported" in rule && rule.unsupported !== undefined)).toBe(true);
  });
});

describe("products and units", () => {
  it("without a reference, or with the same one, are problems", () => {
    const made = translate({
      "product.product": many(
        bolt,
        { ...blue, default_code: "BOLT" },
        { ...blue, id: 13, default_code: false },
      ),
    });
    expect(codes(made)).toEqual([
      ["product.product 11", "duplicate_sku"],
      ["product.product 12", "duplicate_sku"],
      ["product.product 13", "no_sku"],
    ]);
  });

  it("a sales price of zero is none", () => {
    const made = translate({ "product.product": many({ ...bolt, lst_price: 0 }) });
    expect(codes(made)).toEqual([["product.product 11", "zero_price"]]);
    expect(record(made, "product", "BOLT")).not.toHaveProperty("listPrice");
  });

  it("a unit that isn't there is a problem of the product", () => {
    const made = translate({ "product.product": many({ ...bolt, uom_id: [9, "Metres"] }) });
    expect(codes(made)).toEqual([["product.product 11", "unknown_unit"]]);
  });

  it("smaller units are fractions, and newer versions' units are relative to each other", () => {
    const third = {
      ...dozens,
      uom_type: "smaller",
      name: "Thirds",
      factor: 3,
      factor_inv: 0.3333333333333333,
    };
    const older = translate({ "uom.uom": many(units, third) });
    expect(record(older, "product", "BOLT")).toMatchObject({
      units: [{ unit: "Thirds", factor: "1", per: "3" }],
    });
    const newer = translate({
      "uom.uom": many(
        { id: 1, name: "Units", relative_uom_id: false, relative_factor: 1, factor: 1 },
        { id: 2, name: "Dozens", relative_uom_id: [1, "Units"], relative_factor: 12, factor: 12 },
        { id: 3, name: "Gross", relative_uom_id: [2, "Dozens"], relative_factor: 12, factor: 144 },
        { id: 4, name: "kg", relative_uom_id: false, relative_factor: 1, factor: 1 },
      ),
    });
    expectIntakeTakes(newer);
    expect(record(newer, "product", "BOLT")).toMatchObject({
      units: [
        { unit: "Dozens", factor: "12" },
        { unit: "Gross", factor: "144" },
      ],
    });
  });

  it("a unit whose factor has no end is a problem", () => {
    const made = translate({ "uom.uom": many(units, { ...dozens, uom_type: "smaller" }) });
    expect(codes(made)).toEqual([["uom.uom 2", "unit_not_exact"]]);
  });
});

describe("exchange rates", () => {
  const rate = { id: 1, name: "2026-01-01", currency_id: [2, "USD"], rate: 1.0837 };
  const rates = (...changes: object[]) =>
    translate({ "res.currency.rate": many(...changes.map((change) => ({ ...rate, ...change }))) });

  it("are of the company's currency, or its inverse where that was entered", () => {
    expect(record(rates({}), "rate", "EUR/USD@2026-01-01")).toMatchObject({ rate: "1.0837" });
    const inverse = { rate: 1.0526315789473684, inverse_company_rate: 0.95 };
    expect(record(rates(inverse), "rate", "USD/EUR@2026-01-01")).toMatchObject({ rate: "0.95" });
    expectIntakeTakes(rates(inverse));
  });

  it.each([
    [[{ rate: 1.0526315789473684 }], "rate_not_exact"],
    [[{}, { name: "2026-02-01", rate: 1.0526315789473684, inverse_company_rate: 0.95 }], "rate_not_exact"],
    [[{}, { currency_id: [1, "EUR"], rate: 1.1 }], "company_rate"],
  ])("%j are refused: %s", (changes, code) => {
    const made = rates(...changes);
    expect(new Set(codes(made).map(([, found]) => found))).toEqual(new Set([code]));
    expect(made.records.some(({ type }) => type === "rate")).toBe(false);
  });
});

describe("taxes within prices", () => {
  const vat = { id: 3, amount_type: "percent", amount: 20, price_include: true };

  it("make lists gross, and are the product's taxes", () => {
    const made = translate({ "account.tax": many(vat, { ...vat, id: 4, price_include: false }) });
    expectIntakeTakes(made);
    expect(record(made, "priceList", "1")).toMatchObject({ taxIncluded: true });
    expect(record(made, "product", "BOLT")).toMatchObject({ taxes: ["3"] });
    expect(record(made, "tax", "4")).toBeUndefined();
  });

  it("that are no percentage are a problem, and their products have no taxes to go by", () => {
    const made = translate({ "account.tax": many({ ...vat, amount_type: "fixed" }) });
    expect(codes(made)).toEqual([["account.tax 3", "unsupported_tax"]]);
    expect(record(made, "product", "BOLT")).not.toHaveProperty("taxes");
  });
});

describe("from the payload to the price", () => {
  const made = items(
    { compute_price: "percentage", percent_price: 10 },
    { applied_on: "2_product_category", categ_id: [21, "All / Metal"], min_quantity: 10, fixed_price: 15.5 },
    {
      applied_on: "0_product_variant",
      product_id: [12, "Bolt (Blue)"],
      compute_price: "formula",
      base: "standard_price",
      price_discount: -50,
      price_round: 1,
      price_surcharge: -0.01,
    },
    { pricelist_id: [2, "Retail"], compute_price: "percentage", percent_price: 5 },
  );
  const ask = { customer: "7", sku: "BOLT", quantity: "1", currency: "EUR" };

  it.each<[string, object, readonly [string, string]]>([
    ["a discount for everything", {}, ["18.00", "18.00"]],
    ["a fixed price of its category from ten on", { quantity: "10" }, ["15.50", "155.00"]],
    ["the price of another unit", { quantity: "1", unit: "Dozens" }, ["186.00", "186.00"]],
    ["a variant's own line, on cost and rounded", { sku: "BOLT-BLUE", quantity: "2" }, ["12.99", "25.98"]],
  ])("%s", (_name, change, expected) => {
    expect(priced(made, { ...ask, ...change })).toEqual(expected);
  });
});
