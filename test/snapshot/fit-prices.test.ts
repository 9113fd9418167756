import { describe, expect, it } from "vitest";
import { fitPrices } from "../../control-plane/compile/fit-prices.ts";
import { isWithoutPrices, type Curve } from "../../shared/pricing/curve.ts";
import type { PricingRecord } from "../../shared/pricing/records.ts";
import { openPrices } from "../../shared/snapshot/price-segment.ts";
import { priceLines } from "../../shared/snapshot/price-lines.ts";
import { compileInMemory } from "../support/compile-in-memory.ts";

/** What a curve and a segment may come to, and what is left out where they would come to more. */

const day = (number: number) => new Date(Date.UTC(2026, 0, 1 + number)).toISOString().slice(0, 10);

async function priceOf(prices: readonly object[], quantity: string, at: string): Promise<string> {
  const records = [
    { type: "product", id: "A", name: "A", unit: "EA", units: [{ unit: "BOX", factor: "10" }] },
    { type: "customer", id: "C", name: "C" },
    ...prices.map((price, index) => ({
      type: "price",
      id: String(index),
      sku: "A",
      currency: "EUR",
      amount: `${index + 1}`,
      ...price,
    })),
  ];
  const { manifest, reader } = compileInMemory(records as readonly PricingRecord[]);
  const lines = ["EA", "BOX"].map((unit) => ({ sku: "A", quantity, unit }));
  const question = { customer: "C", currency: "EUR", at: Date.parse(at), lines };
  const answer = await priceLines(question, manifest, reader);
  if (answer.kind !== "answered") throw new Error(answer.kind);
  return answer.lines.map((line) => ("unitPrice" in line ? line.unitPrice : line.unavailable)).join();
}

describe("a curve: it promises that…", () => {
  it("prices that differ in days and in minimums are unavailable in each unit where they are too many", async () => {
    const prices = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ from: day(index), minQuantity: String(index + 1) }));
    expect(await priceOf(prices(30), "30", "2026-01-30T12:00:00Z")).toBe("30.00,300.00");
    expect(await priceOf(prices(360), "30", "2026-01-30T12:00:00Z")).toBe("too_many_tiers,too_many_tiers");
    expect(await priceOf(prices(1_500), "30", "2026-01-30T12:00:00Z")).toBe("too_many_tiers,too_many_tiers");
  });

  it("as many that differ in one of them alone have their prices", async () => {
    const dated = Array.from({ length: 1_500 }, (_, index) => ({ from: day(index), until: day(index) }));
    expect(await priceOf(dated, "30", "2026-01-30T12:00:00Z")).toBe("30.00,300.00");
    const tiered = Array.from({ length: 1_500 }, (_, index) => ({ minQuantity: String(index + 1) }));
    expect(await priceOf(tiered, "30", "2026-01-30T12:00:00Z")).toBe("30.00,3000.00");
  });
});

describe("a segment: it promises that…", () => {
  const curve = (tiers: number): Curve => [
    {
      from: null,
      units: {
        EA: Array.from({ length: tiers }, (_, index) => ({
          from: String(index),
          price: { unitPrice: `${index}.25`, per: "1", explanation: [] },
        })),
      },
    },
  ];
  const curves = new Map(
    Object.entries({ A: curve(3), B: curve(400), C: curve(900), D: curve(5), E: curve(300) }),
  );
  const whole = fitPrices(curves);

  it("what fits is all there", () => {
    expect(whole.unpriced).toEqual([]);
    expect(fitPrices(curves, whole.segment.bytes.length)).toEqual(whole);
  });

  it.each([
    [1, ["C"]],
    [Math.round(0.7 * whole.segment.bytes.length), ["C", "B"]],
  ])("less by %s bytes, the products with the most prices are without, and no other is", (less, unpriced) => {
    const fitted = fitPrices(curves, whole.segment.bytes.length - less);
    expect(fitted.unpriced).toEqual(unpriced);
    expect(fitted.segment.bytes.length).toBeLessThanOrEqual(whole.segment.bytes.length - less);
    const segment = openPrices(fitted.segment.bytes);
    for (const [sku, { length }] of [...curves].map(
      ([sku, [slice]]) => [sku, slice?.units["EA"] ?? []] as const,
    )) {
      const [slice] = segment.find(sku)?.slices ?? [];
      expect([sku, slice?.units.get("EA")?.length]).toEqual([sku, unpriced.includes(sku) ? 1 : length]);
    }
  });

  it("the same curves have the same bytes in whatever order they come", () => {
    const reversed = new Map([...curves].toReversed());
    const bytesMax = whole.segment.bytes.length / 3;
    expect(fitPrices(reversed, bytesMax)).toEqual(fitPrices(curves, bytesMax));
    expect([...curves.values()].some(isWithoutPrices)).toBe(false);
  });
});
