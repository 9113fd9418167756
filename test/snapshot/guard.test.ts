import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { guardDefaults, type GuardSettings } from "../../control-plane/guard/guard-settings.ts";
import { beginJudging, judgeSome, type Judging } from "../../control-plane/guard/judge-run.ts";
import { PriceWalk } from "../../control-plane/guard/price-walk.ts";
import { emptyTally, Tally, type CheckName } from "../../control-plane/guard/tally.ts";
import { firedChecks } from "../../control-plane/guard/verdict.ts";
import type { PricingRecord } from "../../shared/pricing/records.ts";
import { compileInMemory, type CompiledCompany } from "../support/compile-in-memory.ts";
import { companyArbitrary } from "../support/generate-company.ts";

const now = Date.parse("2026-06-15T12:00:00Z");
const live = { snapshot: "live", manifest: "the live one's" };

/** Judges until it is done; `unitsAtOnce` is how far a step comes. */
async function judge(
  before: CompiledCompany,
  after: CompiledCompany,
  settings: GuardSettings,
  unitsAtOnce = Infinity,
): Promise<{ readonly judging: Judging; readonly steps: number }> {
  let judging = beginJudging(live, now, settings);
  for (let steps = 1; ; steps++) {
    let units = 0;
    const next = await judgeSome(judging, before, after, () => ++units < unitsAtOnce);
    // As it is kept between two steps.
    judging = JSON.parse(JSON.stringify(next)) as Judging;
    if (judging.fired !== undefined) return { judging, steps };
  }
}

describe("the guard's verdict: it promises that…", () => {
  const products = (count: number) => Array.from({ length: count }, (_, index) => `S${index}`);
  const found = (prices: number, skus = prices) => ({ prices, skus: products(skus), examples: [] });

  it.each<[string, CheckName, number, number, number, boolean]>([
    // What, the check, prices found, products found, of so many, whether it fires.
    ["just enough products and just the share", "jumped", 10, 10, 100, true],
    ["one product too few", "jumped", 100, 9, 100, false],
    ["a price short of the share", "jumped", 10, 10, 101, false],
    ["zeros of just the share", "zero", 20, 10, 200, true],
    ["zeros short of it", "zero", 20, 10, 201, false],
    ["a fifth gone", "gone", 20, 10, 100, true],
    ["less than a fifth gone", "gone", 20, 10, 101, false],
    ["all of it gone", "gone", 12, 10, 12, true],
  ])("%s", (_name, check, prices, skus, of, fires) => {
    const tally = {
      looked: 0,
      changed: check === "gone" ? 1 : of,
      found: { ...emptyTally.found, [check]: found(prices, skus) },
    };
    const fired = firedChecks(tally, check === "gone" ? of : 1_000_000, guardDefaults);
    expect(fired.map(({ check, prices, of }) => [check, prices, of])).toEqual(
      fires ? [[check, prices, of]] : [],
    );
  });

  it("nothing fires where nothing was found, whatever the settings", () => {
    const strict = { ...guardDefaults, productsMin: 1, jumpedPercent: 1, zeroPercent: 1, gonePercent: 1 };
    expect(firedChecks(emptyTally, 0, strict)).toEqual([]);
  });
});

/** An amount in hundredths, for so many units, and what becomes of it; undefined: it is gone. */
interface Change {
  readonly cents: bigint;
  readonly per: bigint;
  readonly after: { readonly cents: bigint; readonly per: bigint } | undefined;
}

const per = fc.constantFrom(1n, 1n, 1n, 100n);
const changeArbitrary: fc.Arbitrary<Change> = fc
  .record({
    cents: fc.bigInt(1n, 10n ** 12n),
    per,
    after: fc.oneof(
      { weight: 3, arbitrary: fc.constant("same" as const) },
      { weight: 3, arbitrary: fc.constant("times" as const) },
      { weight: 1, arbitrary: fc.constant("zero" as const) },
      { weight: 1, arbitrary: fc.constant("gone" as const) },
      { weight: 2, arbitrary: fc.record({ cents: fc.bigInt(1n, 10n ** 12n), per }) },
    ),
    times: fc.constantFrom(2n, 9n, 10n, 100n),
  })
  .map(({ cents, per, after, times }) => ({
    cents,
    per,
    after:
      after === "same"
        ? { cents, per }
        : after === "times"
          ? { cents: cents * times, per }
          : after === "zero"
            ? { cents: 0n, per }
            : after === "gone"
              ? undefined
              : after,
  }));

/** What is to be found of a change, worked out without fractions. */
function expected({ cents, per, after }: Change, factor: bigint): CheckName | "changed" | undefined {
  if (after === undefined) return "gone";
  const [old, fresh] = [cents * after.per, after.cents * per];
  if (cents === after.cents && per === after.per) return undefined;
  if (fresh === 0n) return "zero";
  return fresh >= old * factor || old >= fresh * factor ? "jumped" : "changed";
}

const catalogue = (changes: readonly Change[], side: "before" | "after"): PricingRecord[] => [
  { type: "policy", id: "default", rounding: { unitPrice: { places: 8, mode: "half-up" } } },
  { type: "customer", id: "C", name: "C" },
  ...changes.flatMap((change, index): PricingRecord[] => {
    const id = `S${index}`;
    const price = side === "before" ? change : change.after;
    return [
      { type: "product", id, name: id, unit: "EA" },
      ...(price === undefined
        ? []
        : [
            {
              type: "price" as const,
              id: `p${index}`,
              sku: id,
              currency: "EUR",
              amount: `${price.cents / 100n}.${String(price.cents % 100n).padStart(2, "0")}`,
              per: String(price.per),
              free: true,
            },
          ]),
    ];
  }),
];

describe("the guard's counting: it promises that…", () => {
  it("it finds what became of every price, to the last digit", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(changeArbitrary, { minLength: 1, maxLength: 40, size: "max" }),
        fc.constantFrom(2, 10, 100),
        async (changes, factor) => {
          const sides = [
            compileInMemory(catalogue(changes, "before")),
            compileInMemory(catalogue(changes, "after"), 2),
          ] as const;
          const settings = { ...guardDefaults, factor, productsMin: 1 };
          const { judging } = await judge(...sides, settings);
          const kinds = changes.map((change) => expected(change, BigInt(factor)));
          const count = (kind: string) => kinds.filter((one) => one === kind).length;
          const { tally, fired } = judging;
          expect(tally.changed).toBe(count("changed") + count("jumped") + count("zero"));
          for (const check of ["jumped", "zero", "gone"] as const) {
            expect([check, tally.found[check].prices]).toEqual([check, count(check)]);
            const of = check === "gone" ? changes.length : tally.changed;
            const isOver = count(check) > 0 && count(check) * 100 >= of * settings[`${check}Percent`];
            expect([check, fired?.some((one) => one.check === check)]).toEqual([check, isOver]);
          }
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);

  it("judging in steps of one unit finds what judging at once does", async () => {
    await fc.assert(
      fc.asyncProperty(companyArbitrary(), companyArbitrary(), async (before, after) => {
        const sides = [compileInMemory(before), compileInMemory(after, 2)] as const;
        const settings = { ...guardDefaults, productsMin: 1, gonePercent: 1 };
        const { judging } = await judge(...sides, settings);
        const inSteps = await judge(...sides, settings, 1);
        expect(inSteps.judging).toEqual(judging);
        const { changed, found } = judging.tally;
        expect(found.jumped.prices + found.zero.prices).toBeLessThanOrEqual(changed);
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it("reads nothing that both snapshots name", async () => {
    const [records = []] = fc.sample(companyArbitrary(), { numRuns: 1, seed: 1 });
    const compiled = compileInMemory(records);
    const silent = {
      ...compiled,
      reader: { ...compiled.reader, prices: () => Promise.reject(new Error("Prices were read")) },
    };
    const walk = new PriceWalk(silent, silent, { now, factor: 10 });
    expect(walk.units).toBe(0);
    await walk.visit(0, new Tally(emptyTally, 10));
    expect((await judge(silent, silent, guardDefaults)).judging.fired).toEqual([]);
  });

  it("how many prices are live is counted no further than it matters", async () => {
    const all = fc.sample(changeArbitrary, { numRuns: 40, seed: 7 }).map((one) => ({ ...one, after: one }));
    // One product is alone in its class, and loses its price; the others are in another bucket.
    const alone: PricingRecord = { type: "category", id: "alone" };
    const rule: PricingRecord = {
      type: "rule",
      id: "r",
      rank: 1,
      what: { categories: ["alone"] },
      effect: { percentOff: "1" },
    };
    const product: PricingRecord = { type: "product", id: "A", name: "A", unit: "EA", category: "alone" };
    const price: PricingRecord = { type: "price", id: "a", sku: "A", currency: "EUR", amount: "1.00" };
    const records = [...catalogue(all, "before"), alone, rule, product];
    const [before, after] = [compileInMemory([...records, price]), compileInMemory(records, 2)];
    const few = await judge(before, after, { ...guardDefaults, productsMin: 1, gonePercent: 3 });
    expect(few.judging.fired).toEqual([]);
    expect(few.judging.counted.prices).toBe(40);
    const strict = await judge(before, after, { ...guardDefaults, productsMin: 1, gonePercent: 2 });
    expect(strict.judging.fired?.map(({ check, prices, of }) => [check, prices, of])).toEqual([
      ["gone", 1, 41],
    ]);
    const many = await judge(before, after, { ...guardDefaults, productsMin: 2, gonePercent: 1 });
    expect([many.judging.fired, many.judging.counted.unit]).toEqual([[], 0]);
  });
});
