import { compare, divide, fractionText, multiply, one, parseDecimal } from "./fraction.ts";
import type { UnitWorth } from "./product-units.ts";
import type { DecimalText } from "./records.ts";

/**
 * Whether a quantity of exactly a rule's minimum reaches it for an ERP that counts in binary doubles (amounts never
 * are): 1.005 kg are 1004.9999999999999 g there, and fall short of a break at 1005 g. Quantities have few enough
 * digits that no other quantity is misjudged.
 */
export function reachesInDoubles(
  minimum: DecimalText,
  { counted, asked }: { readonly counted: UnitWorth; readonly asked: UnitWorth },
): boolean {
  const quantity = fractionText(divide(multiply(parseDecimal(minimum), counted.worth), asked.worth));
  // A quantity that is no decimal of a few places can't be asked for.
  if (quantity.includes("/")) return true;
  const base = inBaseUnits(double(quantity), asked);
  const found = isOne(counted.per) ? base / toDouble(counted.factor) : base * toDouble(counted.per);
  return double(minimum) <= found;
}

function inBaseUnits(quantity: number, { factor, per }: UnitWorth): number {
  return isOne(per) ? quantity * toDouble(factor) : (quantity * toDouble(factor)) / toDouble(per);
}

function isOne(value: UnitWorth["per"]): boolean {
  return compare(value, one) === 0;
}

function toDouble(value: UnitWorth["per"]): number {
  return double(fractionText(value));
}

// The nearest double, as every language reads the text.
function double(text: DecimalText): number {
  return Number(text);
}
