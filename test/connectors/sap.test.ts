import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readODataPages } from "../../control-plane/connectors/odata-pages.ts";
import { deletionsFor } from "../../control-plane/connectors/sap/deletions-for.ts";
import { sapOptions } from "../../control-plane/connectors/sap/options.ts";
import { sapDecimal } from "../../control-plane/connectors/sap/sap-text.ts";
import { translateConditionRecords } from "../../control-plane/connectors/sap/translate.ts";
import { parseExactJson } from "../../shared/api/exact-json.ts";
import { formatDecimal } from "../../shared/pricing/rounding.ts";
import { codes, expectIntakeTakes, priced, record } from "./support.ts";

const bolt = "000000000000000042";
const customer = "0000017100";

const options = {
  prices: ["PR00", "ZPR9"],
  steps: { K005: 100, K007: 110, ZPR9: 50, ZPLT: 120 },
  salesArea: { salesOrganization: "1010", distributionChannel: "10" },
};

// As A_SlsPrcgConditionRecord answers in version 2 with its navigations expanded.
const validity = {
  __metadata: { type: "API_SLSPRICINGCONDITIONRECORD_SRV.A_SlsPrcgCndnRecdValidityType" },
  ConditionRecord: "0000012345",
  ConditionValidityStartDate: "/Date(1767225600000)/",
  ConditionValidityEndDate: "/Date(253402214400000)/",
  ConditionApplication: "V",
  ConditionType: "PR00",
  ConditionReleaseStatus: "",
  SalesDocumentItem: "000000",
  Personnel: "00000000",
  CustomerPriceGroup: "",
  PriceListType: "",
  Customer: customer,
  SoldToParty: "",
  BPForCustomer: "17100",
  Material: bolt,
  SalesOrganization: "1010",
  DistributionChannel: "10",
  ConditionIsExclusive: false,
  PricingDate: null,
  ETag: "",
  to_SlsPrcgConditionRecord: { __deferred: { uri: "https://erp.test/record" } },
};
const price = {
  ConditionRecord: "0000012345",
  ConditionSequentialNumber: "01",
  ConditionTable: "005",
  ConditionApplication: "V",
  ConditionType: "PR00",
  PricingScaleType: "A",
  PricingScaleBasis: "",
  ConditionScaleQuantity: "0.000",
  ConditionScaleQuantityUnit: "",
  ConditionScaleAmount: "0.000",
  ConditionScaleAmountCurrency: "",
  ConditionCalculationType: "C",
  ConditionRateValue: "930.000",
  ConditionRateValueUnit: "EUR",
  ConditionRateRatio: "0.000000000",
  ConditionRateRatioUnit: "",
  ConditionRateAmount: "930.000000000",
  ConditionCurrency: "EUR",
  ConditionQuantity: "100",
  ConditionQuantityUnit: "PC",
  ConditionExclusion: "",
  ConditionIsDeleted: false,
  CndnMaxNumberOfSalesOrders: "00",
  MinimumConditionBasisValue: "0.000",
  MaximumConditionBasisValue: "0.000",
  MaximumConditionAmount: "0.000",
  IncrementalScale: "0000",
  PricingScaleLine: "0000",
  ConditionReleaseStatus: "",
  to_SlsPrcgCndnRecdValidity: { results: [validity] },
  to_SlsPrcgCndnRecordScale: { results: [] },
  to_SlsPrcgCndnRecdSuplmnt: { __deferred: { uri: "https://erp.test/supplements" } },
};
const priceId = `PR00/005/VKORG=1010,VTWEG=10,KUNNR=${customer},MATNR=${bolt}/2026-01-01/0001`;

const discount = {
  ...price,
  ConditionRecord: "0000012346",
  ConditionTable: "007",
  ConditionType: "K007",
  ConditionCalculationType: "A",
  ConditionRateValue: "5.000-",
  ConditionRateValueUnit: "%",
  ConditionRateAmount: "0.000000000",
  ConditionCurrency: "",
  ConditionRateRatio: "5.000000000-",
  ConditionRateRatioUnit: "%",
  ConditionQuantity: "0",
  ConditionQuantityUnit: "",
  to_SlsPrcgCndnRecdValidity: { results: [{ ...validity, Material: "" }] },
};
const discountId = `K007/007/VKORG=1010,VTWEG=10,KUNNR=${customer}/2026-01-01`;

type Fields = Readonly<Record<string, unknown>>;

/** A record whose key has these fields instead of customer and material. */
function keyed(record: Fields, key: Fields): Fields {
  return {
    ...record,
    to_SlsPrcgCndnRecdValidity: { results: [{ ...validity, Customer: "", Material: "", ...key }] },
  };
}

/** A record with lines of a scale, each a bound and a rate. */
function scaled(
  record: Fields,
  type: string,
  basis: string,
  lines: readonly (readonly [string, string])[],
): Fields {
  const bound = basis === "B" ? "ConditionScaleAmount" : "ConditionScaleQuantity";
  const results = lines.map(([at, rate], index) => ({
    ConditionRecord: record["ConditionRecord"],
    ConditionSequentialNumber: "01",
    ConditionScaleLine: String(index + 1).padStart(4, "0"),
    [bound]: at,
    ConditionScaleQuantityUnit: basis === "C" ? "PC" : "",
    ConditionScaleAmountCurrency: basis === "B" ? "EUR" : "",
    ConditionRateValue: rate,
    ConditionRateValueUnit: record["ConditionRateValueUnit"],
  }));
  return {
    ...record,
    PricingScaleType: type,
    PricingScaleBasis: basis,
    PricingScaleLine: String(lines.length).padStart(4, "0"),
    to_SlsPrcgCndnRecordScale: { results },
  };
}

function translated(records: readonly Fields[], changes: Fields = {}, scaleRows?: readonly Fields[]) {
  const given = sapOptions.parse({ ...options, ...changes });
  // Over the wire, since numbers must arrive with their source text.
  const rows = (values: readonly Fields[]) => parseExactJson(JSON.stringify(values)) as readonly unknown[];
  const translation = translateConditionRecords(
    rows(records),
    given,
    scaleRows === undefined ? undefined : rows(scaleRows),
  );
  expectIntakeTakes(translation);
  return translation;
}

async function sapPrice(records: readonly Fields[], quantity: string, changes: Fields = {}) {
  const translation = translated(records, changes);
  expect(translation.problems).toEqual([]);
  return priced(
    {
      problems: [],
      records: [
        { type: "product", id: bolt, name: "Bolt", unit: "PC" },
        { type: "customer", id: customer, name: "C", groups: ["G1"], lists: ["P1"] },
        { type: "priceList", id: "P1", currency: "EUR" },
        { type: "policy", id: "default", preset: "sap" },
        ...translation.records,
      ],
    },
    { customer, sku: bolt, quantity, currency: "EUR" },
  );
}

describe("a condition of the base price", () => {
  it("is the customer's price per condition quantity, under ids as SAP has them", () => {
    const translation = translated([price]);
    expect(translation.problems).toEqual([]);
    expect(record(translation, "price", priceId)).toEqual({
      type: "price",
      id: priceId,
      customer,
      sku: bolt,
      currency: "EUR",
      amount: "930",
      per: "100",
      unit: "PC",
      from: "2026-01-01",
    });
  });

  it.each([
    [{ PriceListType: "P1", TransactionCurrency: "EUR" }, { list: "P1" }],
    [{ CustomerPriceGroup: "G1" }, { group: "G1" }],
    [{ SoldToParty: customer }, { customer }],
    [{ CustomerHierarchy: "0000009000" }, { customer: "0000009000" }],
    [{}, {}],
    [
      { PriceListType: "P1", CustomerPriceGroup: "G1" },
      { list: "P1", who: { groups: ["G1"] } },
    ],
    [{ CustomerGroup: "01" }, { who: { attributes: { CustomerGroup: "01" } } }],
  ])("is for whom its key says: %j", (key, owner) => {
    const { records, problems } = translated([keyed(price, { Material: bolt, ...key })]);
    expect(problems).toEqual([]);
    const { customer: c, list, group, who } = JSON.parse(JSON.stringify(records[0]));
    expect(JSON.parse(JSON.stringify({ customer: c, list, group, who }))).toEqual(owner);
  });

  it("has an end where its validity has one, and no beginning where that is initial", () => {
    const ended = keyed(price, {
      Material: bolt,
      ConditionValidityStartDate: null,
      ConditionValidityEndDate: "/Date(1798675200000)/",
    });
    expect(translated([ended]).records[0]).toMatchObject({ from: undefined, until: "2026-12-31" });
  });

  it("is read for each of its validities", () => {
    const twice = {
      ...price,
      to_SlsPrcgCndnRecdValidity: {
        results: [validity, { ...validity, ConditionValidityStartDate: "/Date(1798761600000)/" }],
      },
    };
    expect(translated([twice]).records.map(({ id }) => id.slice(-15))).toEqual([
      "2026-01-01/0001",
      "2027-01-01/0001",
    ]);
  });

  it("is read of validities with their records expanded as well", () => {
    const { to_SlsPrcgCndnRecdValidity: _, ...bare } = price;
    const fromValidity = translated([{ ...validity, to_SlsPrcgConditionRecord: bare }]);
    expect(fromValidity.records).toEqual(translated([price]).records);
  });

  it("is read of version 4, where decimals are numbers and days are plain", () => {
    const json = `[{"@odata.etag": "W/1", "ConditionRecord": "0000012345", "ConditionTable": "005",
      "ConditionApplication": "V", "ConditionType": "PR00", "ConditionCalculationType": "C",
      "ConditionRateAmount": 930.000000000, "ConditionCurrency": "EUR", "ConditionQuantity": 100,
      "ConditionQuantityUnit": "PC", "ConditionIsDeleted": "", "PricingScaleLine": "0000",
      "_SlsPrcgCndnRecdValidity": [{"ConditionRecord": "0000012345", "ConditionValidityStartDate": "2026-01-01",
        "ConditionValidityEndDate": "9999-12-31", "Customer": "${customer}", "Material": "${bolt}",
        "SalesOrganization": "1010", "DistributionChannel": "10"}]}]`;
    const rows = parseExactJson(json) as readonly unknown[];
    expect(translateConditionRecords(rows, sapOptions.parse(options)).records).toEqual(
      translated([price]).records,
    );
  });

  it("takes the longer rate when the shorter is the same rounded", () => {
    const fine = { ...price, ConditionRateValue: "0.013", ConditionRateAmount: "0.012500000" };
    expect(translated([fine]).records[0]).toMatchObject({ amount: "0.0125" });
  });

  it("keeps discounts away where it has the exclusion indicator and they respect it", async () => {
    const net = { ...price, ConditionExclusion: "X" };
    expect(await sapPrice([net, discount], "100", { exclusionIndicator: "respected" })).toEqual([
      "930.00",
      "930.00",
    ]);
    expect(await sapPrice([net, discount], "100", { exclusionIndicator: "ignored" })).toEqual([
      "883.50",
      "883.50",
    ]);
  });

  it("has its units by the products' words where they differ", () => {
    expect(translated([price], { units: { PC: "PCE" } }).records[0]).toMatchObject({ unit: "PCE" });
  });

  it("is for the channels of its sales area", () => {
    const channels = {
      salesArea: undefined,
      channels: {
        web: { salesOrganization: "1010", distributionChannel: "10" },
        phone: { salesOrganization: "1010", distributionChannel: "20" },
      },
    };
    expect(translated([price], channels).records[0]).toMatchObject({ who: { channels: ["web"] } });
    const everyChannel = keyed(price, { Material: bolt, DistributionChannel: "" });
    expect(translated([everyChannel], channels).records[0]).toMatchObject({
      who: { channels: ["web", "phone"] },
    });
  });
});

describe("a scale", () => {
  const perPiece = {
    ...price,
    ConditionQuantity: "1",
    ConditionRateValue: "10.000",
    ConditionRateAmount: null,
  };

  it("from a quantity gives the price of the last line reached", async () => {
    const from = scaled(perPiece, "A", "C", [
      ["1.000", "10.000"],
      ["10.000", "9.000"],
      ["100.000", "8.000"],
    ]);
    expect(await sapPrice([from], "9.999")).toEqual(["10.00", "99.99"]);
    expect(await sapPrice([from], "10")).toEqual(["9.00", "90.00"]);
    expect(await sapPrice([from], "100")).toEqual(["8.00", "800.00"]);
  });

  it("to a quantity gives the price of the first line not passed, and none above the last", async () => {
    const to = scaled(perPiece, "B", "C", [
      ["100.000", "8.000"],
      ["10.000", "9.000"],
    ]);
    expect(await sapPrice([to], "10")).toEqual(["9.00", "90.00"]);
    expect(await sapPrice([to], "10.0001")).toEqual(["8.00", "80.00"]);
    expect(await sapPrice([to], "100.5")).toBe("no_price");
  });

  it("graduated to intervals prices each part by its own line", async () => {
    const graduated = scaled(perPiece, "D", "C", [
      ["10.000", "10.000"],
      ["50.000", "9.000"],
      ["999999.000", "8.000"],
    ]);
    expect(await sapPrice([graduated], "10")).toEqual(["10.00", "100.00"]);
    expect((await sapPrice([graduated], "60"))[1]).toBe("540.00");
  });

  it("of a discount by quantity takes the last line reached and no other", async () => {
    const byQuantity = scaled(discount, "A", "C", [
      ["1.000", "1.000-"],
      ["10.000", "5.000-"],
      ["100.000", "10.000-"],
    ]);
    expect(await sapPrice([perPiece, byQuantity], "10")).toEqual(["9.50", "95.00"]);
    expect(await sapPrice([perPiece, byQuantity], "100")).toEqual(["9.00", "900.00"]);
  });

  it("of a discount to a quantity takes the first line not passed", async () => {
    const upTo = scaled(discount, "B", "C", [
      ["10.000", "1.000-"],
      ["100.000", "5.000-"],
    ]);
    expect(await sapPrice([perPiece, upTo], "10")).toEqual(["9.90", "99.00"]);
    expect(await sapPrice([perPiece, upTo], "11")).toEqual(["9.50", "104.50"]);
  });

  it("of a discount by value bounds the goods value", async () => {
    const byValue = scaled(discount, "A", "B", [
      ["0.000", "1.000-"],
      ["1000.000", "5.000-"],
    ]);
    expect(await sapPrice([perPiece, byValue], "99")).toEqual(["9.90", "980.10"]);
    expect(await sapPrice([perPiece, byValue], "100")).toEqual(["9.50", "950.00"]);
  });

  it("that was asked for apart is joined by record and sequential number", () => {
    const inline = scaled(perPiece, "A", "C", [
      ["1.000", "10.000"],
      ["10.000", "9.000"],
    ]);
    const { results } = inline["to_SlsPrcgCndnRecordScale"] as { readonly results: readonly Fields[] };
    const apart = {
      ...inline,
      to_SlsPrcgCndnRecordScale: { __deferred: { uri: "https://erp.test/scales" } },
    };
    const ofSupplement = { ...results[0], ConditionSequentialNumber: "02", ConditionScaleQuantity: "5.000" };
    expect(translated([apart], {}, [...results, ofSupplement]).records).toEqual(translated([inline]).records);
  });
});

describe("a condition of a later step", () => {
  const perPiece = {
    ...price,
    ConditionQuantity: "1",
    ConditionRateValue: "10.000",
    ConditionRateAmount: null,
  };

  it("is a rule of its type, ranked by its step", () => {
    const translation = translated([discount]);
    expect(translation.problems).toEqual([]);
    expect(record(translation, "rule", `${discountId}/0001`)).toEqual({
      type: "rule",
      id: `${discountId}/0001`,
      rank: 110_000_000,
      who: { customers: [customer] },
      from: "2026-01-01",
      effect: { percentOff: "5" },
      conditionType: "K007",
    });
  });

  it("is about what its key says", () => {
    const key = {
      MaterialGroup: "TOOLS",
      MaterialPricingGroup: "01",
      CustomerPriceGroup: "G1",
      PriceListType: "P1",
    };
    expect(translated([keyed(discount, key)]).records[0]).toMatchObject({
      list: "P1",
      who: { groups: ["G1"] },
      what: { categories: ["TOOLS"], attributes: { MaterialPricingGroup: "01" } },
    });
  });

  it("adds a percentage above zero, and counts on the base price where its reference step is that", () => {
    const surcharge = { ...discount, ConditionRateValue: "2.500", ConditionRateRatio: null };
    expect(translated([surcharge], { onBase: ["K007"] }).records[0]).toMatchObject({
      effect: { percentMarkup: "2.5", on: "base" },
    });
  });

  it("takes off or adds an amount for one unit", () => {
    const amount = {
      ...price,
      ConditionType: "K005",
      ConditionRateValue: "-25.000",
      ConditionRateAmount: null,
    };
    expect(translated([amount]).records[0]).toMatchObject({
      effect: { amountOff: "0.25", currency: "EUR" },
      unit: "PC",
    });
    expect(translated([{ ...amount, ConditionRateValue: "25.000" }]).records[0]).toMatchObject({
      effect: { amountMarkup: "0.25", currency: "EUR" },
    });
  });

  it("replaces the price where it is one itself", async () => {
    const special = {
      ...perPiece,
      ConditionRecord: "0000012399",
      ConditionType: "ZPR9",
      ConditionRateValue: "7.000",
    };
    expect(await sapPrice([perPiece, special, discount], "1")).toEqual(["6.65", "6.65"]);
  });

  it("is chosen in its type by the order of the access sequence", async () => {
    const forAll = keyed(
      {
        ...discount,
        ConditionRecord: "0000012347",
        ConditionTable: "004",
        ConditionRateValue: "9.000-",
        ConditionRateRatio: "-9",
      },
      { Material: bolt },
    );
    expect(
      await sapPrice([perPiece, forAll, discount], "10", { accesses: { K007: ["007", "004"] } }),
    ).toEqual(["9.50", "95.00"]);
    expect(
      await sapPrice([perPiece, forAll, discount], "10", { accesses: { K007: ["004", "007"] } }),
    ).toEqual(["9.10", "91.00"]);
  });
});

describe("what SAP passes over", () => {
  it.each([
    ["the deletion indicator", { ConditionIsDeleted: true }],
    ["a release status", { ConditionReleaseStatus: "A" }],
  ])("by %s is no record, and takes away the one that was", (_name, field) => {
    const translation = translated([{ ...price, ...field }]);
    expect([translation.records, translation.problems]).toEqual([[], []]);
    const another = priceId.replace(customer, "0000017999");
    const known = [priceId, another].map((id) => ({ type: "price" as const, id }));
    expect(deletionsFor(known, translation)).toEqual([{ type: "price", id: priceId, op: "delete" }]);
  });

  it("takes away the lines that a scale no longer has", () => {
    const known = ["0001", "0002"].map((line) => ({ type: "rule" as const, id: `${discountId}/${line}` }));
    expect(deletionsFor(known, translated([discount]))).toEqual([
      { type: "rule", id: `${discountId}/0002`, op: "delete" },
    ]);
  });
});

describe("what no record can say is a problem under the condition record's number:", () => {
  it.each<[code: string, record: Fields, options?: Fields]>([
    ["application_unsupported", { ...price, ConditionApplication: "M" }],
    ["condition_type_undeclared", { ...price, ConditionType: "ZXYZ" }],
    ["group_condition", discount, { group: ["K007"] }],
    ["statistical_condition", discount, { statistical: ["K007"] }],
    ["calculation_type_unsupported", { ...price, ConditionCalculationType: "B" }],
    ["calculation_type_unsupported", { ...discount, ConditionCalculationType: "D" }],
    ["calculation_type_unsupported", { ...discount, ConditionCalculationType: "G" }],
    ["calculation_type_unsupported", { ...price, ConditionCalculationType: "A" }],
    ["rate_unit_unsupported", { ...discount, ConditionCalculationType: "C" }],
    ["limited_by_use", { ...discount, CndnMaxNumberOfSalesOrders: "03" }],
    ["limited_by_use", { ...discount, MaximumConditionAmount: "1000.000" }],
    ["limited_by_use", { ...discount, MaximumConditionBasisValue: "100.000" }],
    [
      "condition_supplement",
      { ...price, to_SlsPrcgCndnRecdSuplmnt: { results: [{ ConditionType: "K005" }] } },
    ],
    ["exclusion_indicator_undeclared", { ...price, ConditionExclusion: "X" }],
    ["exclusion_indicator_unsupported", { ...price, ConditionExclusion: "A" }],
    ["key_field_unsupported", keyed(price, { Material: bolt, Plant: "1710" })],
    ["key_field_unsupported", keyed(price, { Material: bolt, CustomerTaxClassification1: "0" })],
    ["key_field_unsupported", keyed(discount, { Material: bolt, OrderQuantityUnit: "PC" })],
    [
      "key_combination_unsupported",
      keyed(price, { Material: bolt, Customer: customer, SoldToParty: customer }),
    ],
    [
      "key_combination_unsupported",
      keyed(price, { Material: bolt, Customer: customer, PriceListType: "P1" }),
    ],
    ["key_combination_unsupported", keyed(price, { Material: bolt, MaterialGroup: "TOOLS" })],
    ["key_combination_unsupported", keyed(discount, { MaterialGroup: "TOOLS", ProductHierarchyNode: "N1" })],
    ["sales_area_undeclared", keyed(price, { Material: bolt, SalesOrganization: "2020" })],
    ["sales_area_undeclared", price, { salesArea: undefined }],
    ["price_without_material", keyed(price, { Customer: customer })],
    ["key_currency_differs", keyed(price, { Material: bolt, TransactionCurrency: "USD" })],
    ["key_unit_differs", keyed(price, { Material: bolt, OrderQuantityUnit: "CT" })],
    ["table_undeclared", discount, { accesses: { K007: ["030"] } }],
    ["scales_missing", { ...price, PricingScaleLine: "0002" }],
    [
      "scales_missing",
      {
        ...price,
        PricingScaleLine: "",
        PricingScaleBasis: "C",
        to_SlsPrcgCndnRecordScale: { __deferred: {} },
      },
    ],
    ["scale_basis_unsupported", scaled(price, "A", "D", [["1.000", "9.000"]])],
    ["scale_basis_unsupported", scaled(price, "A", "F", [["1.000", "9.000"]])],
    ["scale_basis_unsupported", scaled(price, "A", "G", [["1.000", "9.000"]])],
    ["scale_type_unsupported", scaled(price, "C", "C", [["1.000", "9.000"]])],
    ["scale_unit_differs", { ...scaled(price, "A", "C", [["1.000", "9.000"]]), ConditionQuantityUnit: "CT" }],
    [
      "conflicting_scale_lines",
      scaled(price, "A", "C", [
        ["1.000", "9.000"],
        ["1.000", "8.000"],
      ]),
    ],
    ["conflicting_scale_lines", scaled(price, "B", "C", [["0.000", "9.000"]])],
    ["value_scale_on_price", scaled(price, "A", "B", [["1.000", "9.000"]])],
    ["graduated_rule", scaled(discount, "D", "C", [["1.000", "9.000-"]])],
    [
      "amount_not_exact",
      {
        ...price,
        ConditionType: "K005",
        ConditionRateValue: "1.000-",
        ConditionRateAmount: null,
        ConditionQuantity: "3",
      },
    ],
    ["rate_conflict", { ...price, ConditionRateAmount: "93000.000000000" }],
    ["missing_field", { ...price, ConditionTable: "" }],
    ["missing_field", { ...price, ConditionRateValue: null, ConditionRateAmount: null }],
    ["not_a_decimal", { ...price, ConditionRateValue: "1.234,50" }],
    ["not_a_decimal", { ...price, ConditionRateValue: "-5.000-" }],
    ["invalid_date", keyed(price, { Material: bolt, ConditionValidityStartDate: "/Date(1767225600001)/" })],
    ["invalid_date", keyed(price, { Material: bolt, ConditionValidityStartDate: "01.01.2026" })],
    ["not_expanded", { ...price, to_SlsPrcgCndnRecdValidity: { __deferred: {} } }],
    // What intake itself refuses.
    ["zero_price", { ...price, ConditionRateValue: "0.000", ConditionRateAmount: null }],
    ["negative_price", { ...price, ConditionRateValue: "9.000-", ConditionRateAmount: null }],
    ["invalid_currency", { ...price, ConditionRateValueUnit: "DEM" }],
    ["percent_out_of_range", { ...discount, ConditionRateValue: "150.000-", ConditionRateRatio: null }],
  ])("%s", (code, given, changes) => {
    const translation = translated([given], changes);
    expect(codes(translation)).toEqual([[`condition record ${String(given["ConditionRecord"])}`, code]]);
    expect([translation.records, translation.replaces]).toEqual([[], []]);
  });

  it("numbers read without their source text", () => {
    const row = { ...price, ConditionRateValue: 930 };
    expect(codes(translateConditionRecords([row], sapOptions.parse(options)))).toEqual([
      ["condition record 0000012345", "inexact_number"],
    ]);
  });

  it("two tables of a type whose order is not declared", () => {
    const forAll = keyed({ ...discount, ConditionTable: "004" }, { Material: bolt });
    expect(codes(translated([discount, forAll])).map(([, code]) => code)).toEqual([
      "access_sequence_undeclared",
      "access_sequence_undeclared",
    ]);
  });

  it("two tables with a price of one customer for one material", () => {
    const narrower = {
      ...keyed(
        { ...price, ConditionTable: "909" },
        { Customer: customer, Material: bolt, CustomerGroup: "01" },
      ),
    };
    expect(codes(translated([price, narrower])).map(([, code]) => code)).toEqual([
      "access_sequence_undeclared",
      "access_sequence_undeclared",
    ]);
  });

  it("options that name two base prices, or a sales area and channels", () => {
    expect(sapOptions.safeParse({ ...options, prices: ["PR00", "PPR0"] }).success).toBe(false);
    expect(sapOptions.safeParse({ ...options, channels: {} }).success).toBe(false);
  });
});

describe("a number as SAP writes it", () => {
  it("is what it says, with its sign before or behind", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }),
        fc.integer({ min: 0, max: 9 }),
        fc.boolean(),
        fc.nat({ max: 5 }),
        (digits, places, isBehind, padding) => {
          const plain = formatDecimal(digits, places, 0);
          const unsigned = formatDecimal(digits < 0n ? -digits : digits, places, places);
          const sign = digits < 0n ? "-" : "";
          const written = isBehind ? `${unsigned}${sign}` : `${sign}${unsigned}`;
          expect(sapDecimal(`${" ".repeat(padding)}${written} `)).toBe(plain);
        },
      ),
    );
  });

  it.each(["", " ", "-", "1,5", "1.234,5", "1.", ".5", "1e5", "0x1", "-1-", "1 000", "*", "١"])(
    "is not %j",
    (text) => {
      expect(sapDecimal(text)).toBe(undefined);
    },
  );
});

it("pages of version 2 are followed by their __next, within their origin", async () => {
  const pages = new Map([
    [
      "https://erp.test/A?$format=json",
      { d: { results: [price], __next: "https://erp.test/A?$skiptoken=1" } },
    ],
    ["https://erp.test/A?$skiptoken=1", { d: { results: [discount] } }],
  ]);
  const source = {
    url: "https://erp.test/A?$format=json",
    headers: {},
    fetch: async (url: string) => Response.json(pages.get(url)),
    sleep: async () => {},
  };
  const rows: unknown[] = [];
  for await (const page of readODataPages(source)) rows.push(...page);
  const translation = translateConditionRecords(rows, sapOptions.parse(options));
  expect(translation.records.map(({ type }) => type)).toEqual(["price", "rule"]);
});
