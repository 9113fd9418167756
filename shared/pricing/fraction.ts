/**
 * Exact arithmetic: a fraction of two integers, the denominator above zero. Fractions are not reduced, since
 * a price takes few steps; what is stored or shown is a rounded decimal text.
 */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export const zero: Fraction = { numerator: 0n, denominator: 1n };
export const one: Fraction = { numerator: 1n, denominator: 1n };
export const hundred: Fraction = { numerator: 100n, denominator: 1n };

/**
 * The fraction of a decimal text such as `-12.50`.
 * @throws {RangeError} for any other text: intake refuses those, so only a bug lets one come here
 */
export function parseDecimal(text: string): Fraction {
  if (text.length > shortLengthMax) return readDecimal(text);
  const known = shortOnes.get(text);
  if (known !== undefined) return known;
  const made = readDecimal(text);
  shortOnes.set(text, made);
  return made;
}

// Percentages, quantities and factors come again and again; there are few texts as short as these.
const shortLengthMax = 4;
const shortOnes = new Map<string, Fraction>();

function readDecimal(text: string): Fraction {
  const point = text.indexOf(".");
  const digits = point === -1 ? text : text.slice(0, point) + text.slice(point + 1);
  if (!/^-?[0-9]+$/.test(digits)) throw new RangeError(`Cannot read a decimal: ${JSON.stringify(text)}`);
  return { numerator: BigInt(digits), denominator: powerOfTen(point === -1 ? 0 : text.length - point - 1) };
}

/** A fraction as text: a decimal where it has an end, else `numerator/denominator`. */
export function fractionText(value: Fraction): string {
  if (value.denominator === 1n) return value.numerator.toString();
  const divisor = greatestDivisor(
    value.numerator < 0n ? -value.numerator : value.numerator,
    value.denominator,
  );
  const [numerator, denominator] = [value.numerator / divisor, value.denominator / divisor];
  let places = 0;
  let scale = 1n;
  while (scale % denominator !== 0n && places < placesMax) scale = powerOfTen(++places);
  if (scale % denominator !== 0n) return `${numerator}/${denominator}`;
  const scaled = numerator * (scale / denominator);
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(places + 1, "0");
  const sign = scaled < 0n ? "-" : "";
  return places === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

const placesMax = 40;

/** Reads what `fractionText` writes. */
export function parseFraction(text: string): Fraction {
  const slash = text.indexOf("/");
  return slash === -1
    ? parseDecimal(text)
    : { numerator: BigInt(text.slice(0, slash)), denominator: BigInt(text.slice(slash + 1)) };
}

function greatestDivisor(a: bigint, b: bigint): bigint {
  let [larger, smaller] = [a, b];
  while (smaller !== 0n) [larger, smaller] = [smaller, larger % smaller];
  return larger === 0n ? 1n : larger;
}

export function add(a: Fraction, b: Fraction): Fraction {
  if (a.denominator === b.denominator) {
    return { numerator: a.numerator + b.numerator, denominator: a.denominator };
  }
  return {
    numerator: a.numerator * b.denominator + b.numerator * a.denominator,
    denominator: a.denominator * b.denominator,
  };
}

export function subtract(a: Fraction, b: Fraction): Fraction {
  return add(a, { numerator: -b.numerator, denominator: b.denominator });
}

export function multiply(a: Fraction, b: Fraction): Fraction {
  // Most often by a `per` of one; a bigint is made for each product.
  if (b.denominator === 1n) {
    return b.numerator === 1n ? a : { numerator: a.numerator * b.numerator, denominator: a.denominator };
  }
  return { numerator: a.numerator * b.numerator, denominator: a.denominator * b.denominator };
}

/** @throws {RangeError} when the divisor is zero */
export function divide(a: Fraction, b: Fraction): Fraction {
  if (b.numerator === 0n) throw new RangeError("Cannot divide by zero");
  if (b.numerator < 0n) {
    return { numerator: -a.numerator * b.denominator, denominator: -a.denominator * b.numerator };
  }
  return {
    numerator: b.denominator === 1n ? a.numerator : a.numerator * b.denominator,
    denominator: a.denominator * b.numerator,
  };
}

/** Below zero, zero or above zero, as `a` is less than, equal to or greater than `b`. */
export function compare(a: Fraction, b: Fraction): number {
  const isSameUnit = a.denominator === b.denominator;
  const left = isSameUnit ? a.numerator : a.numerator * b.denominator;
  const right = isSameUnit ? b.numerator : b.numerator * a.denominator;
  return left < right ? -1 : left > right ? 1 : 0;
}

export function isNegative(value: Fraction): boolean {
  return value.numerator < 0n;
}

export function isMultipleOf(value: Fraction, step: Fraction): boolean {
  return (value.numerator * step.denominator) % (value.denominator * step.numerator) === 0n;
}

const powersOfTen: bigint[] = [1n];

export function powerOfTen(exponent: number): bigint {
  for (let known = powersOfTen.length; known <= exponent; known++) {
    powersOfTen.push((powersOfTen[known - 1] ?? 1n) * 10n);
  }
  return powersOfTen[exponent] ?? 1n;
}
