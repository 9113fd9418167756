import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { NumberLiteral } from "../../shared/api/exact-json.ts";
import { quickCheckOf, unsure } from "../../shared/api/quick-check.ts";
import { amount, currency, date, id, instant, integer, positiveDecimal } from "../../shared/api/values.ts";
import { priceQuery, pricesQuestion } from "../../workers/routes/price-shapes.ts";

/** Values that are right, and values that are nearly so. */
const ids = ["A1", "", " a", "a b", "é", "\u200b", "x".repeat(200), "x".repeat(201), "🙂".repeat(200)];
const words = ["true", "full", "EUR", "eur", "XXX", "EURO"];
const decimals = ["1", "0", "-1", "12.50", "012", "1.123456789", "1e3", "9".repeat(30), "9".repeat(31), "1."];
const dates = ["2026-11-23T10:00:00Z", "2026-02-30T10:00:00Z", "2026-11-23"];
const texts = fc.constantFrom(...ids, ...words, ...decimals, ...dates);
const numbers = fc
  .constantFrom("1", "0", "-2", "1.50", "1e3", "12345678901")
  .map((text) => new NumberLiteral(text));
const leaf = fc.oneof(
  { weight: 6, arbitrary: texts },
  numbers,
  fc.constantFrom(true, false, null, undefined),
);
const line = fc.oneof(
  { weight: 8, arbitrary: record({ sku: leaf, quantity: leaf }, { unit: leaf, more: leaf }) },
  leaf,
);
const question = record(
  { customer: leaf, lines: fc.oneof({ weight: 5, arbitrary: fc.array(line, { maxLength: 3 }) }, leaf) },
  { currency: leaf, channel: leaf, at: leaf, atLeast: leaf, explain: leaf, more: leaf },
);
const query = record(
  { customer: leaf },
  { quantity: leaf, unit: leaf, currency: leaf, at: leaf, explain: leaf, more: leaf },
);
const right = {
  customer: "C-1",
  currency: "EUR",
  at: "2026-11-23T10:00:00Z",
  lines: [
    { quantity: "2", sku: "A1" },
    { sku: "B/2", quantity: new NumberLiteral("1.5"), unit: "BOX" },
  ],
};

describe("a quick check: it promises that…", () => {
  it.each([
    ["a question", pricesQuestion, question],
    ["a query", priceQuery, query],
    ...Object.entries({ amount, currency, date, id, instant, integer, positiveDecimal }).map(
      ([name, schema]) => [name, schema, leaf] as const,
    ),
  ] as const)("it says yes to %s only with what the schema gives", (_, schema, values) => {
    const quickly = quickCheckOf(schema);
    fc.assert(
      fc.property(values, (value) => {
        const given = quickly?.(value) ?? unsure;
        if (given === unsure) return;
        const expected = schema.safeParse(value);
        expect(JSON.stringify(given)).toBe(JSON.stringify(expected.data));
        expect(given).toEqual(expected.data);
      }),
      { numRuns: 2_000 },
    );
  });

  it("a question that is right needs no other", () => {
    expect(quickCheckOf(pricesQuestion)?.(right)).toEqual(pricesQuestion.parse(right));
    const asked = { customer: "C-1", quantity: "3", explain: "full" };
    expect(quickCheckOf(priceQuery)?.(asked)).toEqual(asked);
  });

  it("what it does not know of is left to zod", () => {
    for (const schema of [
      z.looseObject({}),
      z.object({ a: z.string() }),
      z.strictObject({ a: z.number() }),
      z.string().regex(/^a/),
      z.email(),
      z.strictObject({ a: z.string().default("b") }),
      z.array(z.string()).refine(() => false),
      z.strictObject({ a: z.string() }).refine(() => false),
    ]) {
      expect(quickCheckOf(schema)).toBeUndefined();
    }
  });

  it("a description added to a schema takes nothing from it", () => {
    const described = id.meta({ description: "Another" });
    expect(quickCheckOf(described)?.("A1")).toBe("A1");
    expect(quickCheckOf(described)?.("")).toBe(unsure);
  });
});

/** Some of these fields. */
function record(...fields: Record<string, fc.Arbitrary<unknown>>[]) {
  const model: Record<string, fc.Arbitrary<unknown>> = Object.assign({}, ...fields);
  return fc
    .record(model, { requiredKeys: [] })
    .filter((value) => Object.values(value).every((member) => member !== undefined));
}
