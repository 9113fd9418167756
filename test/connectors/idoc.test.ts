import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deletionsFor } from "../../control-plane/connectors/sap/deletions-for.ts";
import { readXml, XmlFault, type XmlElement } from "../../control-plane/connectors/sap/idoc-xml.ts";
import { sapOptions } from "../../control-plane/connectors/sap/options.ts";
import { sapDay } from "../../control-plane/connectors/sap/sap-text.ts";
import {
  translateConditionIDoc,
  translateConditionRecords,
} from "../../control-plane/connectors/sap/translate.ts";
import { codes, expectIntakeTakes, record } from "./support.ts";

const bolt = "000000000000000042";
const customer = "0000017100";

const options = {
  prices: ["PR00"],
  steps: { K007: 110 },
  salesArea: { salesOrganization: "1010", distributionChannel: "10" },
};

type Fields = Readonly<Record<string, string>>;

// As an XML port writes COND_A04; number fields that say nothing are zeros.
const key: Fields = {
  KVEWE: "A",
  KOTABNR: "005",
  KAPPL: "V",
  KSCHL: "PR00",
  VAKEY: `101010${customer}${bolt}`,
  VKORG: "1010",
  VTWEG: "10",
  KUNNR: customer,
  MATNR: bolt,
  EVRTP: "00000",
  POSNR: "000000",
  ANZSN: "0000000000",
  VAKEY_LONG: `101010${customer}${bolt}`,
  MATNR_LONG: bolt,
};
const period: Fields = { KNUMH: "0000101692", DATAB: "20260101", DATBI: "99991231" };
const item: Fields = {
  KSCHL: "PR00",
  STFKZ: "A",
  KSTBM: "0.000",
  KSTBW: "0.00",
  KRECH: "C",
  KBETR: "          930.00",
  KONWA: "EUR",
  KPEIN: "  100",
  KMEIN: "PCE",
  MXWRT: "0.00",
  GKWRT: "0.00",
  KBRUE: "0.00",
  VALTG: "00",
  VALDT: "00000000",
  ANZAUF: "00",
  MIKBAS: "0.000",
  MXKBAS: "0.000",
  KOMXWRT: "0.00",
  KLF_STG: "0000",
  KLF_KAL: "0000",
};
const discountKey: Fields = {
  ...key,
  KOTABNR: "007",
  KSCHL: "K007",
  VAKEY: `101010${customer}`,
  VAKEY_LONG: `101010${customer}`,
  MATNR: "",
  MATNR_LONG: "",
};
const discountItem: Fields = {
  ...item,
  KSCHL: "K007",
  KRECH: "A",
  KBETR: "5.000-",
  KONWA: "%",
  KPEIN: "0",
  KMEIN: "",
};

function segment(name: string, fields: Fields, children = ""): string {
  const texts = Object.entries(fields).filter(([, text]) => text !== "");
  return `<${name} SEGMENT="1">${texts.map(([field, text]) => `<${field}>${text}</${field}>`).join("")}${children}</${name}>`;
}

function idoc(fields: Fields, periods: string): string {
  const control = segment("EDI_DC40", { TABNAM: "EDI_DC40", DOCNUM: "0000000000116617", MESTYP: "COND_A" });
  return `<?xml version="1.0" encoding="utf-8"?><COND_A04><IDOC BEGIN="1">${control}${segment("E1KOMG", fields, periods)}</IDOC></COND_A04>`;
}

function header(fields: Fields, items: string): string {
  return segment("E1KONH", fields, items);
}

const pricePeriod = header(period, segment("E1KONP", item));
const priceIdPrefix = `PR00/005/VKORG=1010,VTWEG=10,KUNNR=${customer},MATNR=${bolt}/`;
const priceId = `${priceIdPrefix}2026-01-01/0001`;

function translated(xml: string, changes: Readonly<Record<string, unknown>> = {}) {
  const translation = translateConditionIDoc(xml, sapOptions.parse({ ...options, ...changes }));
  expectIntakeTakes(translation);
  return translation;
}

describe("a condition IDoc", () => {
  it("is the prices of its key", () => {
    const translation = translated(idoc(key, pricePeriod));
    expect(translation.problems).toEqual([]);
    expect(translation.records).toHaveLength(1);
    expect(record(translation, "price", priceId)).toEqual({
      type: "price",
      id: priceId,
      customer,
      sku: bolt,
      currency: "EUR",
      amount: "930",
      per: "100",
      unit: "PCE",
      from: "2026-01-01",
    });
  });

  it("has the ids that OData has for the same condition", () => {
    const row = {
      ConditionRecord: "0000101692",
      ConditionTable: "005",
      ConditionApplication: "V",
      ConditionType: "PR00",
      ConditionCalculationType: "C",
      ConditionRateValue: "930.000",
      ConditionRateValueUnit: "EUR",
      ConditionQuantity: "100",
      ConditionQuantityUnit: "PCE",
      PricingScaleLine: "0000",
      to_SlsPrcgCndnRecdValidity: {
        results: [
          {
            ConditionValidityStartDate: "/Date(1767225600000)/",
            ConditionValidityEndDate: "/Date(253402214400000)/",
            SalesOrganization: "1010",
            DistributionChannel: "10",
            Customer: customer,
            Material: bolt,
          },
        ],
      },
    };
    const { records } = translateConditionRecords([row], sapOptions.parse(options));
    expect(records).toEqual(translated(idoc(key, pricePeriod)).records);
  });

  it("is the rules of its key, with signs behind amounts", () => {
    const xml = idoc(discountKey, header({ ...period, DATBI: "20261231" }, segment("E1KONP", discountItem)));
    expect(translated(xml).records).toMatchObject([
      {
        type: "rule",
        rank: 110_000_000,
        who: { customers: [customer] },
        until: "2026-12-31",
        effect: { percentOff: "5" },
      },
    ]);
  });

  it("has quantity scales and value scales", () => {
    const quantities = [
      ["1.000", "930.00"],
      ["1000.000", "900.00"],
    ].map(([KSTBM = "", KBETR = ""]) => segment("E1KONM", { KSTBM, KBETR }));
    const price = { ...item, KZBZG: "C", KONMS: "PCE", KLF_STG: "0002" };
    const prices = translated(idoc(key, header(period, segment("E1KONP", price, quantities.join("")))));
    expect(prices.records).toMatchObject([
      { minQuantity: "1000", amount: "900" },
      { minQuantity: "1", amount: "930" },
    ]);
    const values = [
      ["0.00", "1.000-"],
      ["1000.00", "5.000-"],
    ].map(([KSTBW = "", KBETR = ""]) => segment("E1KONW", { KSTBW, KBETR }));
    const discount = { ...discountItem, KONWS: "EUR", KLF_STG: "0002" };
    const rules = translated(idoc(discountKey, header(period, segment("E1KONP", discount, values.join("")))));
    expect(rules.records).toMatchObject([
      { minAmount: "1000", currency: "EUR", effect: { percentOff: "5" }, rank: 110_000_000 },
      { minAmount: "0", currency: "EUR", effect: { percentOff: "1" }, rank: 110_000_001 },
    ]);
  });

  it("takes a key whose values are filled up with blanks in VAKEY", () => {
    const short = { ...key, KUNNR: "K1", VAKEY: `101010K1        ${bolt}`, VAKEY_LONG: "" };
    expect(translated(idoc(short, pricePeriod)).records).toMatchObject([{ customer: "K1" }]);
  });

  it("takes the long material number for the short one", () => {
    const long = "A-MATERIAL-OF-MORE-THAN-18-CHARACTERS";
    const both = {
      ...key,
      MATNR: "A-MATERIAL-OF-MORE",
      MATNR_LONG: long,
      VAKEY_LONG: `101010${customer}${long}`,
    };
    expect(translated(idoc(both, pricePeriod)).records).toMatchObject([{ sku: long }]);
  });
});

describe("an IDoc has all there is of its key, so that", () => {
  const later = header(
    { KNUMH: "0000101700", DATAB: "20270101", DATBI: "99991231" },
    segment("E1KONP", { ...item, KBETR: "950.00" }),
  );
  const known = ["2025-01-01/0001", "2026-01-01/0001", "2027-01-01/0001"].map((end) => ({
    type: "price" as const,
    id: `${priceIdPrefix}${end}`,
  }));
  const ofAnother = {
    type: "price" as const,
    id: `${priceIdPrefix.replace(customer, "0000017101")}2025-01-01/0001`,
  };

  it("periods that it doesn't name are gone, and other keys are not", () => {
    const translation = translated(idoc(key, pricePeriod + later));
    expect(translation.replaces).toMatchObject([
      { type: "price", idPrefix: priceIdPrefix, customer, sku: bolt },
    ]);
    expect(deletionsFor([...known, ofAnother], translation)).toEqual([
      { type: "price", id: `${priceIdPrefix}2025-01-01/0001`, op: "delete" },
    ]);
  });

  it("all periods are gone when it names none, or only deleted ones", () => {
    const deleted = header(period, segment("E1KONP", { ...item, LOEVM_KO: "X" }));
    for (const periods of ["", deleted]) {
      const translation = translated(idoc(key, periods));
      expect([translation.records, translation.problems]).toEqual([[], []]);
      expect(deletionsFor([...known, ofAnother], translation).map(({ id }) => id)).toEqual(
        known.map(({ id }) => id),
      );
    }
  });

  it("nothing is gone of a key with a problem", () => {
    const odd = header({ ...period, DATAB: "20270101" }, segment("E1KONP", { ...item, KRECH: "G" }));
    const translation = translated(idoc(key, pricePeriod + odd));
    expect(codes(translation)).toHaveLength(1);
    expect(translation.records).toHaveLength(1);
    expect(deletionsFor(known, translation)).toEqual([]);
  });

  it("one of records that are not released says nothing of those that are", () => {
    const translation = translated(idoc({ ...key, KFRST: "A" }, pricePeriod));
    expect([translation.records, translation.problems, deletionsFor(known, translation)]).toEqual([
      [],
      [],
      [],
    ]);
  });
});

describe("what no record can say is a problem under the IDoc's and the record's number:", () => {
  const one = "IDoc 0000000000116617 condition record 0000101692";
  const ofKey = `IDoc 0000000000116617 key PR00 101010${customer}${bolt}`;
  const line = segment("E1KONM", { KSTBM: "10.000", KBETR: "9.00" });

  it.each([
    ["malformed_xml", "IDoc", "<COND_A04><IDOC></COND_A04>"],
    ["not_a_condition_idoc", "IDoc", "<ORDERS05><IDOC BEGIN='1'/></ORDERS05>"],
    ["usage_unsupported", ofKey, idoc({ ...key, KVEWE: "E" }, pricePeriod)],
    ["application_unsupported", one, idoc({ ...key, KAPPL: "M" }, pricePeriod)],
    ["condition_type_undeclared", one.replace("PR00", "ZXYZ"), idoc({ ...key, KSCHL: "ZXYZ" }, pricePeriod)],
    ["key_field_unsupported", one, idoc({ ...key, WERKS: "1710" }, pricePeriod)],
    ["key_field_unsupported", one, idoc({ ...key, TAXK1: "0" }, pricePeriod)],
    [
      "condition_supplement",
      one,
      idoc(key, header(period, segment("E1KONP", item) + segment("E1KONP", discountItem))),
    ],
    ["limited_by_use", one, idoc(key, header(period, segment("E1KONP", { ...item, ANZAUF: "03" })))],
    ["limited_by_use", one, idoc(key, header(period, segment("E1KONP", { ...item, KOMXWRT: "100.00" })))],
    [
      "calculation_type_unsupported",
      one,
      idoc(key, header(period, segment("E1KONP", { ...item, KRECH: "B" }))),
    ],
    [
      "exclusion_indicator_undeclared",
      one,
      idoc(key, header(period, segment("E1KONP", { ...item, KZNEP: "X" }))),
    ],
    [
      "scale_basis_unsupported",
      one,
      idoc(key, header(period, segment("E1KONP", { ...item, KZBZG: "D" }, line))),
    ],
    ["scales_missing", one, idoc(key, header(period, segment("E1KONP", { ...item, KLF_STG: "0002" })))],
    ["scale_unit_differs", one, idoc(key, header(period, segment("E1KONP", { ...item, KONMS: "CT" }, line)))],
    ["invalid_date", one, idoc(key, header({ ...period, DATAB: "2026-1-1" }, segment("E1KONP", item)))],
    ["invalid_date", one, idoc(key, header({ ...period, DATAB: "20260230" }, segment("E1KONP", item)))],
    ["missing_field", one, idoc(key, header({ ...period, DATBI: "" }, segment("E1KONP", item)))],
    ["missing_field", one, idoc(key, header(period, segment("E1KONP", { ...item, KBETR: "" })))],
    ["missing_field", one, idoc(key, header(period, ""))],
    ["not_a_decimal", one, idoc(key, header(period, segment("E1KONP", { ...item, KBETR: "1,5" })))],
    ["not_a_decimal", one, idoc(key, header(period, segment("E1KONP", { ...item, KPEIN: "x" })))],
  ])("%s", (code, source, xml) => {
    const translation = translated(xml);
    expect(codes(translation)).toEqual([[source, code]]);
    expect([translation.records, translation.replaces]).toEqual([[], []]);
  });

  it("key fields of a company's own, which only VAKEY has", () => {
    const own = { ...key, VAKEY_LONG: `101010${customer}Z1${bolt}` };
    const [problem] = translated(idoc(own, pricePeriod)).problems;
    expect(problem).toMatchObject({ code: "key_incomplete", source: ofKey.replace(bolt, `Z1${bolt}`) });
  });

  it("a key that is made up to be puzzled over", () => {
    const fields = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [`Z${index}`, "1".repeat(index + 1)]),
    );
    const made = { ...key, ...fields, VAKEY_LONG: `${"1".repeat(400)}2` };
    expect(codes(translated(idoc(made, pricePeriod))).map(([, code]) => code)).toEqual(["key_incomplete"]);
  });
});

describe("XML", () => {
  const name = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,8}$/);
  const text = fc.string({
    unit: fc.constantFrom("a", "&", "<", ">", '"', "é", "😀", " ", "]"),
    maxLength: 8,
  });
  const leaf = fc.record({ name, text, children: fc.constant<readonly XmlElement[]>([]) });
  const { element } = fc.letrec<{ element: XmlElement }>((tie) => ({
    element: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.record({ name, text, children: fc.array(tie("element"), { maxLength: 3 }) }),
    ),
  }));

  function written({ name, text, children }: XmlElement): string {
    const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&#60;").replaceAll(">", "&#x3E;");
    return `<${name} A='1' B="&amp;>"><!-- - -- ?> -->${escaped}<?pi x?>${children.map(written).join("")}</${name}\n>`;
  }

  it("is read as it was written", () => {
    fc.assert(
      fc.property(element, (given) => {
        expect(readXml(`\uFEFF<?xml version="1.0"?>\n${written(given)}\n`)).toEqual(given);
      }),
    );
  });

  it("takes CDATA as it stands, and an element without an end tag as empty", () => {
    expect(readXml("<A><![CDATA[<&]] >]]><B/></A>")).toEqual({
      name: "A",
      text: "<&]] >",
      children: [{ name: "B", text: "", children: [] }],
    });
  });

  it.each([
    "",
    "text",
    "<A>",
    "<A></B>",
    "</A>",
    "<A/><B/>",
    "<A/>text",
    "<A",
    "<A B=1/>",
    "<A>&own;</A>",
    "<A>&</A>",
    "<A>&#0;</A>",
    "<A>&#xD800;</A>",
    "<A>&#1114112;</A>",
    '<!DOCTYPE A [<!ENTITY own "x">]><A>&own;</A>',
    "<A><!-- </A>",
    "<A>".repeat(40) + "</A>".repeat(40),
  ])("is not %j", (given) => {
    expect(readXml(given)).toBeInstanceOf(XmlFault);
  });

  it("is read or refused in time, whatever it is", () => {
    const long = 200_000;
    for (const given of ["<!--", "<A ", "<", "<![CDATA[", "<?", "&", '<A B="', "<A>", "-->"]) {
      expect(readXml(given.repeat(long / given.length))).toBeInstanceOf(XmlFault);
    }
    expect(readXml(`<!--${"-".repeat(long)}`)).toBeInstanceOf(XmlFault);
    expect(readXml(`<A${" B='1'".repeat(long / 6)}`)).toBeInstanceOf(XmlFault);
  });
});

it("a day of an IDoc is a day, or open", () => {
  expect(["20260131", "00000000", "99991231", "", "00010101"].map(sapDay)).toEqual([
    "2026-01-31",
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect(["2026-01-31", "260131", "2026013", "today"].map(sapDay)).toEqual([null, null, null, null]);
});
