import { minorUnitOf } from "../../../shared/pricing/currency.ts";
import { parseDecimal } from "../../../shared/pricing/fraction.ts";
import type { DecimalText } from "../../../shared/pricing/records.ts";
import { formatDecimal } from "../../../shared/pricing/rounding.ts";

/**
 * An amount for people: its thousands apart, at least the decimals of its currency, and no digit lost: 1,234.50, but
 * 0.00425.
 */
export function shownAmount(amount: DecimalText, currency: string): string {
  return grouped(amount, minorUnitOf(currency));
}

export function shownQuantity(quantity: DecimalText): string {
  return grouped(quantity, 0);
}

function grouped(text: DecimalText, placesMin: number): string {
  const point = text.indexOf(".");
  const places = point === -1 ? 0 : text.length - point - 1;
  const [whole = "", fraction] = formatDecimal(parseDecimal(text).numerator, places, placesMin).split(".");
  const thousands = whole.replaceAll(/\B(?=(?:\d{3})+$)/g, ",");
  return fraction === undefined ? thousands : `${thousands}.${fraction}`;
}
