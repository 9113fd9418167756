import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { exact } from "../../shared/pricing/arithmetic.ts";
import { evaluateFormula } from "../../shared/pricing/formula/evaluate.ts";
import { nodesMax } from "../../shared/pricing/formula/limits.ts";
import { parseFormula } from "../../shared/pricing/formula/parse.ts";
import type { PricingRecord } from "../../shared/pricing/records.ts";
import type { SegmentReader } from "../../shared/snapshot/placed.ts";
import { priceLines } from "../../shared/snapshot/price-lines.ts";
import { compileInMemory } from "../support/compile-in-memory.ts";

/** Work is counted, not timed: what it is counted in grows with what was asked or sent, and no faster. */

const indexes = (count: number) => Array.from({ length: count }, (_, index) => index);

function companyOf(products: number, pricesOfEach: number): PricingRecord[] {
  const records: object[] = [
    { type: "customer", id: "C", name: "C", currency: "EUR", lists: ["L"] },
    { type: "priceList", id: "L", currency: "EUR" },
    ...indexes(products).flatMap((product) => [
      { type: "product", id: `S${product}`, name: "S", unit: "EA" },
      ...indexes(pricesOfEach).map((price) => ({
        type: "price",
        id: `p${product}-${price}`,
        sku: `S${product}`,
        currency: "EUR",
        amount: `${100 + product}.${10 + price}`,
        minQuantity: String(price + 1),
        ...(price % 3 === 0 ? { list: "L" } : {}),
      })),
    ]),
  ];
  return records as PricingRecord[];
}

describe("the work for a question: it promises that…", () => {
  it("it opens no more segments than three a line and two pages, and each of them once", async () => {
    const { manifest, reader } = compileInMemory(companyOf(500, 3));
    for (const count of [1, 10, 100, 500]) {
      const opened: string[] = [];
      const noting = (hash: string) => (opened.push(hash), hash);
      const counting: SegmentReader = {
        prices: (hash) => reader.prices(noting(hash)),
        products: (hash) => reader.products(noting(hash)),
        customers: (hash) => reader.customers(noting(hash)),
      };
      const lines = indexes(count).map((index) => ({ sku: `S${index}`, quantity: "2" }));
      await priceLines({ customer: "C", at: 0, lines }, manifest, counting);
      expect(opened.length).toBeLessThanOrEqual(5 * count + 2);
      // Lines of one bucket share its segments.
      expect(new Set(opened).size).toBeLessThanOrEqual(3 * Object.keys(manifest.buckets).length + 2 + count);
    }
  });
});

describe("the work for a publish: it promises that…", () => {
  const bytesOf = (records: readonly PricingRecord[]) =>
    [...compileInMemory(records).segments.values()].reduce((sum, { length }) => sum + length, 0);

  it("twice the products make twice the bytes", () => {
    const [small, large] = [bytesOf(companyOf(200, 3)), bytesOf(companyOf(400, 3))];
    expect(large / small).toBeLessThan(2.2);
  });

  it("twice the tiers of a product make twice the bytes", () => {
    const [small, large] = [bytesOf(companyOf(10, 60)), bytesOf(companyOf(10, 120))];
    expect(large / small).toBeLessThan(2.4);
  });
});

describe("the work for a formula: it promises that…", () => {
  it("it takes a step for each of its parts at most, and a formula has a bounded number of them", () => {
    let steps = 0;
    const counting = Object.fromEntries(
      Object.entries(exact).map(([name, operation]) => [
        name,
        typeof operation === "function"
          ? (...values: never[]) => {
              steps++;
              return (operation as (...given: never[]) => unknown)(...values);
            }
          : operation,
      ]),
    ) as typeof exact;
    for (const count of [1, 10, 50, 90]) {
      steps = 0;
      const formula = indexes(count)
        .map((index) => `${index}`)
        .join("+");
      expect(evaluateFormula(parseFormula(formula), new Map(), counting)).toBeDefined();
      expect(steps).toBeLessThanOrEqual(2 * count);
    }
    expect(() => parseFormula(indexes(nodesMax).map(String).join("+"))).toThrow("at most");
  });
});

describe("patterns: it promises that…", () => {
  it("none repeats without end what itself repeats without end, so that no text takes more than its square", () => {
    const found = ["shared", "workers", "control-plane"].flatMap(patternsIn);
    expect(found.length).toBeGreaterThan(40);
    expect(found.filter(({ source }) => repeatsRepetition(source) && !separated.has(source))).toEqual([]);
    for (const bad of ["(a+)+", "(?:a|b*c)*x", "((a+)b){2,}"])
      expect([bad, repeatsRepetition(bad)]).toEqual([bad, true]);
  });
});

// Each turn of the outer repetition begins with a point, which the inner one does not take.
const separated = new Set([
  String.raw`^(?!(?:.*\.)?(?:constructor|prototype)(?:\.|$))[A-Za-z]\w*(?:\.[A-Za-z]\w*)*$`,
]);

/** The regular expressions in a folder's source. */
function patternsIn(folder: string): { file: string; source: string }[] {
  const root = join(import.meta.dirname, "../..", folder);
  const literal = /[=(,:?&|!]\s*\/((?![*/])(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/[dgimsuvy]*/g;
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) =>
      [...readFileSync(join(root, file), "utf8").matchAll(literal)].map(([, source = ""]) => ({
        file,
        source,
      })),
    );
}

/** Whether a group that holds an endless repetition is itself repeated endlessly. */
function repeatsRepetition(source: string): boolean {
  const tokens = source.match(/\\.|\[(?:[^\]\\]|\\.)*\]|\{[0-9]+,[0-9]*\}|\(\?[:=!]|./g) ?? [];
  const open: boolean[] = [];
  let holds = false;
  let closed = false;
  for (const token of tokens) {
    const isEndless = token === "*" || token === "+" || /^\{[0-9]+,\}$/.test(token);
    if (isEndless && closed) return true;
    if (isEndless) holds = true;
    closed = token === ")" && holds;
    if (token.startsWith("(")) {
      open.push(holds);
      holds = false;
    } else if (token === ")") holds = (open.pop() ?? false) || holds;
  }
  return false;
}
