import { compare, divide, powerOfTen, type Fraction } from "../../shared/pricing/fraction.ts";
import { minorUnitOf } from "../../shared/pricing/currency.ts";
import { formatDecimal, round } from "../../shared/pricing/rounding.ts";
import type { RoundingMode } from "../../shared/pricing/records.ts";

/** Figures for people: exact where it matters, and short otherwise. */

const places = 2;
const placesMax = 12;

export function percentText(value: Fraction, mode: RoundingMode = "half-up"): string {
  return formatDecimal(round(value, places, mode), places, places);
}

/** With as many places as it takes to be seen on the right side of a bound: 9.998 % is not 10.00 %. */
export function percentBeside(value: Fraction, bound: Fraction): string {
  const side = compare(value, bound);
  for (let more = places; more < placesMax; more++) {
    const scaled = round(value, more, "half-up");
    const shown = divide(
      { numerator: scaled, denominator: 1n },
      { numerator: powerOfTen(more), denominator: 1n },
    );
    if (Math.sign(compare(shown, bound)) === Math.sign(side)) return formatDecimal(scaled, more, places);
  }
  return percentText(value, side > 0 ? "up" : "down");
}

/** In the currency's minor unit. */
export function amountText(value: Fraction, currency: string, mode: RoundingMode = "half-up"): string {
  const minorUnit = minorUnitOf(currency);
  return formatDecimal(round(value, minorUnit, mode), minorUnit, minorUnit);
}
