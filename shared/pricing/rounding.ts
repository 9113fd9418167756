import { divide, multiply, powerOfTen, type Fraction } from "./fraction.ts";
import type { RoundingMode } from "./records.ts";

/**
 * The value times 10^places, rounded to an integer. The modes look at the magnitude: `half-up` rounds ties
 * away from zero, `half-even` to the even neighbour, `down` towards zero, `up` away from it.
 */
export function round(value: Fraction, places: number, mode: RoundingMode): bigint {
  return roundToInteger(
    { numerator: value.numerator * powerOfTen(places), denominator: value.denominator },
    mode,
  );
}

/** The value rounded to an integer. */
export function roundToInteger(value: Fraction, mode: RoundingMode): bigint {
  const negative = value.numerator < 0n;
  const dividend = negative ? -value.numerator : value.numerator;
  const quotient = dividend / value.denominator;
  const remainder = dividend % value.denominator;
  const magnitude = roundsUp(mode, quotient, remainder, value.denominator) ? quotient + 1n : quotient;
  return negative ? -magnitude : magnitude;
}

/** The value rounded to a multiple of `step`, which is above zero. */
export function roundToMultiple(value: Fraction, step: Fraction, mode: RoundingMode): Fraction {
  return multiply({ numerator: roundToInteger(divide(value, step), mode), denominator: 1n }, step);
}

function roundsUp(mode: RoundingMode, quotient: bigint, remainder: bigint, divisor: bigint): boolean {
  switch (mode) {
    case "half-up":
      return remainder * 2n >= divisor;
    case "half-even":
      return remainder * 2n > divisor || (remainder * 2n === divisor && quotient % 2n === 1n);
    case "down":
      return false;
    case "up":
      return remainder > 0n;
  }
}

/** The decimal text of a value that is rounded half up to `places`, with trailing zeros dropped down to `placesMin`. */
export function decimalText(value: Fraction, places: number, placesMin: number): string {
  // Most values are decimals already, and then there is nothing to divide.
  for (let known = 0; known <= places; known++) {
    if (value.denominator === powerOfTen(known)) return formatDecimal(value.numerator, known, placesMin);
  }
  return formatDecimal(round(value, places, "half-up"), places, placesMin);
}

/** The decimal text of `scaled` / 10^places, with trailing zeros dropped down to `placesMin` places. */
export function formatDecimal(scaled: bigint, places: number, placesMin: number): string {
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  let fraction = digits.slice(digits.length - places);
  let end = fraction.length;
  while (end > placesMin && fraction.charCodeAt(end - 1) === 0x30) end--;
  fraction = fraction.slice(0, end).padEnd(placesMin, "0");
  return `${scaled < 0n ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}
