import { compare, parseDecimal } from "../pricing/fraction.ts";
import type { ApprovalState, Assessment, Authority, Limit, Tier } from "./approval.ts";
import { addresseesOfTier, isTierMet, isWaitingFor, type Vote } from "./clause-progress.ts";
import type { Asked, QuoteCommand, Refusal } from "./command.ts";
import type { QuoteEvent } from "./event.ts";
import { handedTo, hasDecided, hasHandedOn, placesOf, votesOf, type Place } from "./places.ts";

type Command<Name> = Extract<QuoteCommand, { readonly command: Name }>;

/** What becomes of an approver's command in a quote that awaits approval. */
export function decideApproval(
  approval: ApprovalState,
  command: Command<"approve" | "reject" | "delegate">,
  { actor }: Asked,
): Refusal | readonly QuoteEvent[] {
  const tier = askedTier(approval);
  const { authority } = command;
  if (authority.person !== actor.person) {
    throw new RangeError(
      `Cannot decide by the authority of another: ${authority.person} for ${actor.person}`,
    );
  }
  if (isRequester(approval, actor.person)) return { reason: "self_approval" };
  if (command.command === "delegate" && isRequester(approval, command.to)) return { reason: "self_approval" };
  if (hasDecided(approval, tier, actor.person)) return { reason: "already_decided" };
  const asked = askedPlaces(approval, tier, authority);
  const rightful = asked.filter(({ holder }) => !isRequester(approval, holder));
  const [place] = rightful;
  if (place === undefined) return { reason: asked.length > 0 ? "self_approval" : "not_asked" };

  switch (command.command) {
    case "approve": {
      const able = rightful.find(({ limits }) =>
        limits.every((limit) => isWithin(limit, approval.assessment)),
      );
      if (able === undefined) return { reason: "beyond_authority" };
      return approve(approval, tier, able, command.comment);
    }
    case "reject":
      return [{ type: "rejected", tier: tier.tier, reason: command.reason, ...insteadOf(place) }];
    case "delegate":
      if (!isDelegate(approval, tier, command.to, place)) return { reason: "not_a_delegate" };
      return [
        {
          type: "delegated",
          tier: tier.tier,
          from: place.holder,
          to: command.to,
          as: place.as,
          limits: place.limits,
        },
      ];
  }
}

/** @throws {RangeError} when no tier is asked, in which case the quote does not await approval */
export function askedTier({ assessment, current }: ApprovalState): Tier {
  const tier = assessment.tiers[current];
  if (tier === undefined) throw new RangeError(`Cannot find tier ${current} of ${assessment.tiers.length}`);
  return tier;
}

function askedPlaces(approval: ApprovalState, tier: Tier, authority: Authority): readonly Place[] {
  const votes = votesOf(approval, tier);
  return placesOf(approval, tier, authority).filter((place) => isWaitingFor(tier, votes, place));
}

function approve(
  approval: ApprovalState,
  tier: Tier,
  place: Place,
  comment: string | undefined,
): readonly QuoteEvent[] {
  const approved: QuoteEvent = {
    type: "approved",
    tier: tier.tier,
    contentHash: approval.contentHash,
    as: place.as,
    ...insteadOf(place),
    ...(comment === undefined ? {} : { comment }),
  };
  const votes: readonly Vote[] = [...votesOf(approval, tier), place];
  return isTierMet(tier, votes) ? [approved, { type: "tier_met", tier: tier.tier }] : [approved];
}

/** One person counts once in a tier: who has a place there by name or was given one can't fill another. */
function isDelegate(approval: ApprovalState, tier: Tier, to: string, { holder }: Place): boolean {
  const isNamed = addresseesOfTier(tier).some(
    (addressee) => "person" in addressee && addressee.person === to,
  );
  const hasOwn = isNamed && !hasHandedOn(approval, tier, to);
  return (
    to !== holder && !hasOwn && handedTo(approval, tier, to).length === 0 && !hasDecided(approval, tier, to)
  );
}

function insteadOf(place: Place): { readonly insteadOf?: string } {
  return place.insteadOf === undefined ? {} : { insteadOf: place.insteadOf };
}

function isRequester({ requesters }: ApprovalState, person: string): boolean {
  return requesters.includes(person);
}

/** What is not known is beyond any limit. */
function isWithin(limit: Limit, { referenceTotal, discountPercent }: Assessment): boolean {
  if (limit.total !== undefined) {
    if (referenceTotal === null || referenceTotal.currency !== limit.total.currency) return false;
    if (isMore(referenceTotal.amount, limit.total.amount)) return false;
  }
  if (limit.discountPercent === undefined) return true;
  return discountPercent !== null && !isMore(discountPercent, limit.discountPercent);
}

function isMore(a: string, b: string): boolean {
  return compare(parseDecimal(a), parseDecimal(b)) > 0;
}
