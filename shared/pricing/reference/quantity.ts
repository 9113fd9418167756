import { compare, divide, multiply, one, parseDecimal, type Fraction } from "../fraction.ts";
import type { DecimalText, Product } from "../records.ts";
import type { Line } from "./line.ts";

interface UnitSize {
  readonly factor: Fraction;
  readonly per: Fraction;
}

interface Banded {
  readonly minQuantity?: DecimalText | undefined;
  readonly maxQuantity?: DecimalText | undefined;
}

/** `per` of the unit are `factor` base units; no unit is the base unit. Undefined when the product doesn't know it. */
function sizeOf(unit: string | undefined, product: Product): UnitSize | undefined {
  if (unit === undefined || unit === product.unit) return { factor: one, per: one };
  const known = product.units?.find((other) => other.unit === unit);
  if (known === undefined) return undefined;
  return { factor: parseDecimal(known.factor), per: parseDecimal(known.per ?? "1") };
}

/** How many base units one of a unit is worth; undefined when the product doesn't know it. */
export function worthOf(unit: string | undefined, product: Product): Fraction | undefined {
  const size = sizeOf(unit, product);
  return size === undefined ? undefined : divide(size.factor, size.per);
}

export function isKnownUnit(unit: string | undefined, product: Product): boolean {
  return sizeOf(unit, product) !== undefined;
}

/** Whether a quantity, in base units, lies in a band that counts in a unit. */
export function isInBand(
  band: Banded,
  unit: string | undefined,
  quantity: Fraction,
  product: Product,
): boolean {
  const worth = worthOf(unit, product);
  if (worth === undefined) return false;
  const { minQuantity, maxQuantity } = band;
  if (minQuantity !== undefined && compare(quantity, multiply(parseDecimal(minQuantity), worth)) < 0)
    return false;
  return maxQuantity === undefined || compare(quantity, multiply(parseDecimal(maxQuantity), worth)) <= 0;
}

/** What one base unit costs when one of a known unit costs the amount. */
export function eachOf(amount: Fraction, unit: string | undefined, { asked, product }: Line): Fraction {
  const { factor, per } = sizeOf(unit, product) ?? unknown(unit, product);
  return asked.arithmetic.multiply(asked.arithmetic.divide(amount, factor), per);
}

/** What one of a known unit costs when one base unit costs `each`. */
export function forUnit(each: Fraction, unit: string | undefined, { asked, product }: Line): Fraction {
  const { factor, per } = sizeOf(unit, product) ?? unknown(unit, product);
  return asked.arithmetic.divide(asked.arithmetic.multiply(each, factor), per);
}

function unknown(unit: string | undefined, product: Product): never {
  throw new RangeError(`Cannot convert a price: ${product.id} has no unit ${unit ?? "of its own"}`);
}
