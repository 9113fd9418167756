import { describe, expect, it } from "vitest";
import type { PricingRecord } from "../../shared/pricing/records.ts";
import { referencePrice } from "../../shared/pricing/reference/reference-price.ts";
import { priceLines } from "../../shared/snapshot/price-lines.ts";
import { AnswerMemories } from "../../workers/snapshots/answer-memory.ts";
import { compileInMemory } from "../support/compile-in-memory.ts";

/** Prices and rules that begin and end on days on which clocks change, and at instants of any offset. */

// The days on which summer time begins and ends, where there is one, in each zone.
const zones: readonly (readonly [zone: string, days: readonly string[]])[] = [
  ["Europe/Berlin", ["2026-03-29", "2026-10-25"]],
  ["America/Sao_Paulo", ["2018-02-18", "2018-11-04"]],
  ["America/New_York", ["2026-03-08", "2026-11-01"]],
  ["Asia/Kathmandu", ["2026-03-29", "2026-10-25"]],
];

const lines = [
  { sku: "A", quantity: "1" },
  { sku: "A", quantity: "12" },
];

function companyOf(timeZone: string, days: readonly string[]): PricingRecord[] {
  const price = (id: string, more: object) => ({ type: "price", id, sku: "A", currency: "EUR", ...more });
  const dated = days.flatMap((day, index) => [
    price(`day-${day}`, { amount: `${20 + index}.00`, from: day, until: day }),
    price(`many-${day}`, { amount: `${10 + index}.00`, minQuantity: "10", from: day }),
    price(`at-${day}`, {
      amount: `${5 + index}.00`,
      minQuantity: "11",
      from: `${day}T12:30:00+05:45`,
      until: `${day}T23:59:59-03:00`,
    }),
    { type: "rule", id: `off-${day}`, rank: index, effect: { percentOff: "10" }, from: day, until: day },
  ]);
  const records: object[] = [
    { type: "policy", id: "default", timeZone },
    { type: "product", id: "A", name: "A", unit: "EA" },
    { type: "customer", id: "C", name: "C", currency: "EUR" },
    price("usual", { amount: "30.00" }),
    ...dated,
  ];
  return records as PricingRecord[];
}

/** Every instant at which something in these days may begin or end, found without the code under test. */
function edgesOf(timeZone: string, days: readonly string[]): number[] {
  const localDay = new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" });
  const midnights = days.flatMap((day) => {
    const around = Date.parse(`${day}T00:00:00Z`) - 24 * 3_600_000;
    const quarters = Array.from({ length: 4 * 72 }, (_, index) => around + index * 900_000);
    return quarters.filter((at) => localDay.format(at) !== localDay.format(at - 1));
  });
  const instants = days.flatMap((day) =>
    [`${day}T12:30:00+05:45`, `${day}T23:59:59-03:00`].map((text) => Date.parse(text)),
  );
  return [...new Set([...midnights, ...instants])].sort((a, b) => a - b);
}

describe.each(zones)("validity in %s: it promises that…", (zone, days) => {
  const records = companyOf(zone, days);
  const { manifest, reader } = compileInMemory(records);
  const edges = edgesOf(zone, days);
  const reference = (at: number) =>
    lines.map(({ sku, quantity }) => {
      const answer = referencePrice(records, {
        customer: "C",
        sku,
        quantity,
        unit: undefined,
        channel: undefined,
        currency: "EUR",
        at,
      });
      return "unitPrice" in answer ? answer.unitPrice : answer.unavailable;
    });

  it("a price changes at its instant, not a millisecond before or after, and is said to hold until then", async () => {
    expect(edges.length).toBeGreaterThan(8);
    // As one isolate has it, which remembers its answers from one instant to the next.
    const memory = new AnswerMemories().ofSnapshot(manifest);
    for (const [index, edge] of edges.entries()) {
      for (const at of [edge - 1, edge, edge + 1]) {
        const answer = await priceLines({ customer: "C", at, lines }, manifest, reader, memory);
        if (answer.kind !== "answered") throw new Error(answer.kind);
        const found = answer.lines.map((line) => ("unitPrice" in line ? line.unitPrice : line.unavailable));
        const where = new Date(at).toISOString();
        expect([where, found]).toEqual([where, reference(at)]);
        const { validUntil } = answer;
        // It names an instant at which something may change, and none is passed over.
        if (validUntil !== null)
          expect([where, edges]).toEqual([where, expect.arrayContaining([validUntil])]);
        const later = edges.slice(index).filter((other) => other > at);
        const change = later.find((other) => reference(other).join() !== reference(at).join());
        expect([where, (validUntil ?? Infinity) <= (change ?? Infinity)]).toEqual([where, true]);
        expect([where, validUntil === null || validUntil > at]).toEqual([where, true]);
      }
    }
  });
});
