import type { Party } from "./actor.ts";
import type { Asked, CommandName, Decision, PricedSet, QuoteCommand, Refusal } from "./command.ts";
import { contentHash } from "./content-hash.ts";
import { decideApproval } from "./decide-approval.ts";
import { decideOffer } from "./decide-offer.ts";
import type { QuoteEvent } from "./event.ts";
import { askingForOffers, withoutOffers } from "./offered-set.ts";
import { currentRevision, type Quote } from "./quote.ts";
import { revisionOf } from "./revision.ts";
import { allowedCommands, isAllowed, isAllowedIn, isForParty } from "./transitions.ts";
import { hasLapsed, isAfter } from "./validity.ts";

type Command<Name> = Extract<QuoteCommand, { readonly command: Name }>;

/** What becomes of a command: the events to append, or why there are none. */
export function decide(quote: Quote, command: QuoteCommand, asked: Asked): Decision {
  const { party } = asked.actor;
  const isOthersMatter = command.command === "comment" && command.internal && party !== "seller";
  const decided: Refusal | readonly QuoteEvent[] = isOthersMatter
    ? { reason: "not_for_party" }
    : (refusalOf(quote, command.command, { party, at: asked.at }) ?? eventsOf(quote, command, asked));
  return "reason" in decided ? { kind: "refused", ...decided } : { kind: "accepted", events: decided };
}

/** What speaks against a command whatever it says; for who would have to look up much before giving it. */
export function refusalOf(
  quote: Quote,
  command: CommandName,
  { party, at }: { readonly party: Party; readonly at: string },
): Refusal | undefined {
  if (!isForParty(command, party)) return { reason: "not_for_party" };
  if (!isAllowed(command, quote, party)) {
    return { reason: "wrong_state", status: quote.status, allowed: allowedCommands(quote, party) };
  }
  // What an expired quote allows, one allows whose expiry nobody has written down yet.
  if (hasLapsed(quote, at) && !isAllowedIn("expired", command, party)) return { reason: "expired" };
  return undefined;
}

function eventsOf(quote: Quote, command: QuoteCommand, asked: Asked): Refusal | readonly QuoteEvent[] {
  switch (command.command) {
    case "submit":
      return [{ type: "submitted" }];
    case "revise":
    case "reprice":
      return [revised(quote, command.command, command.set, asked)];
    case "counter":
      return asked.actor.party === "buyer"
        ? [revised(quote, "counter", askingForOffers(command.set, currentRevision(quote)), asked)]
        : decideOffer(quote, { ...command, kind: "counter", assessment: assessmentOf(command) }, asked);
    case "offer":
      return decideOffer(quote, { ...command, kind: "offer" }, asked);
    case "comment":
      return [{ type: "commented", text: command.text, internal: command.internal }];
    case "approve":
    case "reject":
    case "delegate":
      if (quote.approval === undefined)
        throw new RangeError(`Cannot ${command.command}: nothing was offered`);
      return decideApproval(quote.approval, command, asked);
    case "send":
      return [{ type: "sent", contentHash: approvedHash(quote) }];
    case "accept":
      return accept(quote, command);
    case "decline":
    case "withdraw": {
      const type = command.command === "decline" ? "declined" : "withdrawn";
      return [{ type, ...(command.reason === undefined ? {} : { reason: command.reason }) }];
    }
  }
}

function revised(
  quote: Quote,
  kind: "revise" | "counter" | "reprice",
  set: PricedSet,
  { actor, at }: Asked,
): QuoteEvent {
  const { currency } = quote;
  const number = currentRevision(quote).number + 1;
  const own = withoutPassedValidity(actor.party === "buyer" ? withoutOffers(set, currency) : set, at);
  const status = quote.status === "draft" ? "draft" : actor.party === "buyer" ? "requested" : "in_review";
  return {
    type: "revised",
    revision: revisionOf(own, { number, by: actor.party, at, currency }),
    status,
    kind,
  };
}

/** The lines of an expired quote begin anew, without its validity. */
function withoutPassedValidity(set: PricedSet, at: string): PricedSet {
  const { validUntil, ...terms } = set.terms;
  return validUntil === undefined || isAfter(validUntil, at) ? set : { ...set, terms };
}

function accept(quote: Quote, command: Command<"accept">): Refusal | readonly QuoteEvent[] {
  const { picks, purchaseOrder, contact } = command;
  const { lines } = currentRevision(quote);
  for (const [line, item] of Object.entries(picks)) {
    const picked = lines.find((each) => each.line === line);
    const items = picked === undefined ? [] : [picked.own, ...picked.alternatives];
    if (!items.some((each) => each.item === item)) return { reason: "unknown_pick", line };
  }
  return [
    {
      type: "accepted",
      contentHash: approvedHash(quote),
      picks,
      order: quote.id,
      ...(purchaseOrder === undefined ? {} : { purchaseOrder }),
      ...(contact === undefined ? {} : { contact }),
    },
  ];
}

/** @throws {RangeError} when the content is not the approved one, which no command can bring about */
function approvedHash(quote: Quote): string {
  const hash = contentHash(currentRevision(quote), quote.currency, quote.customer);
  if (hash !== quote.approval?.contentHash) {
    throw new RangeError(`Cannot go on with quote ${quote.id}: its content is not what was approved`);
  }
  return hash;
}

function assessmentOf({ assessment }: Command<"counter">) {
  if (assessment === undefined)
    throw new RangeError("Cannot decide a seller's counter-offer: it was not assessed");
  return assessment;
}
