import { compare, multiply, parseDecimal } from "../../fraction.ts";
import type { Rule } from "../../records.ts";
import type { Line } from "../line.ts";
import { worthOf } from "../quantity.ts";

/** Whether doubles agree that a quantity of just the minimum reaches it; for any other they do. */
export function isReachedInDoubles({ minQuantity }: Rule, counted: string | undefined, line: Line): boolean {
  const { product, quantity, unit, asked } = line;
  const worth = worthOf(counted, product);
  if (minQuantity === undefined || worth === undefined) return true;
  if (compare(quantity, multiply(parseDecimal(minQuantity), worth)) !== 0) return true;
  const [from, to] = [doublesOf(unit, line), doublesOf(counted ?? product.unit, line)];
  let value = Number(asked.question.quantity) * from.factor;
  if (from.per !== 1) value /= from.per;
  value = to.per === 1 ? value / to.factor : value * to.per;
  return Number(minQuantity) <= value;
}

function doublesOf(unit: string, { product }: Line): { factor: number; per: number } {
  const known = product.units?.find((other) => other.unit === unit);
  return { factor: Number(known?.factor ?? "1"), per: Number(known?.per ?? "1") };
}
