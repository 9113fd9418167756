import { describe, expect, it } from "vitest";
import type { ErpnextDoctypes } from "../../control-plane/connectors/erpnext/doctypes.ts";
import { translateErpnext } from "../../control-plane/connectors/erpnext/translate.ts";
import { codes, expectIntakeTakes, priced, record, rows } from "./support.ts";

// As `/api/resource/…` of versions 14 and 15 answers, in `data`.
const bolt = {
  name: "BOLT",
  item_name: "Bolt",
  item_group: "Metal",
  brand: "Acme",
  stock_uom: "Nos",
  variant_of: null,
  has_variants: 0,
  disabled: 0,
  is_sales_item: 1,
  uoms: [
    { uom: "Nos", conversion_factor: 1.0 },
    { uom: "Box", conversion_factor: 12.0 },
  ],
};
const shirt = { ...bolt, name: "SHIRT", item_name: "Shirt", has_variants: 1 };
const red = { ...bolt, name: "SHIRT-RED", item_name: "Shirt red", variant_of: "SHIRT" };
const green = { ...red, name: "SHIRT-GREEN", item_name: "Shirt green" };
const list = {
  name: "Standard Selling",
  currency: "EUR",
  enabled: 1,
  selling: 1,
  price_not_uom_dependent: 0,
};
const price = {
  name: "a1b2c3",
  item_code: "BOLT",
  price_list: "Standard Selling",
  uom: "Nos",
  packing_unit: 0,
  customer: null,
  supplier: null,
  batch_no: null,
  currency: "EUR",
  price_list_rate: 10.0,
  valid_from: "2026-01-01",
  valid_upto: null,
};
const buyer = {
  name: "First customer",
  customer_name: "First customer",
  customer_group: "Retailers",
  territory: "North",
  default_price_list: null,
  default_currency: "EUR",
  default_sales_partner: null,
  disabled: 0,
};
const rule = {
  name: "PRLE-0001",
  disable: 0,
  selling: 1,
  company: "Our company",
  apply_on: "Item Code",
  items: [{ item_code: "BOLT", uom: null }],
  item_groups: [],
  brands: [],
  price_or_product_discount: "Price",
  warehouse: null,
  mixed_conditions: 0,
  is_cumulative: 0,
  coupon_code_based: 0,
  apply_rule_on_other: "",
  validate_applied_rule: 0,
  condition: null,
  applicable_for: "",
  customer: null,
  customer_group: null,
  territory: null,
  sales_partner: null,
  min_qty: 0.0,
  max_qty: 0.0,
  min_amt: 0.0,
  max_amt: 0.0,
  valid_from: "2026-01-01",
  valid_upto: null,
  currency: "EUR",
  margin_type: "",
  margin_rate_or_amount: 0.0,
  rate_or_discount: "Discount Percentage",
  rate: 0.0,
  discount_percentage: 10.0,
  discount_amount: 0.0,
  for_price_list: null,
  apply_multiple_pricing_rules: 0,
  apply_discount_on_rate: 0,
  has_priority: 0,
  priority: "",
};

const many = (...all: object[]) => rows(JSON.stringify(all));
const base: ErpnextDoctypes = {
  "System Settings": many({ currency_precision: "", float_precision: "3", number_format: "#,###.##" }),
  "Selling Settings": many({ selling_price_list: "Standard Selling" }),
  Item: many(bolt, shirt, red, green),
  "Item Group": many(
    { name: "All Item Groups", parent_item_group: "" },
    { name: "Metal", parent_item_group: "All Item Groups" },
  ),
  "Price List": many(list),
  "Item Price": many(price),
  Customer: many(buyer),
  "Customer Group": many(
    { name: "All Customer Groups", parent_customer_group: "", default_price_list: null },
    { name: "Retailers", parent_customer_group: "All Customer Groups", default_price_list: null },
  ),
  Territory: many(
    { name: "All Territories", parent_territory: "" },
    { name: "North", parent_territory: "All Territories" },
  ),
};
const translate = (payload: ErpnextDoctypes) =>
  translateErpnext(
    { ...base, ...payload },
    { name: "Our company", currency: "EUR", timeZone: "Europe/Berlin" },
  );
const rules = (...changes: object[]) =>
  translate({
    "Pricing Rule": many(
      ...changes.map((change, index) => ({ ...rule, name: `PRLE-000${index + 1}`, ...change })),
    ),
  });

describe("a company's doctypes", () => {
  const translation = rules({});

  it("become records that intake takes, without a problem", () => {
    expectIntakeTakes(translation);
    expect(codes(translation)).toEqual([]);
  });

  it("make products of items, but none of a template", () => {
    expect(record(translation, "product", "SHIRT")).toBeUndefined();
    expect(record(translation, "product", "BOLT")).toEqual({
      type: "product",
      id: "BOLT",
      name: "Bolt",
      category: "Metal",
      brand: "Acme",
      unit: "Nos",
      units: [{ unit: "Box", factor: "12" }],
      status: "active",
    });
  });

  it("keep the trees of groups and territories", () => {
    expect(record(translation, "customerGroup", "Retailers")).toMatchObject({
      parent: "All Customer Groups",
    });
    expect(record(translation, "category", "Metal")).toMatchObject({ parent: "All Item Groups" });
    expect(record(translation, "customer", "First customer")).toEqual({
      type: "customer",
      id: "First customer",
      name: "First customer",
      groups: ["Retailers"],
      currency: "EUR",
      status: "active",
      attributes: { territory: ["North", "All Territories"] },
    });
  });

  it("say the default list and how many places money has", () => {
    expect(record(translation, "policy", "default")).toMatchObject({
      preset: "erpnext",
      defaultLists: ["Standard Selling"],
      rounding: { unitPrice: { places: 2, mode: "half-up" } },
    });
    const three = many({ currency_precision: "3", float_precision: "", number_format: "#,###.##" });
    expect(record(translate({ "System Settings": three }), "policy", "default")).toMatchObject({
      rounding: { unitPrice: { places: 3 } },
    });
  });

  it("make rates", () => {
    const exchange = {
      name: "2026-01-01-USD-EUR-Selling",
      date: "2026-01-01",
      from_currency: "USD",
      to_currency: "EUR",
      exchange_rate: 0.92,
    };
    const made = translate({
      "Currency Exchange": many(exchange, { ...exchange, name: "x", exchange_rate: 0 }),
    });
    expect(record(made, "rate", "EUR/USD@2026-01-01")).toBeUndefined();
    expect(record(made, "rate", "USD/EUR@2026-01-01")).toMatchObject({ rate: "0.92" });
    expect(codes(made)).toEqual([["Currency Exchange x", "missing_field"]]);
  });
});

describe("an item price", () => {
  const prices = (change: object) => translate({ "Item Price": many({ ...price, ...change }) });

  it.each([
    [{}, { amount: "10", unit: "Nos", from: "2026-01-01" }],
    [{ customer: "First customer" }, { who: { customers: ["First customer"] } }],
    [
      { uom: "Box", price_list_rate: 110.55 },
      { unit: "Box", amount: "110.55" },
    ],
    [{ valid_upto: "2026-12-31" }, { until: "2026-12-31" }],
    [{ price_list_rate: 0.1 + 0.2 }, { amount: "0.3" }],
  ])("with %j makes a price with %j", (change, fields) => {
    const made = prices(change);
    expectIntakeTakes(made);
    expect(codes(made)).toEqual([]);
    expect(record(made, "price", "a1b2c3")).toMatchObject(fields);
  });

  it("of a template is inherited by its variants", () => {
    const made = prices({ item_code: "SHIRT" });
    expectIntakeTakes(made);
    expect(record(made, "price", "a1b2c3/SHIRT-GREEN")).toMatchObject({
      sku: "SHIRT-GREEN",
      inherited: true,
    });
    expect(made.records.filter(({ type }) => type === "price")).toHaveLength(2);
  });

  it.each([
    [{ batch_no: "B-1" }, "batch_price"],
    [{ packing_unit: 6 }, "packing_unit"],
    [{ price_list: "Gone" }, "unknown_price_list"],
    [{ item_code: "GONE" }, "unknown_item"],
    [{ price_list_rate: 0 }, "zero_price"],
    [{ price_list_rate: 9.999 }, "too_many_decimals"],
    [{ valid_upto: "2025-12-31" }, "inverted_window"],
    [{ currency: null }, "missing_field"],
  ])("with %j is a problem: %s", (change, code) => {
    const made = prices(change);
    expect(codes(made)).toEqual([["Item Price a1b2c3", code]]);
    expect(made.records.some(({ type }) => type === "price")).toBe(false);
  });

  it("of a buying list or a supplier is none", () => {
    const buying = { ...list, name: "Standard Buying", selling: 0 };
    const made = translate({
      "Price List": many(list, buying),
      "Item Price": many({ ...price, price_list: "Standard Buying" }, { ...price, name: "s", supplier: "S" }),
    });
    expect(codes(made)).toEqual([]);
    expect(made.records.some(({ type }) => type === "price")).toBe(false);
  });

  it("of a list whose prices are the same in every unit is refused with the list", () => {
    const made = translate({ "Price List": many({ ...list, price_not_uom_dependent: 1 }) });
    expect(codes(made)).toEqual([
      ["Price List Standard Selling", "price_not_uom_dependent"],
      ["Item Price a1b2c3", "unknown_price_list"],
    ]);
  });
});

describe("a customer", () => {
  it("has its group's list where it has none", () => {
    const made = translate({
      "Customer Group": many({
        name: "Retailers",
        parent_customer_group: null,
        default_price_list: "Standard Selling",
      }),
    });
    expect(record(made, "customer", "First customer")).toMatchObject({ lists: ["Standard Selling"] });
  });

  it("with a list that isn't there is a problem, and one that is disabled is blocked", () => {
    const made = translate({
      Customer: many({ ...buyer, default_price_list: "Gone" }, { ...buyer, name: "Second", disabled: 1 }),
    });
    expect(codes(made)).toEqual([["Customer First customer", "unknown_price_list"]]);
    expect(record(made, "customer", "Second")).toMatchObject({ status: "blocked" });
  });
});

describe("a pricing rule", () => {
  it.each([
    [{}, { effect: { percentOff: "10" }, what: { skus: ["BOLT"] }, from: "2026-01-01" }],
    [{ items: [{ item_code: "SHIRT", uom: null }] }, { what: { skus: ["SHIRT-RED", "SHIRT-GREEN"] } }],
    [
      { apply_on: "Item Group", items: [], item_groups: [{ item_group: "Metal", uom: "Box" }] },
      { what: { categories: ["Metal"] }, unit: "Box" },
    ],
    [
      { apply_on: "Brand", items: [], brands: [{ brand: "Acme", uom: null }] },
      { what: { brands: ["Acme"] } },
    ],
    [{ applicable_for: "Customer", customer: "First customer" }, { who: { customers: ["First customer"] } }],
    [{ applicable_for: "Customer Group", customer_group: "Retailers" }, { who: { groups: ["Retailers"] } }],
    [{ applicable_for: "Territory", territory: "North" }, { who: { attributes: { territory: "North" } } }],
    [{ applicable_for: "Sales Partner", sales_partner: "P" }, { who: { attributes: { salesPartner: "P" } } }],
    [
      { min_qty: 5, max_qty: 9.5 },
      { minQuantity: "5", maxQuantity: "9.5" },
    ],
    [
      { min_amt: 100, max_amt: 500 },
      { minAmount: "100", maxAmount: "500", currency: "EUR" },
    ],
    [{ for_price_list: "Standard Selling" }, { list: "Standard Selling" }],
    [{ has_priority: 1, priority: "20" }, { priority: 20 }],
    [{ rate_or_discount: "Rate", rate: 8.5 }, { effect: { price: "8.5", currency: "EUR" } }],
    [
      { rate_or_discount: "Discount Amount", discount_amount: 1.25 },
      { effect: { amountOff: "1.25", currency: "EUR" } },
    ],
    [{ margin_type: "Percentage", margin_rate_or_amount: 12.5 }, { margin: { percent: "12.5" } }],
    [{ margin_type: "Amount", margin_rate_or_amount: 2 }, { margin: { amount: "2", currency: "EUR" } }],
    [
      { apply_multiple_pricing_rules: 1, apply_discount_on_rate: 1, priority: "2" },
      { applyMultiplePricingRules: true, applyDiscountOnRate: true, priority: 2 },
    ],
  ])("with %j makes a rule with %j", (change, fields) => {
    const made = rules(change);
    expectIntakeTakes(made);
    expect(codes(made)).toEqual([]);
    expect(record(made, "rule", "PRLE-0001")).toMatchObject(fields);
  });

  it("with rows in several units makes a rule for each", () => {
    const made = rules({
      items: [
        { item_code: "BOLT", uom: "Box" },
        { item_code: "SHIRT-RED", uom: "Nos" },
      ],
    });
    expectIntakeTakes(made);
    expect(record(made, "rule", "PRLE-0001/Box")).toMatchObject({ unit: "Box", what: { skus: ["BOLT"] } });
    expect(record(made, "rule", "PRLE-0001/Nos")).toMatchObject({ unit: "Nos" });
  });

  it.each([{ disable: 1 }, { selling: 0 }, { company: "Another company" }])("with %j is none", (change) => {
    const made = rules(change);
    expect(codes(made)).toEqual([]);
    expect(made.records.some(({ type }) => type === "rule")).toBe(false);
  });

  it.each([
    [{ apply_on: "Transaction" }, "transaction_rule"],
    [{ price_or_product_discount: "Product" }, "free_product"],
    [{ mixed_conditions: 1 }, "mixed_conditions"],
    [{ is_cumulative: 1 }, "cumulative"],
    [{ apply_rule_on_other: "Item Code" }, "rule_on_other"],
    [{ coupon_code_based: 1 }, "coupon_code"],
    [{ condition: "doc.total > 100" }, "condition"],
    [{ validate_applied_rule: 1 }, "validate_applied_rule"],
    [{ warehouse: "Stores - OC" }, "warehouse"],
    [{ applicable_for: "Campaign" }, "campaign"],
    [{ applicable_for: "Supplier" }, "unsupported_applicable_for"],
    [{ applicable_for: "Customer", customer: null }, "missing_field"],
    [{ apply_on: "Colour" }, "unsupported_apply_on"],
    [{ items: [{ item_code: "GONE", uom: null }] }, "unknown_item"],
    [{ for_price_list: "Gone" }, "unknown_price_list"],
    [{ rate_or_discount: "Rate", rate: 0 }, "zero_price"],
    [{ rate_or_discount: "" }, "unsupported_rate_or_discount"],
    [{ margin_type: "Share", margin_rate_or_amount: 2 }, "unsupported_margin"],
    [{ discount_percentage: 101 }, "percent_out_of_range"],
    [{ discount_percentage: 3.3333 }, "too_many_decimals"],
    [{ priority: "21" }, "out_of_range"],
    [{ min_qty: 9, max_qty: 5 }, "inverted_band"],
    [{ mixed_conditions: "yes" }, "wrong_type"],
    [{ mixed_conditions: undefined }, "missing_field"],
  ])("with %j is a problem: %s", (change, code) => {
    const made = rules(change);
    expect(codes(made)).toEqual([["Pricing Rule PRLE-0001", code]]);
    expect(made.records.some(({ type }) => type === "rule")).toBe(false);
  });
});

describe("from the payload to the price", () => {
  const made = translate({
    "Item Price": many(
      price,
      { ...price, name: "own", customer: "First customer", price_list_rate: 9.5, valid_from: "2026-02-01" },
      { ...price, name: "shirt", item_code: "SHIRT", price_list_rate: 30 },
    ),
    "Pricing Rule": many(
      { ...rule, min_qty: 10, has_priority: 1, priority: "5" },
      {
        ...rule,
        name: "PRLE-0002",
        apply_on: "Item Group",
        items: [],
        item_groups: [{ item_group: "All Item Groups", uom: null }],
        discount_percentage: 2,
      },
    ),
  });
  const ask = { customer: "First customer", sku: "BOLT", quantity: "1", currency: "EUR" };

  it.each<[string, object, readonly [string, string]]>([
    ["the customer's own price, less the discount of its group", {}, ["9.31", "9.31"]],
    ["the rule of the item from its quantity on", { quantity: "10" }, ["8.55", "85.50"]],
    ["the price of a box", { unit: "Box", at: "2026-01-15T12:00:00Z" }, ["108.00", "108.00"]],
    ["a variant at the template's price", { sku: "SHIRT-RED" }, ["29.40", "29.40"]],
  ])("%s", (_name, change, expected) => {
    expect(priced(made, { ...ask, ...change })).toEqual(expected);
  });
});
