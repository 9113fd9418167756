import { multiply, parseDecimal, zero, type Fraction } from "./fraction.ts";
import type { Instant } from "./instant.ts";
import type { Period } from "./period.ts";
import { priceAt, type Contenders } from "./point.ts";
import { compareQuantities, type Quantity, type QuantityBand } from "./quantity-band.ts";
import type { Priced, Unavailable } from "./question.ts";
import type { DecimalText } from "./records.ts";
import { formatDecimal, round } from "./rounding.ts";

/**
 * A price with everything that can change it worked out: slices of time, in each the product's units, in
 * each the tiers of quantity. Slices and tiers are in order, and neighbours differ.
 */
export type Curve = readonly Slice[];

export interface Slice {
  /** The first instant of the slice, which lasts until the next one's; null: since ever. */
  readonly from: Instant | null;
  readonly units: Readonly<Record<string, readonly Tier[]>>;
}

export interface Tier {
  /** The smallest quantity, in base units; the first tier's is "0". */
  readonly from: DecimalText;
  /** Whether the tier begins just above `from`, not at it. */
  readonly above?: true;
  readonly price: Priced | Unavailable;
}

/** The curve, or undefined when there is no price at any instant, in any unit, for any quantity. */
export function curveOf(contenders: Contenders): Curve | undefined {
  const slices: Slice[] = [];
  for (const from of instantsOfChange(contenders)) {
    const units: Record<string, readonly Tier[]> = Object.fromEntries(
      [...contenders.factors.keys()].map((unit) => [unit, tiersOf(contenders, from, unit)]),
    );
    const before = slices.at(-1);
    if (before !== undefined && equal(before.units, units)) continue;
    slices.push({ from: from === -Infinity ? null : from, units });
  }
  return slices.every(isEmpty) ? undefined : slices;
}

function isEmpty(slice: Slice): boolean {
  return Object.values(slice.units).every((tiers) =>
    tiers.every(({ price }) => "unavailable" in price && price.unavailable === "no_price"),
  );
}

function tiersOf(contenders: Contenders, at: Instant, unit: string): readonly Tier[] {
  const tiers: Tier[] = [];
  for (const quantity of quantitiesOfChange(contenders)) {
    const price = priceAt(contenders, at, unit, quantity);
    const before = tiers.at(-1);
    if (before !== undefined && equal(before.price, price)) continue;
    tiers.push({ from: decimalText(quantity.value), ...(quantity.above ? { above: true } : {}), price });
  }
  return tiers;
}

function instantsOfChange(contenders: Contenders): Instant[] {
  const instants = new Set<Instant>([-Infinity]);
  const note = (period: Period | undefined) => {
    if (period === undefined) return;
    instants.add(period.from);
    instants.add(period.until);
  };
  const candidates = contenders.bySource.flat();
  for (const candidate of candidates) {
    note(candidate.period);
    note(candidate.listPeriod);
  }
  for (const rule of contenders.rules) {
    note(rule.period);
    note(rule.listPeriod);
  }
  if (candidates.some(({ taxIncluded }) => taxIncluded)) {
    for (const id of contenders.taxes ?? []) note(contenders.company.taxes.get(id)?.period);
  }
  instants.delete(Infinity);
  return [...instants].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

function quantitiesOfChange(contenders: Contenders): Quantity[] {
  const quantities: Quantity[] = [{ value: zero, above: false }];
  const note = ({ min, max }: QuantityBand) => {
    if (min !== undefined) quantities.push({ value: min, above: false });
    if (max !== undefined) quantities.push({ value: max, above: true });
  };
  for (const candidate of contenders.bySource.flat()) note(candidate.band);
  for (const rule of contenders.rules) note(rule.band);
  quantities.sort(compareQuantities);
  return quantities.filter((quantity, index) => {
    const before = quantities[index - 1];
    return before === undefined || compareQuantities(before, quantity) !== 0;
  });
}

// A break is a product of two decimals of at most 8 places each, so 16 places hold it exactly.
const breakPlaces = 16;

function decimalText(value: Fraction): DecimalText {
  return formatDecimal(round(value, breakPlaces, "down"), breakPlaces, 0);
}

function equal(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The slice that an instant lies in. */
export function sliceAt(
  curve: Curve,
  at: Instant,
): { readonly slice: Slice; readonly until: Instant | null } {
  let index = curve.length - 1;
  while (index > 0 && (curve[index]?.from ?? -Infinity) > at) index--;
  const slice = curve[index];
  if (slice === undefined) throw new RangeError("Cannot read a curve without slices");
  return { slice, until: curve[index + 1]?.from ?? null };
}

/** The tier that a quantity, in base units, lies in. */
export function tierAt(tiers: readonly Tier[], quantity: Fraction): Tier {
  const asked: Quantity = { value: quantity, above: false };
  let index = tiers.length - 1;
  while (index > 0 && compareQuantities(breakOf(tiers[index]), asked) > 0) index--;
  const tier = tiers[index];
  if (tier === undefined) throw new RangeError("Cannot read a unit without tiers");
  return tier;
}

function breakOf(tier: Tier | undefined): Quantity {
  return { value: parseDecimal(tier?.from ?? "0"), above: tier?.above ?? false };
}

/** A quantity in base units. */
export function inBaseUnits(quantity: DecimalText, factor: Fraction): Fraction {
  return multiply(parseDecimal(quantity), factor);
}
