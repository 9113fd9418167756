import { describe, expect, it } from "vitest";
import type { BusinessCentralTables } from "../../control-plane/connectors/business-central/tables.ts";
import { translateBusinessCentral } from "../../control-plane/connectors/business-central/translate.ts";
import { codes, expectIntakeTakes, priced, record, rows } from "./support.ts";

// As an API page over tables 7000 and 7001 and the tables around them answers.
const line = {
  "@odata.etag": 'W/"JzE5OzE="',
  priceListCode: "S00001",
  lineNo: 10000,
  status: "Active",
  sourceType: "All_x0020_Customers",
  sourceNo: "",
  assetType: "Item",
  assetNo: "1000",
  variantCode: "",
  unitOfMeasureCode: "",
  workTypeCode: "",
  minimumQuantity: 0,
  amountType: "Price",
  unitPrice: 9.3,
  lineDiscountPercent: 0,
  allowLineDisc: true,
  currencyCode: "",
  startingDate: "2026-01-01",
  endingDate: "0001-01-01",
  priceIncludesVAT: false,
  vatBusPostingGrPrice: "",
  priceType: "Sale",
};
const bolt = {
  number: "1000",
  displayName: "Bolt",
  baseUnitOfMeasureCode: "PCS",
  unitPrice: 12.5,
  unitCost: 7.25,
  priceIncludesTax: false,
  blocked: false,
  itemDiscGroup: "METAL",
  vatProdPostingGroup: "VAT20",
};
const blue = { itemNumber: "1000", code: "BLUE", description: "Blue bolt" };
const box = { itemNo: "1000", code: "BOX", qtyPerUnitOfMeasure: 12 };
const buyer = {
  number: "C100",
  displayName: "First customer",
  blocked: "_x0020_",
  currencyCode: "",
  billToCustomerNo: "",
  customerPriceGroup: "GOLD",
  customerDiscGroup: "GOLD",
  allowLineDisc: true,
};

const one = (row: object) => rows(JSON.stringify([row]));
const base: BusinessCentralTables = {
  priceListLines: one(line),
  items: one(bolt),
  itemVariants: one(blue),
  itemUnitsOfMeasure: one(box),
  customers: one(buyer),
};
const translate = (payload: BusinessCentralTables) =>
  translateBusinessCentral({ ...base, ...payload }, { currency: "EUR", timeZone: "Europe/Berlin" });
const lines = (...changes: object[]) =>
  translate({
    priceListLines: rows(
      JSON.stringify(changes.map((change, index) => ({ ...line, lineNo: (index + 1) * 10000, ...change }))),
    ),
  });

describe("a company's tables", () => {
  const translation = translate({});

  it("become records that intake takes, without a problem", () => {
    expectIntakeTakes(translation);
    expect(codes(translation)).toEqual([]);
  });

  it("make a product of the item and of each variant", () => {
    const product = {
      type: "product",
      unit: "PCS",
      units: [{ unit: "BOX", factor: "12" }],
      listPrice: { amount: "12.5", currency: "EUR" },
      cost: { amount: "7.25", currency: "EUR" },
      status: "active",
      attributes: { itemDiscGroup: "METAL" },
    };
    expect(record(translation, "product", "1000")).toEqual({ ...product, id: "1000", name: "Bolt" });
    expect(record(translation, "product", "1000/BLUE")).toEqual({
      ...product,
      id: "1000/BLUE",
      name: "Blue bolt",
    });
  });

  it("make a price of a line, which each variant inherits", () => {
    const price = {
      type: "price",
      currency: "EUR",
      amount: "9.3",
      from: "2026-01-01",
    };
    expect(record(translation, "price", "S00001 0000010000 1000")).toEqual({
      ...price,
      id: "S00001 0000010000 1000",
      sku: "1000",
    });
    expect(record(translation, "price", "S00001 0000010000 1000/BLUE")).toEqual({
      ...price,
      id: "S00001 0000010000 1000/BLUE",
      sku: "1000/BLUE",
      inherited: true,
    });
  });

  it("keep price groups and discount groups of one code apart", () => {
    expect(record(translation, "customer", "C100")).toEqual({
      type: "customer",
      id: "C100",
      name: "First customer",
      groups: ["price-group/GOLD", "discount-group/GOLD"],
      currency: "EUR",
      status: "active",
    });
    expect(record(translation, "customerGroup", "discount-group/GOLD")).toMatchObject({
      type: "customerGroup",
    });
  });

  it("are read from a published page as well, with its names", () => {
    const published = {
      Number: "1000",
      Display_Name: "Bolt",
      Base_Unit_of_Measure_Code: "PCS",
      Unit_Price: 12.5,
      Unit_Cost: 7.25,
      Price_Includes_Tax: false,
      Blocked: false,
      Item_Disc_Group: "METAL",
    };
    expect(translate({ items: one(published) }).records).toEqual(translation.records);
  });

  it("keep every digit of a decimal", () => {
    const made = translate({
      priceListLines: rows(`[${JSON.stringify(line).replace("9.3", "1234567890123.45678")}]`),
    });
    expect(record(made, "price", "S00001 0000010000 1000")).toMatchObject({ amount: "1234567890123.45678" });
  });
});

describe("a price list line", () => {
  it.each([
    [{ sourceType: "Customer", sourceNo: "C100" }, { customer: "C100" }],
    [{ sourceType: "Customer_x0020_Price_x0020_Group", sourceNo: "GOLD" }, { group: "price-group/GOLD" }],
    [{ currencyCode: "USD" }, { currency: "USD" }],
    [
      { unitOfMeasureCode: "BOX", minimumQuantity: 5 },
      { unit: "BOX", minQuantity: "5" },
    ],
    [{ endingDate: "2026-12-31" }, { until: "2026-12-31" }],
    [{ allowLineDisc: false }, { allowDiscount: false }],
  ])("with %j makes a price with %j", (change, fields) => {
    const made = lines(change);
    expectIntakeTakes(made);
    expect(codes(made)).toEqual([]);
    expect(record(made, "price", "S00001 0000010000 1000")).toMatchObject(fields);
  });

  it("for a variant makes a price of that alone, not inherited", () => {
    const made = lines({ variantCode: "BLUE" });
    expect(made.records.filter(({ type }) => type === "price").map(({ id }) => id)).toEqual([
      "S00001 0000010000 1000/BLUE",
    ]);
    expect(record(made, "price", "S00001 0000010000 1000/BLUE")).not.toHaveProperty("inherited");
  });

  it.each([
    [{ assetType: "Item" }, { what: { skus: ["1000", "1000/BLUE"] } }],
    [{ assetType: "Item", variantCode: "BLUE" }, { what: { skus: ["1000/BLUE"] } }],
    [
      { assetType: "Item_x0020_Discount_x0020_Group", assetNo: "METAL" },
      { what: { attributes: { itemDiscGroup: "METAL" } } },
    ],
    [{ assetType: "_x0020_", assetNo: "" }, { effect: { percentOff: "7.5" } }],
    [
      { sourceType: "Customer_x0020_Disc._x0020_Group", sourceNo: "GOLD" },
      { who: { groups: ["discount-group/GOLD"] } },
    ],
    [{ sourceType: "Customer", sourceNo: "C100" }, { who: { customers: ["C100"] } }],
  ])("with %j and a discount makes a rule with %j", (change, fields) => {
    const made = lines({ amountType: "Discount", unitPrice: 0, lineDiscountPercent: 7.5, ...change });
    expectIntakeTakes(made);
    expect(codes(made)).toEqual([]);
    expect(record(made, "rule", "S00001 0000010000")).toMatchObject(fields);
    expect(made.records.some(({ type }) => type === "price")).toBe(false);
  });

  it("with a price and a discount makes both, but only the price under a price group", () => {
    const both = lines({ amountType: "Any", lineDiscountPercent: 5 });
    expect(both.records.filter(({ type }) => type === "price" || type === "rule")).toHaveLength(3);
    const group = { sourceType: "Customer Price Group", sourceNo: "GOLD" };
    const prices = lines({ amountType: "Any", lineDiscountPercent: 5, ...group });
    expect(prices.records.filter(({ type }) => type === "rule")).toEqual([]);
  });

  it.each(["Draft", "Inactive"])("that is %s is none", (status) => {
    const made = lines({ status });
    expect(made.records.some(({ type }) => type === "price")).toBe(false);
    expect(codes(made)).toEqual([]);
  });

  it.each([
    [{ sourceType: "Campaign", sourceNo: "CP1" }, "unsupported_source"],
    [{ sourceType: "Contact", sourceNo: "CT1" }, "unsupported_source"],
    [{ assetType: "Resource", assetNo: "LINA" }, "unsupported_asset"],
    [{ assetType: "G_x002F_L_x0020_Account", assetNo: "6110" }, "unsupported_asset"],
    [{ workTypeCode: "MILES" }, "unsupported_work_type"],
    [{ assetNo: "9999" }, "unknown_item"],
    [{ variantCode: "RED" }, "unknown_item"],
    [{ unitPrice: 0 }, "zero_price"],
    [{ unitPrice: -1 }, "negative_price"],
    [{ unitPrice: 0.000000001 }, "too_many_decimals"],
    [{ endingDate: "2025-12-31" }, "inverted_window"],
    [{ currencyCode: "EURO" }, "invalid_currency"],
    [{ priceType: "Purchase" }, "not_a_sales_price"],
    [{ amountType: "Cost" }, "unsupported_amount_type"],
    [{ amountType: "Discount", sourceType: "Customer Price Group", sourceNo: "G" }, "never_applies"],
    [{ amountType: "Price", sourceType: "Customer Disc. Group", sourceNo: "G" }, "never_applies"],
    [{ priceIncludesVAT: true, vatBusPostingGrPrice: "DOMESTIC" }, "unknown_price_list"],
    [{ unitPrice: undefined }, "missing_field"],
    [{ unitPrice: "9.30" }, "wrong_type"],
    [{ allowLineDisc: "yes" }, "wrong_type"],
  ])("with %j is a problem: %s", (change, code) => {
    const made = lines(change);
    expect(new Set(codes(made).map(String))).toEqual(new Set([`Price List Line S00001 10000,${code}`]));
    expect(made.records.some(({ type }) => type === "price" || type === "rule")).toBe(false);
  });
});

describe("items and customers", () => {
  it.each([
    [{ unitPrice: 0 }, "zero_price"],
    [{ priceIncludesTax: true }, "list_price_includes_vat"],
  ])("an item card with %j has no list price, and says so: %s", (change, code) => {
    const made = translate({ items: one({ ...bolt, ...change }) });
    expect(codes(made)).toEqual([["Item 1000", code]]);
    expect(record(made, "product", "1000")).not.toHaveProperty("listPrice");
  });

  it("a blocked item is discontinued, and so are its variants", () => {
    const made = translate({ items: one({ ...bolt, blocked: true }) });
    expect(record(made, "product", "1000/BLUE")).toMatchObject({ status: "discontinued" });
  });

  it("a variant or unit of no item is a problem", () => {
    const made = translate({
      itemVariants: one({ ...blue, itemNumber: "77" }),
      itemUnitsOfMeasure: one({ ...box, itemNo: "78" }),
    });
    expect(codes(made)).toEqual([
      ["Item Variant 77 BLUE", "unknown_item"],
      ["Item Unit of Measure 78 BOX", "unknown_item"],
    ]);
  });

  it("who is billed to another buys at the other's prices, and own lines never apply", () => {
    const branch = { ...buyer, number: "C101", billToCustomerNo: "C100", customerPriceGroup: "SILVER" };
    const made = translate({
      customers: rows(JSON.stringify([buyer, branch])),
      priceListLines: one({ ...line, sourceType: "Customer", sourceNo: "C101" }),
    });
    expect(record(made, "customer", "C101")).toMatchObject({
      parent: "C100",
      groups: ["price-group/GOLD", "discount-group/GOLD"],
    });
    expect(codes(made)).toEqual([["Price List Line S00001 10000", "never_applies"]]);
  });

  it("a bill-to customer that isn't there is a problem", () => {
    const made = translate({ customers: one({ ...buyer, billToCustomerNo: "C9" }) });
    expect(codes(made)).toEqual([["Customer C100", "unknown_customer"]]);
  });

  it("a customer without line discounts is one only where there are discounts", () => {
    const customers = one({ ...buyer, allowLineDisc: false });
    expect(codes(translate({ customers }))).toEqual([]);
    const discount = one({ ...line, amountType: "Discount", lineDiscountPercent: 5 });
    expect(codes(translate({ customers, priceListLines: discount }))).toEqual([
      ["Customer C100", "customer_without_line_discounts"],
    ]);
  });

  it.each(["Ship", "Invoice", "All"])("a customer blocked for %s is blocked", (blocked) => {
    const made = translate({ customers: one({ ...buyer, blocked }) });
    expect(record(made, "customer", "C100")).toMatchObject({ status: "blocked" });
  });

  it("two rows that make one record are both a problem", () => {
    const made = translate({
      items: rows(JSON.stringify([bolt, bolt])),
      itemVariants: [],
      priceListLines: [],
    });
    expect(codes(made)).toEqual([
      ["Item 1000", "duplicate_id"],
      ["Item 1000", "duplicate_id"],
    ]);
  });
});

describe("exchange rates", () => {
  const rate = {
    currencyCode: "USD",
    startingDate: "2026-01-01",
    exchangeRateAmount: 100,
    relationalCurrencyCode: "",
    relationalExchangeRateAmount: 92.3456,
  };
  const rates = (...changes: object[]) =>
    translate({
      currencyExchangeRates: rows(JSON.stringify(changes.map((change) => ({ ...rate, ...change })))),
    });

  it("are written in the direction in which they have an end, the same for all dates", () => {
    expect(record(rates({}), "rate", "EUR/USD@2026-01-01")).toBeUndefined();
    expect(record(rates({}), "rate", "USD/EUR@2026-01-01")).toEqual({
      type: "rate",
      id: "USD/EUR@2026-01-01",
      rate: "0.923456",
      from: "2026-01-01",
    });
    const turned = { exchangeRateAmount: 1.1, relationalExchangeRateAmount: 1 };
    expect(record(rates(turned), "rate", "EUR/USD@2026-01-01")).toMatchObject({ rate: "1.1" });
  });

  it.each([
    [[{ relationalCurrencyCode: "CHF" }, { startingDate: "2026-02-01" }], "relational_currency"],
    [[{ exchangeRateAmount: 0 }, { startingDate: "2026-02-01" }], "zero_rate"],
    [
      [
        { exchangeRateAmount: 1.1, relationalExchangeRateAmount: 1 },
        { exchangeRateAmount: 1, relationalExchangeRateAmount: 1.1, startingDate: "2026-02-01" },
      ],
      "rate_not_exact",
    ],
  ])("of a currency are all refused with %j: %s", (changes, code) => {
    const made = rates(...changes);
    expect(codes(made).map(([, found]) => found)).toEqual([code, code]);
    expect(made.records.some(({ type }) => type === "rate")).toBe(false);
  });
});

describe("prices with VAT", () => {
  const gross = { ...line, unitPrice: 12, priceIncludesVAT: true, vatBusPostingGrPrice: "DOMESTIC" };
  const header = { code: "S00001", description: "With VAT", currencyCode: "" };
  const setup = {
    vatBusPostingGroup: "DOMESTIC",
    vatProdPostingGroup: "VAT20",
    vatCalculationType: "Normal VAT",
    vatPercent: 20,
  };
  const payload = {
    priceListHeaders: one(header),
    vatPostingSetup: one(setup),
    priceListLines: one(gross),
  };

  it("stand in a gross list that everyone has", () => {
    const made = translate(payload);
    expectIntakeTakes(made);
    expect(codes(made)).toEqual([]);
    expect(record(made, "priceList", "S00001")).toMatchObject({ taxIncluded: true, currency: "EUR" });
    expect(record(made, "price", "S00001 0000010000 1000")).toMatchObject({ list: "S00001" });
    expect(record(made, "tax", "DOMESTIC/VAT20")).toMatchObject({ percent: "20" });
    expect(record(made, "policy", "default")).toMatchObject({ defaultLists: ["S00001"] });
  });

  it("of several business groups are a problem", () => {
    const other = { ...gross, lineNo: 20000, vatBusPostingGrPrice: "EXPORT" };
    const made = translate({ ...payload, priceListLines: rows(JSON.stringify([gross, other])) });
    expect(codes(made).map(([, code]) => code)).toEqual(["several_vat_groups", "several_vat_groups"]);
  });

  it("of a VAT type that can't be within a price are a problem", () => {
    const made = translate({
      ...payload,
      vatPostingSetup: one({ ...setup, vatCalculationType: "Sales Tax" }),
    });
    expect(codes(made)).toEqual([["VAT Posting Setup DOMESTIC VAT20", "unsupported_vat_type"]]);
  });

  it("are sold net", () => {
    expect(
      priced(translate(payload), { customer: "C100", sku: "1000", quantity: "3", currency: "EUR" }),
    ).toEqual(["10.00", "30.00"]);
  });
});

describe("from the payload to the price", () => {
  const made = lines(
    {},
    { sourceType: "Customer", sourceNo: "C100", unitPrice: 9.1, minimumQuantity: 10 },
    { unitOfMeasureCode: "BOX", unitPrice: 100 },
    { amountType: "Discount", assetType: "Item Discount Group", assetNo: "METAL", lineDiscountPercent: 10 },
    {
      amountType: "Discount",
      sourceType: "Customer",
      sourceNo: "C100",
      assetType: "",
      lineDiscountPercent: 4,
    },
  );
  const ask = { customer: "C100", sku: "1000", currency: "EUR" };

  it.each<[string, object, readonly [string, string]]>([
    ["the lowest line counts, less the largest discount", { quantity: "1" }, ["8.37", "8.37"]],
    ["the customer's line from its minimum on", { quantity: "10" }, ["8.19", "81.90"]],
    ["a line for the box", { quantity: "1", unit: "BOX" }, ["90.00", "90.00"]],
    ["the item's lines for a variant", { quantity: "1", sku: "1000/BLUE" }, ["8.37", "8.37"]],
    [
      "the card's price before the lines begin",
      { quantity: "1", at: "2025-06-01T00:00:00Z" },
      ["12.50", "12.50"],
    ],
  ])("%s", (_name, change, expected) => {
    expect(priced(made, { ...ask, quantity: "1", ...change })).toEqual(expected);
  });
});
