import type { Arithmetic } from "./arithmetic.ts";
import { divide, one, parseDecimal, type Fraction } from "./fraction.ts";
import type { Product, ProductUnit } from "./records.ts";

/** What a unit is worth: `per` of it are `factor` base units. */
export interface UnitWorth {
  readonly factor: Fraction;
  readonly per: Fraction;
  /** Base units that one of it is. */
  readonly worth: Fraction;
}

const baseWorth: UnitWorth = { factor: one, per: one, worth: one };

/** What each of the product's units is worth; the base unit comes first. */
export function unitsOf(product: Pick<Product, "unit" | "units">): ReadonlyMap<string, UnitWorth> {
  const units = new Map([[product.unit, baseWorth]]);
  for (const other of product.units ?? []) units.set(other.unit, worthOf(other));
  return units;
}

export function worthOf({ factor, per }: Pick<ProductUnit, "factor" | "per">): UnitWorth {
  const [base, count] = [parseDecimal(factor), per === undefined ? one : parseDecimal(per)];
  return { factor: base, per: count, worth: divide(base, count) };
}

/** The price of one base unit, from that of one unit. */
export function toBaseUnit(price: Fraction, { factor, per }: UnitWorth, arithmetic: Arithmetic): Fraction {
  const base = isOne(factor) ? price : arithmetic.divide(price, factor);
  return isOne(per) ? base : arithmetic.multiply(base, per);
}

/** The price of one unit, from that of one base unit. */
export function toUnit(price: Fraction, { factor, per }: UnitWorth, arithmetic: Arithmetic): Fraction {
  const whole = isOne(factor) ? price : arithmetic.multiply(price, factor);
  return isOne(per) ? whole : arithmetic.divide(whole, per);
}

function isOne({ numerator, denominator }: Fraction): boolean {
  return numerator === denominator;
}
