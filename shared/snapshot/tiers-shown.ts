import {
  compare,
  divide,
  multiply,
  parseDecimal,
  parseFraction,
  powerOfTen,
  type Fraction,
} from "../pricing/fraction.ts";
import type { Unavailable } from "../pricing/question.ts";
import type { DecimalText } from "../pricing/records.ts";
import { formatDecimal } from "../pricing/rounding.ts";
import type { ProductPage } from "./page.ts";
import type { ShownPrice, StoredCurve } from "./price-segment.ts";
import type { StoredTier } from "./price-template.ts";

/** A tier as a buyer reads it: from which quantity, in the asked unit, which price. */
export interface ShownTier {
  readonly from: DecimalText;
  /** The price begins just above `from`. */
  readonly above?: true;
  readonly unitPrice: DecimalText;
  /** Left out when it is 1. */
  readonly per?: DecimalText;
}

// Quantities have at most 8 places, so the next such quantity up is the first that can be asked.
const quantityPlaces = 8;

/** The tiers that have a price, in the asked unit; breaks stand at the product's multiples, if it has one. */
export function tiersShown(
  curve: StoredCurve,
  tiers: readonly StoredTier[],
  product: ProductPage,
  factor: Fraction,
): readonly ShownTier[] {
  const shown: ShownTier[] = [];
  let before: ShownPrice | undefined;
  tiers.forEach((tier, index) => {
    const next = tiers[index + 1];
    const first = index === 0 ? firstQuantity(product, factor, next) : atBreak(tier, product, factor);
    if (next !== undefined && isPassed(first, next, factor)) return;
    const price = curve.priceOf(tier);
    if (!("unavailable" in price) && !isSamePrice(before, price)) {
      shown.push({ ...first, unitPrice: price.unitPrice, ...perOf(price) });
    }
    before = price;
  });
  return shown;
}

type Available = Exclude<ShownPrice, Unavailable>;

// Neighbours may differ in their explanations only.
function isSamePrice(before: ShownPrice | undefined, price: Available): boolean {
  return (
    before !== undefined &&
    !("unavailable" in before) &&
    before.unitPrice === price.unitPrice &&
    before.per === price.per
  );
}

function perOf({ per }: Available): { per?: DecimalText } {
  return per === "1" ? {} : { per };
}

type Break = Pick<ShownTier, "from" | "above">;

function firstQuantity(product: ProductPage, factor: Fraction, next: StoredTier | undefined): Break {
  const least = product.minQuantity ?? product.multiple;
  if (least !== undefined) return atBreak({ from: least }, product, factor);
  const one = { from: "1" };
  return next !== undefined && isPassed(one, next, factor) ? { from: "0" } : one;
}

function atBreak(tier: Pick<StoredTier, "from" | "above">, product: ProductPage, factor: Fraction): Break {
  const from = parseFraction(tier.from);
  if (product.multiple === undefined) {
    return { from: upToPlaces(divide(from, factor)), ...(tier.above ? { above: true } : {}) };
  }
  const multiple = parseDecimal(product.multiple);
  const steps = divide(from, multiple);
  const whole = steps.numerator / steps.denominator;
  const exact = whole * steps.denominator === steps.numerator;
  const count = exact && tier.above !== true ? whole : whole + 1n;
  return { from: upToPlaces(divide(multiply(multiple, { numerator: count, denominator: 1n }), factor)) };
}

/** Whether the next tier begins no later, so that nothing is ever sold at this one. */
function isPassed(first: Break, next: StoredTier, factor: Fraction): boolean {
  const order = compare(multiply(parseDecimal(first.from), factor), parseFraction(next.from));
  return order > 0 || (order === 0 && (first.above === true || next.above !== true));
}

function upToPlaces(value: Fraction): DecimalText {
  const scaled = value.numerator * powerOfTen(quantityPlaces);
  const rounded = scaled / value.denominator + (scaled % value.denominator === 0n ? 0n : 1n);
  return formatDecimal(rounded, quantityPlaces, 0);
}
