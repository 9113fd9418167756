import { parseDecimal, type Fraction } from "../fraction.ts";
import type { AmountPer } from "../records.ts";
import { entering } from "./currency.ts";
import type { Line } from "./line.ts";
import { eachOf } from "./quantity.ts";

/** What the product itself says one base unit is: its list price or its cost, in the line's currency. */
export function ownEach(field: "listPrice" | "cost", line: Line): Fraction | undefined {
  const stated = line.product[field];
  return stated === undefined ? undefined : statedEach(stated, undefined, line);
}

/** What one base unit costs by an amount for `per` of a unit; undefined when its currency is left out. */
export function statedEach(
  { amount, currency, per = "1" }: AmountPer,
  unit: string | undefined,
  line: Line,
): Fraction | undefined {
  const value = entering(amount, currency, line);
  if (value === undefined) return undefined;
  return eachOf(line.asked.arithmetic.divide(value, parseDecimal(per)), unit, line);
}
