import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decimalOf } from "../../control-plane/connectors/csv/decimal-text.ts";
import { csvMapping } from "../../control-plane/connectors/csv/mapping.ts";
import { readCsv } from "../../control-plane/connectors/csv/read-csv.ts";
import type { CsvRow } from "../../control-plane/connectors/csv/row-reader.ts";
import { translateCsv } from "../../control-plane/connectors/csv/translate.ts";
import { formatDecimal } from "../../shared/pricing/rounding.ts";
import { codes, expectIntakeTakes, record } from "./support.ts";

const listPrices = {
  type: "price",
  separator: ";",
  decimals: { point: ",", group: "." },
  dates: "dd.mm.yyyy",
  id: { template: "{Liste}/{Artikel}/{ab|1}" },
  fields: {
    list: { column: "Liste", required: true },
    sku: { column: "Artikel", required: true },
    currency: { constant: "EUR" },
    amount: { column: "Preis", as: "decimal", required: true },
    unit: { column: "ME", words: { Stk: "PCE", Ktn: "CT" } },
    minQuantity: { column: "ab", as: "decimal" },
    from: { column: "von", as: "date" },
    allowDiscount: { column: "netto", as: "boolean", yes: ["", "N"], no: ["J"] },
  },
};
const header = "Liste;Artikel;Preis;ME;ab;von;netto\n";

async function translated(text: string, changes: Readonly<Record<string, unknown>> = {}) {
  const translation = await translateCsv([text], csvMapping.parse({ ...listPrices, ...changes }));
  expectIntakeTakes(translation);
  return translation;
}

async function collected(rows: AsyncIterable<CsvRow>): Promise<CsvRow[]> {
  const all: CsvRow[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

async function rowsOf(text: string, quote: '"' | null = '"'): Promise<unknown[]> {
  return collected(readCsv([text], { separator: ",", quote }));
}

describe("a mapping", () => {
  it("makes a record of each row", async () => {
    const translation = await translated(
      `${header}A;000123;1.234,50;Stk;;;\r\nA;000123;"1.200,00";Ktn;10;1.2.2026;J\r\n`,
    );
    expect(translation.problems).toEqual([]);
    expect(record(translation, "price", "A/000123/1")).toEqual({
      type: "price",
      id: "A/000123/1",
      list: "A",
      sku: "000123",
      currency: "EUR",
      amount: "1234.5",
      unit: "PCE",
      allowDiscount: true,
    });
    expect(record(translation, "price", "A/000123/10")).toMatchObject({
      amount: "1200",
      unit: "CT",
      minQuantity: "10",
      from: "2026-02-01",
      allowDiscount: false,
    });
  });

  it("builds objects and lists, and leaves out an object of which every cell is empty", async () => {
    const products = csvMapping.parse({
      type: "product",
      separator: ",",
      decimals: { point: "." },
      id: { column: "sku" },
      fields: {
        name: { column: "name", required: true },
        unit: { constant: "PCE" },
        "listPrice.amount": { column: "price", as: "decimal" },
        "listPrice.currency": { constant: "USD" },
        categories: { column: "groups", as: "list", between: "|" },
        "attributes.colour": { column: "colour" },
      },
    });
    const translation = await translateCsv(
      ["sku,name,price,groups,colour\nB1,Bolt,.5,nuts|bolts,red\nB2,Nut,,,\n"],
      products,
    );
    expectIntakeTakes(translation);
    expect(record(translation, "product", "B1")).toMatchObject({
      listPrice: { amount: "0.5", currency: "USD" },
      categories: ["nuts", "bolts"],
      attributes: { colour: "red" },
    });
    expect(record(translation, "product", "B2")).toEqual({
      type: "product",
      id: "B2",
      name: "Nut",
      unit: "PCE",
    });
  });

  it("makes rules, whose rank is a whole number", async () => {
    const rules = csvMapping.parse({
      type: "rule",
      separator: "\t",
      decimals: { point: "." },
      id: { column: "id" },
      fields: {
        rank: { column: "rank", as: "integer", required: true },
        "effect.percentOff": { column: "off", as: "decimal", required: true },
        "what.categories": { column: "category", as: "list", between: " " },
        "who.groups": { constant: ["trade"] },
      },
    });
    const translation = await translateCsv(["id\trank\toff\tcategory\nR1\t20\t7.5\ttools\n"], rules);
    expectIntakeTakes(translation);
    expect(translation.records).toEqual([
      {
        type: "rule",
        id: "R1",
        rank: 20,
        effect: { percentOff: "7.5" },
        what: { categories: ["tools"] },
        who: { groups: ["trade"] },
      },
    ]);
  });

  it.each([
    ["the same field twice", { fields: { who: { column: "a" }, "who.groups": { column: "b" } } }],
    ["a template without a column", { id: { template: "price" } }],
    ["a template with a lone brace", { id: { template: "{sku}/{" } }],
    ["a point that groups digits too", { decimals: { point: ",", group: "," } }],
    ["a field of the prototype", { fields: { "attributes.constructor.name": { column: "a" } } }],
    ["a type that has no price in it", { type: "order" }],
  ])("is refused with %s", (_name, changes) => {
    expect(csvMapping.safeParse({ ...listPrices, ...changes }).success).toBe(false);
  });
});

describe("a row with a fault is a problem by line and column, and the others go on:", () => {
  const good = "A;1;5,00;Stk;;;\n";

  it.each([
    ["A;2;5.00;Stk;;;\n", "line 2, column Preis", "not_a_decimal"],
    ["A;2;1,2E+05;Stk;;;\n", "line 2, column Preis", "spreadsheet_damage"],
    ["A;1.2E+05;5,00;Stk;;;\n", "line 2, column Artikel", "spreadsheet_damage"],
    ["A;2;#REF!;Stk;;;\n", "line 2, column Preis", "spreadsheet_damage"],
    ["A;2;########;Stk;;;\n", "line 2, column Preis", "spreadsheet_damage"],
    ["A;2;;Stk;;;\n", "line 2, column Preis", "empty_cell"],
    ["A;2;5,00;Paar;;;\n", "line 2, column ME", "unknown_word"],
    ["A;2;5,00;Stk;;2026-02-01;\n", "line 2, column von", "invalid_date"],
    ["A;2;5,00;Stk;;30.2.2026;\n", "line 2, column von", "invalid_date"],
    ["A;2;5,00;Stk;;;vielleicht\n", "line 2, column netto", "not_a_boolean"],
    ["A;2;-5,00;Stk;;;\n", "line 2, column Preis", "negative_price"],
    ["A;2;0,00;Stk;;;\n", "line 2, column Preis", "zero_price"],
    ["A;2;5,123456789;Stk;;;\n", "line 2, column Preis", "too_many_decimals"],
    ["A; 2;5,00;Stk;;;\n", "line 2, column Artikel", "untrimmed"],
    ["A;2;5,00;Stk\n", "line 2", "ragged_row"],
    ["A;2;5,00;Stk;;;;\n", "line 2", "ragged_row"],
    ["A;\ud800;5,00;Stk;;;\n", "line 2", "lone_surrogate"],
    ['A;2;5,00;St"k;;;\n', "line 2", "stray_quote"],
    ['A;"2"x;5,00;Stk;;;\n', "line 2", "stray_quote"],
    ["A;2;5,00;Stk;;\r;\n", "line 2", "stray_carriage_return"],
  ])("%j", async (bad, source, code) => {
    const translation = await translated(header + bad + good);
    expect(codes(translation)[0]).toEqual([source, code]);
    expect(translation.records.map(({ id }) => id)).toEqual(["A/1/1"]);
  });

  it("an integer", async () => {
    const rank = { type: "rule", fields: { rank: { column: "n", as: "integer" } }, id: { column: "n" } };
    expect(codes(await translated("n\n1.5\n", rank))).toEqual([["line 2, column n", "not_an_integer"]]);
  });

  it("rows of one id, all of them", async () => {
    expect(codes(await translated(header + good + good))).toEqual([
      ["line 2", "duplicate_id"],
      ["line 3", "duplicate_id"],
    ]);
  });

  it("an empty cell within an id", async () => {
    expect(codes(await translated(`${header}A;;5,00;Stk;;;\n`))).toContainEqual([
      "line 2, column Artikel",
      "empty_cell",
    ]);
  });

  it.each([
    ["Liste;Artikel;Preis;ME;ab;von\n", "missing_column"],
    ["Liste;Artikel;Preis;ME;ab;von;netto;ab\n", "duplicate_column"],
    ["", "missing_header"],
    ['Li"ste;Artikel\n', "stray_quote"],
  ])("the header %j is one for the whole file", async (first, code) => {
    const translation = await translated(first + good);
    if (first === "") expect(codes(await translated(""))).toEqual([["line 1", code]]);
    else expect(codes(translation)).toEqual([["line 1", code]]);
    expect(translation.records).toEqual([]);
  });

  it("spaces around cells are read over where the mapping says so", async () => {
    const translation = await translated(` Liste;Artikel;Preis ;ME;ab;von;netto\nA ; 2; 5,00 ;Stk;;;\n`, {
      trim: true,
    });
    expect(translation.records.map(({ id }) => id)).toEqual(["A/2/1"]);
  });
});

describe("reading rows", () => {
  it("gives back what was written, however the text is cut into chunks", async () => {
    const cell = fc.string({
      unit: fc.constantFrom("a", '"', ",", "\n", "\r", "é", "😀", " "),
      maxLength: 6,
    });
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 7 }), fc.boolean(), async (rows, size, last) => {
        const lines = rows.map((cells) => cells.map((text) => `"${text.replaceAll('"', '""')}"`).join(","));
        const text = lines.join("\r\n") + (last ? "\r\n" : "");
        const chunks = text.match(new RegExp(`[^]{1,${size}}`, "g")) ?? [];
        const read = await collected(readCsv(chunks, { separator: ",", quote: '"' }));
        expect(read.map((row) => ("cells" in row ? row.cells : row))).toEqual(rows);
      }),
    );
  });

  it("never fails, whatever the text", async () => {
    const text = fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "\r", "\uFEFF"), maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(text, async (given) => {
        for (const row of await collected(readCsv([given], { separator: ",", quote: '"' }))) {
          expect(row.line).toBeGreaterThan(0);
        }
      }),
    );
  });

  it("counts lines where rows begin, past blank lines and breaks within quotes", async () => {
    expect(await rowsOf('\uFEFFa,b\n\n"1\n2",3\r\n\r\n4,5')).toEqual([
      { line: 1, cells: ["a", "b"] },
      { line: 3, cells: ["1\n2", "3"] },
      { line: 6, cells: ["4", "5"] },
    ]);
  });

  it("takes a quote as any character where the file has none", async () => {
    expect(await rowsOf('5" pipe,1\n', null)).toEqual([{ line: 1, cells: ['5" pipe', "1"] }]);
  });

  it("ends at a quote that doesn't", async () => {
    expect(await rowsOf('a,b\n1,"2\n3,4\n')).toEqual([
      { line: 1, cells: ["a", "b"] },
      { line: 2, column: 2, fault: "unterminated_quote" },
    ]);
  });

  it("stops at a row without an end, having kept little of it", async () => {
    function* endless() {
      yield "a,b\n";
      for (;;) yield "x".repeat(1000);
    }
    expect(await collected(readCsv(endless(), { separator: ",", quote: '"' }))).toEqual([
      { line: 1, cells: ["a", "b"] },
      { line: 2, column: 1, fault: "line_too_long" },
    ]);
  });
});

describe("a decimal of a file", () => {
  it("is what was written, with either point and grouped or not", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }),
        fc.integer({ min: 0, max: 8 }),
        fc.constantFrom({ point: ",", group: "." } as const, { point: ".", group: " " } as const),
        fc.boolean(),
        (digits, places, format, isGrouped) => {
          const plain = formatDecimal(digits, places, 0);
          const [whole = "", part] = plain.split(".");
          const shown = isGrouped ? whole.replace(/\B(?=(?:[0-9]{3})+$)/g, format.group) : whole;
          const written = part === undefined ? shown : `${shown}${format.point}${part}`;
          expect(decimalOf(written, format)).toBe(plain);
        },
      ),
    );
  });

  it.each([
    "",
    "-",
    "1,2,3",
    "1.23",
    "12.3456,7",
    ".123",
    "1e5",
    "0x10",
    "１",
    "€ 5",
    "5 %",
    "1 000",
    "--1",
    "-1-",
    "1,",
  ])("is not %j, with a comma and groups by points", (text) => {
    expect(decimalOf(text, { point: ",", group: "." })).toBe(undefined);
  });

  it("is not grouped where nothing is said of groups", () => {
    expect(decimalOf("1,234", { point: "." })).toBe(undefined);
    expect(decimalOf("1.234", { point: "." })).toBe("1.234");
  });

  it("may have its sign behind it", () => {
    expect(decimalOf("12,50-", { point: "," })).toBe("-12.5");
  });
});
