import { addresseesOfTier } from "./clause-progress.ts";
import type { Addressee, ApprovalState, Approval, Authority, Delegation, Limit, Tier } from "./approval.ts";

/** What somebody may act as in the tier that is asked now. */
export interface Place {
  /** Whose it is: the person's own, or that of somebody it stands in for. */
  readonly holder: string;
  readonly as: readonly Addressee[];
  /** In whose place one acts who acts here, where it is not their own. */
  readonly insteadOf?: string;
  /** All of them bind. */
  readonly limits: readonly Limit[];
}

/**
 * The places that a person may act in, in the order in which one is taken: their own (everybody's, once the tier is
 * escalated to them), those that were handed on to them, then the same of those they stand in for. Nobody acts in the place of somebody who
 * has decided already.
 */
export function placesOf(approval: ApprovalState, tier: Tier, authority: Authority): readonly Place[] {
  const absent = authority.standsInFor.filter(({ person }) => !hasDecided(approval, tier, person));
  return [
    ...heldBy(approval, tier, authority),
    ...absent.flatMap((standIn) =>
      heldBy(approval, tier, standIn).map((place) => ({ ...place, insteadOf: standIn.person })),
    ),
  ];
}

/** Whether somebody, or a stand-in for them, has approved in the tier. */
export function hasDecided(approval: ApprovalState, tier: Tier, person: string): boolean {
  return votesOf(approval, tier).some(
    (vote) => vote.person === person || (vote.insteadOf === person && !isByDelegation(approval, vote)),
  );
}

/** The approvals of one tier. */
export function votesOf({ approvals }: ApprovalState, tier: Tier): readonly Approval[] {
  return approvals.filter((approval) => approval.tier === tier.tier);
}

/** Handed on by them, so that their own place is not theirs any more. */
export function hasHandedOn({ delegations }: ApprovalState, tier: Tier, person: string): boolean {
  return delegations.some((delegation) => delegation.tier === tier.tier && delegation.from === person);
}

/** What was handed on to them, and not by them to somebody else. */
export function handedTo({ delegations }: ApprovalState, tier: Tier, person: string): readonly Delegation[] {
  let held: readonly Delegation[] = [];
  for (const delegation of delegations) {
    if (delegation.tier !== tier.tier) continue;
    if (delegation.from === person) held = [];
    else if (delegation.to === person) held = [...held, delegation];
  }
  return held;
}

function heldBy(
  approval: ApprovalState,
  tier: Tier,
  { person, roles, limit }: Omit<Authority, "standsInFor">,
): readonly Place[] {
  const isThem = (addressee: Addressee) =>
    "role" in addressee ? roles.includes(addressee.role) : addressee.person === person;
  const place = { holder: person, limits: limit === undefined ? [] : [limit] };
  const handed = handedTo(approval, tier, person).map(({ as, from, limits }) => ({
    holder: person,
    as,
    insteadOf: from,
    limits: [...place.limits, ...limits],
  }));
  if (hasHandedOn(approval, tier, person)) return handed;

  const isEscalatedTo = approval.escalated && tier.escalateTo !== undefined && isThem(tier.escalateTo);
  const all = addresseesOfTier(tier);
  return [{ ...place, as: isEscalatedTo ? all : all.filter(isThem) }, ...handed];
}

function isByDelegation({ delegations }: ApprovalState, { tier, person, insteadOf }: Approval): boolean {
  return delegations.some((d) => d.tier === tier && d.from === insteadOf && d.to === person);
}
