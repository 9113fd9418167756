import { isSameAddressee } from "./addressee.ts";
import type { Addressee, Approval, Clause, Tier } from "./approval.ts";

/** One person's approval within a tier, and the addressees whose place it counts for. */
export type Vote = Pick<Approval, "as">;

export interface ClauseProgress {
  readonly needed: number;
  /** At most as many as are needed. */
  readonly reached: number;
}

/**
 * How far a clause is met. Each vote fills one addressee's place, so that all of two roles takes two persons, one of
 * each. Where more are needed than there are addressees, every place must be filled, and further votes count as well.
 * A clause that names nobody is never met.
 */
export function clauseProgress({ atLeast, of }: Clause, votes: readonly Vote[]): ClauseProgress {
  const needed = Math.max(atLeast, 1);
  const fitting = votes.filter(({ as }) => of.some((addressee) => includes(as, addressee)));
  const filled = Math.min(placesFilled(of, fitting), needed);
  const further = Math.min(fitting.length - filled, Math.max(needed - of.length, 0));
  return { needed, reached: filled + further };
}

export function isMet(clause: Clause, votes: readonly Vote[]): boolean {
  const { needed, reached } = clauseProgress(clause, votes);
  return reached >= needed;
}

export function isTierMet({ clauses }: Tier, votes: readonly Vote[]): boolean {
  return clauses.every((clause) => isMet(clause, votes));
}

/** Whether one more vote would bring the tier further. */
export function isWaitingFor({ clauses }: Tier, votes: readonly Vote[], vote: Vote): boolean {
  return clauses.some(
    (clause) => clauseProgress(clause, [...votes, vote]).reached > clauseProgress(clause, votes).reached,
  );
}

/** All that a tier names, each once. */
export function addresseesOfTier({ clauses }: Tier): readonly Addressee[] {
  const all = clauses.flatMap(({ of }) => of);
  return all.filter((addressee, index) => all.findIndex((a) => isSameAddressee(a, addressee)) === index);
}

function includes(as: readonly Addressee[], addressee: Addressee): boolean {
  return as.some((own) => isSameAddressee(own, addressee));
}

/** The most places that can be filled with one vote each: a maximum matching, by augmenting paths. */
function placesFilled(of: readonly Addressee[], votes: readonly Vote[]): number {
  const voteOfPlace = new Map<number, number>();
  const fill = (vote: number, tried: Set<number>): boolean => {
    for (const [place, addressee] of of.entries()) {
      if (tried.has(place) || !includes(votes[vote]?.as ?? [], addressee)) continue;
      tried.add(place);
      const holder = voteOfPlace.get(place);
      if (holder !== undefined && !fill(holder, tried)) continue;
      voteOfPlace.set(place, vote);
      return true;
    }
    return false;
  };
  return votes.filter((_, vote) => fill(vote, new Set())).length;
}
