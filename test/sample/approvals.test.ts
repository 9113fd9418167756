import { expect, it } from "vitest";
import { multiply, parseDecimal, type Fraction } from "../../shared/pricing/fraction.ts";
import { Rates } from "../../shared/pricing/rates.ts";
import { formatDecimal, round } from "../../shared/pricing/rounding.ts";
import type { AssessedItem } from "../../shared/quoting/desk.ts";
import { assessed } from "../../control-plane/quoting/assess.ts";
import { sampleRecords } from "./feed.ts";

const now = new Date("2026-11-24T12:00:00Z");
const records = sampleRecords(now);
const products = new Map(
  records.flatMap((record) => (record.type === "product" ? [[record.id, record] as const] : [])),
);

/** A product at its list price less 12 %. */
function offered(line: string, sku: string, quantity: string): AssessedItem {
  const listedPrice = products.get(sku)?.listPrice?.amount ?? "";
  const offeredPrice = inCents(multiply(parseDecimal(listedPrice), parseDecimal("0.88")));
  const times = (price: string) => inCents(multiply(parseDecimal(price), parseDecimal(quantity)));
  const prices = { per: "1", offeredPrice, lineTotal: times(offeredPrice), listedPrice };
  return { line, item: "0", sku, quantity, unit: "EA", ...prices, listedTotal: times(listedPrice) };
}

function inCents(amount: Fraction): string {
  return formatDecimal(round(amount, 2, "half-up"), 2, 2);
}

it("40 bikes and some jerseys at 12 % off need the region's sales manager, then the finance manager", () => {
  const store = records.find((record) => record.type === "customer");
  const { tiers, margin } = assessed(
    {
      sequence: 1,
      customer: store?.id ?? "",
      currency: "USD",
      at: now.toISOString(),
      lines: [offered("1", "BK-M68B-38", "40"), offered("2", "LJ-0192-L", "20")],
    },
    {
      at: now.getTime(),
      ages: [],
      desk: {
        policies: records.filter((record) => record.type === "approvalPolicy"),
        people: records.filter((record) => record.type === "person"),
        products,
        categories: new Map(),
        rates: new Rates([], "UTC"),
        timeZone: "UTC",
        profile: records.find((record) => record.type === "company"),
        paymentTerms: undefined,
        groups: new Set(),
        team: store?.team ?? [],
      },
    },
  );
  expect(
    tiers.map(({ tier, clauses, causes }) => [
      tier,
      clauses,
      causes.map(({ policy, line }) => [policy, line]),
    ]),
  ).toEqual([
    [
      1,
      [{ atLeast: 1, of: [{ person: "sales-manager-north-america" }] }],
      [["discount-above-10", undefined]],
    ],
    [2, [{ atLeast: 1, of: [{ person: "finance-manager" }] }], [["line-margin-below-15", "2"]]],
  ]);
  expect(margin).toEqual({ total: "37.73", lines: { 1: "38.01", 2: "12.50" } });
});
