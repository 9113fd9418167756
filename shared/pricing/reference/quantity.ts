import { compare, multiply, one, parseDecimal, type Fraction } from "../fraction.ts";
import type { DecimalText, Product } from "../records.ts";

/** How many base units one of a unit is; no unit is the base unit. Undefined when the product does not know it. */
export function factorOf(unit: string | undefined, product: Product): Fraction | undefined {
  if (unit === undefined || unit === product.unit) return one;
  const other = product.units?.find((known) => known.unit === unit);
  return other === undefined ? undefined : parseDecimal(other.factor);
}

interface Banded {
  readonly unit?: string | undefined;
  readonly minQuantity?: DecimalText | undefined;
  readonly maxQuantity?: DecimalText | undefined;
}

/** Whether a quantity, in base units, lies in the band of a record whose unit the product knows. */
export function isInBand(record: Banded, quantity: Fraction, product: Product): boolean {
  const factor = factorOf(record.unit, product);
  if (factor === undefined) return false;
  const { minQuantity, maxQuantity } = record;
  if (minQuantity !== undefined && compare(quantity, multiply(parseDecimal(minQuantity), factor)) < 0)
    return false;
  return maxQuantity === undefined || compare(quantity, multiply(parseDecimal(maxQuantity), factor)) <= 0;
}
