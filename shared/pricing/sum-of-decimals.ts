import { add, powerOfTen, zero, type Fraction } from "./fraction.ts";
import type { DecimalText } from "./records.ts";

/** The sum of decimals, exactly: those with as many decimal places are counted in whole numbers of their last place. */
export function sumOfDecimals(texts: readonly DecimalText[]): Fraction {
  const sums: bigint[] = []; // By decimal places.
  for (const text of texts) {
    const point = text.indexOf(".");
    const places = point === -1 ? 0 : text.length - point - 1;
    sums[places] = (sums[places] ?? 0n) + BigInt(text.replace(".", ""));
  }
  return sums.reduce(
    (total, sum, places) => add(total, { numerator: sum, denominator: powerOfTen(places) }),
    zero,
  );
}
