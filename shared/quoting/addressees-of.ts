import { addresseeKey } from "./addressee.ts";
import type { Addressee } from "./approval.ts";
import { addresseesOfTier, isWaitingFor } from "./clause-progress.ts";
import { askedTier } from "./decide-approval.ts";
import { handedTo, hasDecided, hasHandedOn, votesOf } from "./places.ts";
import type { Quote } from "./quote.ts";

/** Whom a quote waits for now: those in whose inboxes it belongs. Who stands in for them is in no log. */
export function addresseesOf({ status, approval }: Quote): readonly Addressee[] {
  if (status !== "awaiting_approval" || approval === undefined) return [];
  const tier = askedTier(approval);
  const votes = votesOf(approval, tier);

  const named = addresseesOfTier(tier).filter((addressee) => isWaitingFor(tier, votes, { as: [addressee] }));
  const escalated = approval.escalated && tier.escalateTo !== undefined ? [tier.escalateTo] : [];
  const own = [...named, ...escalated].filter(
    (addressee) => "role" in addressee || !hasHandedOn(approval, tier, addressee.person),
  );
  const delegates = approval.delegations
    .filter((delegation) => handedTo(approval, tier, delegation.to).includes(delegation))
    .filter(({ as }) => isWaitingFor(tier, votes, { as }))
    .map(({ to }) => ({ person: to }));

  const asked = [...own, ...delegates].filter(
    (addressee) =>
      "role" in addressee ||
      !(approval.requesters.includes(addressee.person) || hasDecided(approval, tier, addressee.person)),
  );
  return [...new Map(asked.map((addressee) => [addresseeKey(addressee), addressee])).values()];
}
