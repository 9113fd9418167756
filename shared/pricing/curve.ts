import { basePrice, compareNumbers } from "./base-price.ts";
import type { Company } from "./company.ts";
import { withListsAsked, type Contenders } from "./contenders.ts";
import { divide, fractionText, multiply, parseDecimal, type Fraction } from "./fraction.ts";
import type { Instant } from "./instant.ts";
import { ownPrice } from "./list-says.ts";
import { noteEnds } from "./period.ts";
import { pointAt, priceAt } from "./point.ts";
import { inOrder, type Quantity, type QuantityBand } from "./quantity-band.ts";
import type { FractionText, TierPrice, Unavailable } from "./question.ts";
import type { DecimalText } from "./records.ts";

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
  readonly from: FractionText;
  /** Whether the tier begins just above `from`, not at it. */
  readonly above?: true;
  readonly price: TierPrice | Unavailable;
}

/**
 * What one curve may come to. Prices that differ both in their days and in their minimums make as many tiers as there
 * are days times minimums, which an isolate has no memory for, and no store a value; ones that differ in one of them
 * alone stay far below.
 */
const tiersMax = 120_000;
/** At how many instants and quantities it may be looked for tiers. */
const placesMax = 1_000_000;

/** The curve, or undefined when there is no price at any instant, in any unit, for any quantity. */
export function curveOf(contenders: Contenders): Curve | undefined {
  const slices: Slice[] = [];
  const asked = withListsAsked(contenders);
  const instants = instantsOfChange(asked, contenders.company);
  const unitNames = [...contenders.units.keys()];
  let tiersCount = 0;
  for (const from of instants) {
    const quantities = unitNames.map((unit) => quantitiesOfChange(contenders, asked, from, unit));
    const places = instants.length * quantities.reduce((sum, { length }) => sum + length, 0);
    if (places > placesMax) return withoutPrices(unitNames);
    const units: Record<string, readonly Tier[]> = Object.fromEntries(
      unitNames.map((unit, index) => [unit, tiersOf(contenders, from, unit, quantities[index] ?? [])]),
    );
    const before = slices.at(-1);
    if (before !== undefined && haveSameTiers(before.units, units)) continue;
    slices.push({ from: from === -Infinity ? null : from, units });
    tiersCount += unitNames.reduce((sum, unit) => sum + (units[unit]?.length ?? 0), 0);
    if (tiersCount > tiersMax) return withoutPrices(unitNames);
  }
  return slices.every(isEmpty) ? undefined : slices;
}

/** The curve of a product that has too many tiers to be priced at all. */
export function withoutPrices(units: readonly string[]): Curve {
  const tiers: readonly Tier[] = [{ from: "0", price: { unavailable: "too_many_tiers" } }];
  return [{ from: null, units: Object.fromEntries(units.map((unit) => [unit, tiers])) }];
}

export function isWithoutPrices(curve: Curve): boolean {
  const [price] = Object.values(curve[0]?.units ?? {}).flatMap((tiers) =>
    tiers.slice(0, 1).map((tier) => tier.price),
  );
  return price !== undefined && "unavailable" in price && price.unavailable === "too_many_tiers";
}

function isEmpty(slice: Slice): boolean {
  return Object.values(slice.units).every((tiers) =>
    tiers.every(({ price }) => "unavailable" in price && price.unavailable === "no_price"),
  );
}

function tiersOf(
  contenders: Contenders,
  at: Instant,
  unit: string,
  quantities: readonly Quantity[],
): readonly Tier[] {
  const tiers: Tier[] = [];
  for (const quantity of quantities) {
    const price = priceAt(pointAt(contenders, at, unit, quantity));
    const before = tiers.at(-1);
    if (before !== undefined && isSamePrice(before.price, price)) continue;
    const from = fractionText(quantity.value);
    tiers.push(quantity.above ? { from, above: true, price } : { from, price });
  }
  return tiers;
}

/** Every instant at which something may begin or end that the price follows from. */
function instantsOfChange(asked: readonly Contenders[], company: Company): readonly Instant[] {
  const instants: Instant[] = [];
  for (const { instants: ofPrices, rules } of asked) {
    for (const instant of ofPrices) instants.push(instant);
    for (const { period, listPeriod } of rules) {
      noteEnds(period, instants);
      noteEnds(listPeriod, instants);
    }
  }
  if (company.policy.convert !== "none") for (const from of company.rates.instants()) instants.push(from);
  if (instants.length === 0) return sinceEver;
  const once = new Set([-Infinity, ...instants]);
  once.delete(Infinity);
  return [...once].sort(compareNumbers);
}

const sinceEver: readonly Instant[] = [-Infinity];

/** Every quantity at which a tier may begin; further ones do no harm. */
function quantitiesOfChange(
  contenders: Contenders,
  asked: readonly Contenders[],
  at: Instant,
  unit: string,
): readonly Quantity[] {
  const quantities: Quantity[] = [];
  const note = ({ min, max }: QuantityBand) => {
    if (min !== undefined) quantities.push({ value: min, above: false });
    if (max !== undefined) quantities.push({ value: max, above: true });
  };
  const isDoubles = contenders.company.policy.quantities === "doubles";
  const bands: QuantityBand[] = [];
  for (const one of asked) {
    if (one !== contenders) quantities.push(...one.quantities);
    for (const { band, amounts } of one.rules) {
      note(band);
      // Counted in doubles, a quantity of just the minimum may fall short of it.
      if (isDoubles && band.min !== undefined) quantities.push({ value: band.min, above: true });
      if (amounts !== undefined) bands.push(amounts);
    }
  }
  // Where the goods value reaches a bound depends on the price, which is the same between two breaks.
  if (bands.length > 0)
    for (const price of pricesBetween(asked, [...contenders.quantities, ...quantities], at, unit)) {
      for (const { min, max } of bands) {
        note({
          min: min === undefined ? undefined : divide(min, price),
          max: max === undefined ? undefined : divide(max, price),
        });
      }
    }
  return quantities.length === 0 ? contenders.quantities : inOrder([...contenders.quantities, ...quantities]);
}

/** The base prices, of the contenders and of every list that is asked, at these quantities; without zeros. */
function pricesBetween(
  asked: readonly Contenders[],
  quantities: readonly Quantity[],
  at: Instant,
  unit: string,
): Fraction[] {
  const prices: Fraction[] = [];
  for (const quantity of quantities) {
    for (const contenders of asked) {
      const point = pointAt(contenders, at, unit, quantity);
      for (const base of [basePrice(point), ownPrice(point)]) {
        if (base === undefined || "unavailable" in base) continue;
        if (base.price.perBaseUnit.numerator !== 0n) prices.push(base.price.perBaseUnit);
      }
    }
  }
  return prices;
}

/** Of two slices of one product, which have the same units. */
function haveSameTiers(some: Slice["units"], others: Slice["units"]): boolean {
  return Object.entries(some).every(([unit, tiers]) => {
    const beside = others[unit];
    return (
      beside?.length === tiers.length &&
      tiers.every((tier, index) => {
        const other = beside[index];
        return (
          other?.from === tier.from && other.above === tier.above && isSamePrice(tier.price, other.price)
        );
      })
    );
  });
}

function isSamePrice(a: Tier["price"], b: Tier["price"]): boolean {
  if ("unavailable" in a || "unavailable" in b)
    return "unavailable" in a && "unavailable" in b && a.unavailable === b.unavailable;
  return (
    a.unitPrice === b.unitPrice &&
    a.per === b.per &&
    a.graduated === b.graduated &&
    a.explanation.length === b.explanation.length &&
    a.explanation.every(({ step, record, amount }, index) => {
      const other = b.explanation[index];
      return other?.step === step && other.record === record && other.amount === amount;
    }) &&
    (a.line === b.line || JSON.stringify(a.line) === JSON.stringify(b.line))
  );
}

/** A quantity in base units. */
export function inBaseUnits(quantity: DecimalText, factor: Fraction): Fraction {
  return multiply(parseDecimal(quantity), factor);
}
