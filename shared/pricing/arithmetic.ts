import { add, divide, multiply, powerOfTen, subtract, type Fraction } from "./fraction.ts";
import { roundToInteger } from "./rounding.ts";

/** How amounts are calculated with: exactly, or as an ERP does. */
export interface Arithmetic {
  readonly add: Operation;
  readonly subtract: Operation;
  readonly multiply: Operation;
  /** @throws {RangeError} when the divisor is zero */
  readonly divide: Operation;
}

type Operation = (a: Fraction, b: Fraction) => Fraction;

/** Fractions of integers: nothing is rounded. */
export const exact: Arithmetic = { add, subtract, multiply, divide };

/** Each result has 28 significant digits, half even: the default context of Python's `decimal`. */
export const decimal28: Arithmetic = {
  add: (a, b) => toDigits(add(a, b)),
  subtract: (a, b) => toDigits(subtract(a, b)),
  multiply: (a, b) => toDigits(multiply(a, b)),
  divide: (a, b) => toDigits(divide(a, b)),
};

const digits = 28;

/** The value with 28 significant digits, half even. */
export function toDigits(value: Fraction): Fraction {
  const { numerator, denominator } = value;
  if (numerator === 0n) return { numerator: 0n, denominator: 1n };
  const magnitude = numerator < 0n ? -numerator : numerator;
  // Within one of the exponent of ten; the first division below says which.
  let places = digits - (magnitude.toString().length - denominator.toString().length);
  for (;;) {
    const scaled: Fraction =
      places >= 0
        ? { numerator: magnitude * powerOfTen(places), denominator }
        : { numerator: magnitude, denominator: denominator * powerOfTen(-places) };
    const length = (scaled.numerator / scaled.denominator).toString().length;
    if (length > digits) {
      places--;
      continue;
    }
    if (length < digits) {
      places++;
      continue;
    }
    const rounded = roundToInteger(scaled, "half-even");
    const signed = numerator < 0n ? -rounded : rounded;
    return places >= 0
      ? shortened(signed, places)
      : { numerator: signed * powerOfTen(-places), denominator: 1n };
  }
}

/** Without the zeros at its end, so that numbers stay short from one step to the next. */
function shortened(scaled: bigint, places: number): Fraction {
  let numerator = scaled;
  let left = places;
  while (left > 0 && numerator % 10n === 0n) {
    numerator /= 10n;
    left--;
  }
  return { numerator, denominator: powerOfTen(left) };
}
