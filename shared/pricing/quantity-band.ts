import { compare, multiply, parseDecimal, type Fraction } from "./fraction.ts";
import type { DecimalText } from "./records.ts";

/** Both ends inclusive, in base units. */
export interface QuantityBand {
  readonly min: Fraction | undefined;
  readonly max: Fraction | undefined;
}

/** A quantity in base units, or (with `above`) one as little above it as can be. */
export interface Quantity {
  readonly value: Fraction;
  readonly above: boolean;
}

/** The band of a record that counts in a unit of `factor` base units. */
export function bandOf(
  record: { readonly minQuantity?: DecimalText | undefined; readonly maxQuantity?: DecimalText | undefined },
  factor: Fraction,
): QuantityBand {
  return {
    min: record.minQuantity === undefined ? undefined : multiply(parseDecimal(record.minQuantity), factor),
    max: record.maxQuantity === undefined ? undefined : multiply(parseDecimal(record.maxQuantity), factor),
  };
}

export function isInBand(band: QuantityBand, quantity: Quantity): boolean {
  if (band.min !== undefined && compare(quantity.value, band.min) < 0) return false;
  if (band.max === undefined) return true;
  const toMax = compare(quantity.value, band.max);
  return toMax < 0 || (toMax === 0 && !quantity.above);
}

/** By value, and just above a value after the value itself. */
export function compareQuantities(a: Quantity, b: Quantity): number {
  return compare(a.value, b.value) || Number(a.above) - Number(b.above);
}

/** Quantities in order, each once. */
export function inOrder(quantities: Quantity[]): readonly Quantity[] {
  quantities.sort(compareQuantities);
  return quantities.filter((quantity, index) => {
    const before = quantities[index - 1];
    return before === undefined || compareQuantities(before, quantity) !== 0;
  });
}
