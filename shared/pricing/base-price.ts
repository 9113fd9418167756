import type { Candidate } from "./candidate.ts";
import { compareIds } from "./compare-ids.ts";
import type { Contenders } from "./contenders.ts";
import { compare, parseDecimal, powerOfTen, zero, type Fraction } from "./fraction.ts";
import type { Instant } from "./instant.ts";
import type { FullPolicy } from "./full-policy.ts";
import { isAlways, isInForce } from "./period.ts";
import { toBaseUnit, toUnit } from "./product-units.ts";
import { isInBand, type Quantity } from "./quantity-band.ts";
import type { Unavailable } from "./question.ts";
import type { DecimalText } from "./records.ts";
import { round } from "./rounding.ts";
import { net } from "./tax.ts";

/** Where a price is asked for: one product for one customer, at one instant, in one unit, for one quantity. */
export interface Point {
  readonly contenders: Contenders;
  readonly at: Instant;
  readonly unit: string;
  readonly quantity: Quantity;
  /** What a list by itself says that a base unit costs. */
  readonly listSays: (list: string, base: BasePrice | undefined, point: Point) => Fraction | Unavailable;
}

/** A price on the way: what a base unit costs, and the quantity (`per`) that the answer is for. */
export interface RunningPrice {
  readonly perBaseUnit: Fraction;
  readonly per: DecimalText;
  /** Whether a bound of the last rule held it back. */
  readonly isBound?: boolean;
}

export interface BasePrice {
  readonly price: RunningPrice;
  /** Undefined for the product's list price. */
  readonly candidate: Candidate | undefined;
  readonly steps: readonly {
    readonly step: "price" | "listPrice" | "tax";
    readonly record?: string;
    readonly perBaseUnit: Fraction;
  }[];
}

/** The base price, or why it can't be told; undefined when there is none. */
export function basePrice(point: Point): BasePrice | Unavailable | undefined {
  const { contenders } = point;
  const { choosePrice, fallback } = contenders.company.policy;
  return choosePrice(point) ?? (fallback === "listPrice" ? listPrice(point) : undefined);
}

/** The product's list price as a base price. */
export function listPrice(point: Point): BasePrice | Unavailable | undefined {
  const { product, currency } = point.contenders;
  if (product.listPrice === undefined) return undefined;
  const { convert } = point.contenders.company.policy;
  if (convert !== "inputs" && product.listPrice.currency !== currency) return undefined;
  const perBaseUnit = inputAmount(product.listPrice, point);
  if ("unavailable" in perBaseUnit) return perBaseUnit;
  const each = asEntered(perBaseUnit, point);
  return {
    price: { perBaseUnit: each, per: product.listPrice.per ?? "1" },
    candidate: undefined,
    steps: [{ step: "listPrice", record: `product/${product.id}`, perBaseUnit: each }],
  };
}

/** A product's own amount, for one base unit in the currency in which prices are worked out. */
export function inputAmount(
  {
    amount,
    per,
    currency,
  }: { readonly amount: DecimalText; readonly per?: DecimalText | undefined; readonly currency: string },
  point: Point,
): Fraction | Unavailable {
  const { arithmetic } = point.contenders.company.policy;
  const each =
    per === undefined ? parseDecimal(amount) : arithmetic.divide(parseDecimal(amount), parseDecimal(per));
  return converted(each, currency, point);
}

/** The amount in the currency in which prices are worked out. */
export function converted(amount: Fraction, currency: string, point: Point): Fraction | Unavailable {
  const { company, currency: wanted } = point.contenders;
  if (currency === wanted) return amount;
  const found = company.rates.convert(amount, currency, wanted, point.at, company.policy.arithmetic);
  return found ?? { unavailable: "no_rate" };
}

/** Whether a price is for this point at all. */
export function fits(candidate: Candidate, point: Point): boolean {
  return isOpenAt(candidate, point) && isInBand(candidate.band, point.quantity);
}

/** Whether a price is for every point. */
export function fitsAlways({ period, list, band }: Candidate, { units }: FullPolicy): boolean {
  return (
    units === "convert" &&
    isAlways(period) &&
    (list === undefined || isAlways(list.period)) &&
    band.min === undefined &&
    band.max === undefined
  );
}

/** Whether a price is in force and for the asked unit, whatever the quantity. */
export function isOpenAt(
  { period, list, price, unit }: Candidate,
  { contenders, at, unit: asked }: Point,
): boolean {
  if (!isInForce(period, at) || (list !== undefined && !isInForce(list.period, at))) return false;
  switch (contenders.company.policy.units) {
    case "convert":
      return true;
    case "exact":
      return unit === asked;
    case "exactOrBlank":
      return price.unit === undefined || unit === asked;
  }
}

/** The candidate as a base price: in the right currency, for one base unit, net of tax. */
export function asBasePrice(candidate: Candidate, point: Point): BasePrice | Unavailable {
  const { amount, per, worth, price, record } = candidate;
  const { company, taxes } = point.contenders;
  const { arithmetic, tax } = company.policy;
  const each = price.per === undefined ? amount : arithmetic.divide(amount, per);
  const perBaseUnit = converted(toBaseUnit(each, worth, arithmetic), price.currency, point);
  if ("unavailable" in perBaseUnit) return perBaseUnit;
  const counted = price.per ?? "1";
  if (candidate.list?.taxIncluded !== true || tax.at !== "price") {
    const entered = asEntered(perBaseUnit, point);
    const steps = [{ step: "price" as const, record, perBaseUnit: entered }];
    return { price: { perBaseUnit: entered, per: counted }, candidate, steps };
  }
  const without = net(perBaseUnit, taxes, company, point.at);
  if ("unavailable" in without) return without;
  const entered = asEntered(without, point);
  return {
    price: { perBaseUnit: entered, per: counted },
    candidate,
    steps: [
      { step: "price", record, perBaseUnit },
      { step: "tax", perBaseUnit: entered },
    ],
  };
}

/** The price of a base unit as it counts from here on. */
function asEntered(perBaseUnit: Fraction, { contenders, unit }: Point): Fraction {
  const { company, minorUnit, units } = contenders;
  const worth = units.get(unit);
  if (!company.policy.roundsBasePrice || worth === undefined) return perBaseUnit;
  const { arithmetic, unitPrice } = company.policy;
  const places = unitPrice.places === "currency" ? minorUnit : unitPrice.places;
  const rounded = round(toUnit(perBaseUnit, worth, arithmetic), places, unitPrice.mode);
  return toBaseUnit({ numerator: rounded, denominator: powerOfTen(places) }, worth, arithmetic);
}

/** The best fitting candidate of one source, if one fits. */
export function bestFitting(candidates: readonly Candidate[], point: Point): Candidate | undefined {
  let best: Candidate | undefined;
  for (const candidate of candidates) {
    if (!fits(candidate, point)) continue;
    if (best === undefined || compareInSource(candidate, best, point) < 0) best = candidate;
  }
  return best;
}

/** Below zero when `a` is the better price at this point. */
export function compareInSource(a: Candidate, b: Candidate, { contenders, unit }: Point): number {
  const isOfCurrency = ({ price }: Candidate) => price.currency === contenders.currency;
  return (
    Number(isOfCurrency(b)) - Number(isOfCurrency(a)) ||
    Number(b.unit === unit) - Number(a.unit === unit) ||
    compare(b.band.min ?? zero, a.band.min ?? zero) ||
    compareNumbers(a.period.until - a.period.from, b.period.until - b.period.from) ||
    compareNumbers(b.period.from, a.period.from) ||
    compareIds(a.price.id, b.price.id)
  );
}

// Subtraction would turn two infinities into NaN.
export function compareNumbers(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
