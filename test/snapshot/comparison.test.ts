import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ChangeSummary } from "../../control-plane/comparison/change-summary.ts";
import { compareSnapshots, type ChangedPrice } from "../../control-plane/comparison/compare-snapshots.ts";
import type { Instant } from "../../shared/pricing/instant.ts";
import type { PricingRecord } from "../../shared/pricing/records.ts";
import { defaultCurrency, findCustomer, place } from "../../shared/snapshot/placed.ts";
import { priceList } from "../../shared/snapshot/price-list.ts";
import { compileInMemory, type CompiledCompany } from "../support/compile-in-memory.ts";
import { companyArbitrary } from "../support/generate-company.ts";

const at = Date.parse("2026-06-15T12:00:00Z");

/** Two companies of which the second is the first with some records exchanged. */
const change = fc
  .tuple(companyArbitrary(), companyArbitrary(), fc.infiniteStream(fc.nat(3)))
  .map(([before, other, choices]) => {
    const key = ({ type, id }: PricingRecord) => `${type}/${id}`;
    const merged = new Map(before.map((record) => [key(record), record]));
    for (const record of other) if (choices.next().value === 0) merged.set(key(record), record);
    for (const record of before)
      if (choices.next().value === 0 && record.type !== "product") merged.delete(key(record));
    return [before, [...merged.values()]] as const;
  });

/** The whole price list of every customer, in base units. */
async function allPrices(
  { manifest, reader }: CompiledCompany,
  records: readonly PricingRecord[],
  instant: Instant,
): Promise<Map<string, string>> {
  const prices = new Map<string, string>();
  const units = new Map(
    records.flatMap((record) => (record.type === "product" ? [[record.id, record.unit]] : [])),
  );
  for (const record of records) {
    if (record.type !== "customer") continue;
    const page = await findCustomer(record.id, manifest, reader);
    const currency = page === undefined || page.blocked ? undefined : defaultCurrency(page, manifest);
    if (page === undefined || currency === undefined) continue;
    const placed = place(page, undefined, currency, manifest);
    for await (const { sku, unit, tiers } of priceList(placed, instant, manifest, reader)) {
      if (unit === units.get(sku)) prices.set(`${record.id} ${sku}`, JSON.stringify(tiers));
    }
  }
  return prices;
}

async function collect(changes: AsyncIterable<ChangedPrice>): Promise<ChangedPrice[]> {
  const found: ChangedPrice[] = [];
  for await (const one of changes) found.push(one);
  return found;
}

describe("a comparison of two snapshots", () => {
  it("finds every price that differs between the two, and no other", async () => {
    await fc.assert(
      fc.asyncProperty(change, async ([before, after]) => {
        const [first, second] = [compileInMemory(before), compileInMemory(after, 2)];
        const found = new Map(
          (await collect(compareSnapshots(first, second, at))).map((one) => [
            `${one.customer} ${one.sku}`,
            [JSON.stringify(one.before), JSON.stringify(one.after)],
          ]),
        );
        const [old, fresh] = [await allPrices(first, before, at), await allPrices(second, after, at)];
        const keys = [...new Set([...old.keys(), ...fresh.keys()])];
        const expected = new Map(
          keys
            .map((key) => [key, [old.get(key) ?? "[]", fresh.get(key) ?? "[]"]] as const)
            .filter(([, [a, b]]) => a !== b),
        );
        expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  it("reads no prices when nothing changed", async () => {
    const [records] = fc.sample(companyArbitrary(), { numRuns: 1, seed: 1 });
    const compiled = compileInMemory(records ?? []);
    const silent = {
      ...compiled,
      reader: { ...compiled.reader, prices: () => Promise.reject(new Error("Prices were read")) },
    };
    expect(await collect(compareSnapshots(silent, silent, at))).toEqual([]);
  });
});

describe("the summary of changes", () => {
  const tier = (unitPrice: string, per?: string) => [
    { from: "1", unitPrice, ...(per === undefined ? {} : { per }) },
  ];

  it("counts what went up, down, came and went, and finds the largest", () => {
    const summary = new ChangeSummary();
    const base = { currency: "EUR" };
    const percents = [
      summary.add({ ...base, customer: "C1", sku: "A", before: tier("10.00"), after: tier("11.00") }),
      summary.add({ ...base, customer: "C1", sku: "B", before: tier("3.00"), after: tier("2.00") }),
      summary.add({ ...base, customer: "C2", sku: "A", before: tier("1.00"), after: tier("100.00", "100") }),
      summary.add({ ...base, customer: "C2", sku: "B", before: [], after: tier("1.00") }),
      summary.add({ ...base, customer: "C2", sku: "D", before: tier("1.00"), after: [] }),
    ];
    expect(percents).toEqual(["10.00", "-33.33", "0.00", null, null]);
    expect(summary.summary()).toEqual({
      prices: 5,
      customers: 2,
      raised: 1,
      lowered: 1,
      tiersOnly: 1,
      added: 1,
      gone: 1,
      distribution: [
        { below: 1, prices: 1 },
        { below: 2, prices: 0 },
        { below: 5, prices: 0 },
        { below: 10, prices: 0 },
        { below: 20, prices: 1 },
        { below: 50, prices: 1 },
        { below: null, prices: 0 },
      ],
      largest: { customer: "C1", sku: "B", percent: "-33.33" },
    });
  });
});
