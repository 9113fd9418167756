import { asBasePrice, compareInSource, isOpenAt, type BasePrice, type Point } from "./base-price.ts";
import type { Candidate } from "./candidate.ts";
import { compare, zero, type Fraction } from "./fraction.ts";
import type { Unavailable } from "./question.ts";

export interface Part {
  /** In base units; the part goes on to the next one's. */
  readonly from: Fraction;
  readonly part: BasePrice | Unavailable;
}

/** The parts of a quantity that have prices of their own, from the smallest quantity up. */
export function graduatedParts({ candidate: best }: BasePrice, point: Point): Part[] {
  if (best === undefined) return [];
  const source = point.contenders.bySource.find((candidates) => candidates.includes(best)) ?? [best];
  const steps: Candidate[] = [];
  const tiers = source
    .filter((candidate) => isTierBeside(candidate, best, point))
    .toSorted((a, b) => compare(startOf(a), startOf(b)) || compareInSource(a, b, point));
  for (const tier of tiers) {
    const before = steps.at(-1);
    // Of several that begin at one quantity the best comes first.
    if (before === undefined || compare(startOf(before), startOf(tier)) !== 0) steps.push(tier);
  }
  return steps.map((tier, index) => ({
    // What lies below the smallest break counts by the smallest price.
    from: index === 0 ? zero : startOf(tier),
    part: asBasePrice(tier, point),
  }));
}

function isTierBeside(candidate: Candidate, best: Candidate, point: Point): boolean {
  return (
    candidate.price.graduated === true &&
    candidate.unit === best.unit &&
    candidate.price.currency === best.price.currency &&
    isOpenAt(candidate, point) &&
    compare(startOf(candidate), point.quantity.value) <= 0
  );
}

function startOf({ band }: Candidate): Fraction {
  return band.min ?? zero;
}
