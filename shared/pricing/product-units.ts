import { one, parseDecimal, type Fraction } from "./fraction.ts";
import type { Product } from "./records.ts";

/** How many base units one of each of the product's units is; the base unit comes first. */
export function factorsOf(product: Pick<Product, "unit" | "units">): ReadonlyMap<string, Fraction> {
  const factors = new Map([[product.unit, one]]);
  for (const { unit, factor } of product.units ?? []) factors.set(unit, parseDecimal(factor));
  return factors;
}
