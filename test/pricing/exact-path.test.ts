import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkLine } from "../../control-plane/ingest/check-line.ts";
import type { PricingRecord } from "../../shared/pricing/records.ts";
import { priceLines } from "../../shared/snapshot/price-lines.ts";
import { compileInMemory } from "../support/compile-in-memory.ts";

/** Amounts from the text of an ERP's line to the text of an answer, against whole numbers at a scale. */

const scale = 10n ** 8n;
const centsScale = 10n ** 2n;

/** Up to 30 digits, of which up to 8 are places; some as a number's text, which a double does not hold. */
const amount = fc
  .record({
    digits: fc.bigInt({ min: 1n, max: 10n ** 22n - 1n }),
    places: fc.integer({ min: 0, max: 8 }),
    isNumber: fc.boolean(),
  })
  .map(({ digits, places, isNumber }) => {
    const padded = String(digits).padStart(places + 1, "0");
    const text = places === 0 ? padded : `${padded.slice(0, -places)}.${padded.slice(-places)}`;
    return { text, json: isNumber ? text : JSON.stringify(text), scaled: digits * 10n ** BigInt(8 - places) };
  });

const quantity = fc.integer({ min: 1, max: 100_000 });

function taken(line: string): PricingRecord {
  const checked = checkLine(line, 0);
  if (checked.kind !== "upsert") throw new Error(`${line} was not taken`);
  const { rev: _rev, op: _op, ...record } = checked.record as PricingRecord & { rev?: unknown; op?: unknown };
  return record as PricingRecord;
}

/** A decimal's text as a whole number at the scale. */
function scaledOf(text: string): bigint {
  expect(text).toMatch(/^(0|[1-9][0-9]*)(\.[0-9]{1,8})?$/);
  const [whole = "", places = ""] = text.split(".");
  return BigInt(whole + places.padEnd(8, "0"));
}

describe("an amount: it promises that…", () => {
  it("it is answered to the last digit, and line totals and their sum are rounded from it alone", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(amount, quantity), { minLength: 1, maxLength: 6 }),
        async (asked) => {
          const policy =
            '{"type":"policy","id":"default","rounding":{"unitPrice":{"places":8,"mode":"half-up"}}}';
          const records = [
            taken(policy),
            taken('{"type":"customer","id":"C","name":"C","currency":"EUR"}'),
            ...asked.flatMap(([{ json }], index) => [
              taken(`{"type":"product","id":"S${index}","name":"S","unit":"EA"}`),
              taken(`{"type":"price","id":"p${index}","sku":"S${index}","currency":"EUR","amount":${json}}`),
            ]),
          ];
          const { manifest, reader } = compileInMemory(records);
          const lines = asked.map(([, many], index) => ({ sku: `S${index}`, quantity: String(many) }));
          const answer = await priceLines({ customer: "C", at: 0, lines }, manifest, reader);
          if (answer.kind !== "answered") throw new Error(answer.kind);
          let sum = 0n;
          for (const [index, [{ scaled }, many]] of asked.entries()) {
            const line = answer.lines[index];
            if (line === undefined || !("unitPrice" in line)) throw new Error("A line has no price");
            expect(scaledOf(line.unitPrice)).toBe(scaled);
            const cents = (2n * scaled * BigInt(many) * centsScale + scale) / (2n * scale);
            expect(scaledOf(line.lineTotal)).toBe((cents * scale) / centsScale);
            sum += cents;
          }
          expect(scaledOf(answer.total)).toBe((sum * scale) / centsScale);
        },
      ),
      { numRuns: 150 },
    );
  }, 60_000);

  it.each([
    "NaN",
    "Infinity",
    "-0",
    "1e3",
    '"1e3"',
    '"NaN"',
    '"0x10"',
    '"1,5"',
    '" 1"',
    "-1",
    "1.123456789",
    '"01"',
  ])("%s is none", (json) => {
    const line = `{"type":"price","id":"p","sku":"A","currency":"EUR","amount":${json}}`;
    expect(checkLine(line, 0).kind).toBe("refused");
  });
});
