import {
  add,
  compare,
  divide,
  multiply,
  subtract,
  zero,
  type Fraction,
} from "../../shared/pricing/fraction.ts";

/** What an item brings to the whole, if it is the one that is picked on its line. */
export interface Part {
  readonly part: Fraction;
  /** From zero up. */
  readonly whole: Fraction;
}

/**
 * The highest share that the sum of parts can have in the sum of wholes, where one item is picked of each line.
 * Picks whose wholes add up to zero have no share, and their parts must not be above zero; undefined where there are
 * no other picks.
 *
 * Picking the item with the highest share on each line is not enough, since lines weigh differently. This is
 * Dinkelbach's method: for a share that some picks have, the best picks are found line by line; where they have a
 * higher one, that is tried next. Each round comes closer, and there are only so many picks.
 */
export function highestShare(lines: readonly (readonly Part[])[]): Fraction | undefined {
  let share = shareOf(lines.map((items) => bestOf(items, ({ whole }) => whole)));
  while (share !== undefined) {
    const tried = share;
    const gain = ({ part, whole }: Part) => subtract(part, multiply(tried, whole));
    const picks = lines.map((items) => bestOf(items, gain));
    if (compare(sumOf(picks.map(gain)), zero) <= 0) return share;
    share = shareOf(picks);
  }
  return undefined;
}

function bestOf(items: readonly Part[], worth: (item: Part) => Fraction): Part {
  const [first, ...others] = items;
  if (first === undefined) throw new RangeError("Cannot pick an item of a line that has none");
  return others.reduce((best, item) => (compare(worth(item), worth(best)) > 0 ? item : best), first);
}

function shareOf(picks: readonly Part[]): Fraction | undefined {
  const whole = sumOf(picks.map((pick) => pick.whole));
  return whole.numerator === 0n ? undefined : divide(sumOf(picks.map(({ part }) => part)), whole);
}

/** Adds what has the same denominator first, so that the numbers stay short. */
export function sumOf(values: readonly Fraction[]): Fraction {
  const byDenominator = new Map<bigint, bigint>();
  for (const { numerator, denominator } of values) {
    byDenominator.set(denominator, (byDenominator.get(denominator) ?? 0n) + numerator);
  }
  return [...byDenominator].reduce(
    (sum, [denominator, numerator]) => add(sum, { numerator, denominator }),
    zero,
  );
}
