import { add, parseDecimal, powerOfTen, zero, type Fraction } from "./fraction.ts";
import type { DecimalText } from "./records.ts";

/**
 * The sum of decimals, exactly. What is small is counted in whole numbers of its smallest place, which a double holds
 * exactly up to 2^53 and adds far quicker than bigints are made; the rest is added as fractions.
 */
export function sumOfDecimals(texts: readonly DecimalText[]): Fraction {
  const sums: number[] = []; // By decimal places.
  let rest = zero;
  for (const text of texts) {
    const places = smallPlaces(text);
    if (places === undefined) rest = add(rest, parseDecimal(text));
    else sums[places] = (sums[places] ?? 0) + digitsOf(text);
  }
  return sums.reduce(
    (total, sum, places) => add(total, { numerator: BigInt(sum), denominator: powerOfTen(places) }),
    rest,
  );
}

// A million texts of so many characters still add up to less than 2^53.
const lengthMax = 10;

/** How many decimal places a small positive decimal has; undefined for all others. */
function smallPlaces(text: DecimalText): number | undefined {
  if (text.length > lengthMax || text.startsWith("-")) return undefined;
  const point = text.indexOf(".");
  return point === -1 ? 0 : text.length - point - 1;
}

/** The digits, without the point, as a whole number. */
function digitsOf(text: DecimalText): number {
  let digits = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code !== 0x2e) digits = digits * 10 + (code - 0x30);
  }
  return digits;
}
