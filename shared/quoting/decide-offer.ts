import type { Assessment } from "./approval.ts";
import { canonicalJson } from "../canonical-json.ts";
import type { Asked, PricedSet, Refusal } from "./command.ts";
import { contentHash } from "./content-hash.ts";
import type { QuoteEvent } from "./event.ts";
import type { QuoteItem } from "./line.ts";
import { offeredSet } from "./offered-set.ts";
import { currentRevision, type Quote, type Revision } from "./quote.ts";
import { revisionOf } from "./revision.ts";
import { isAfter } from "./validity.ts";

export interface Offer {
  readonly kind: "offer" | "counter";
  /** Absent: the current revision is offered. */
  readonly set?: PricedSet | undefined;
  readonly assessment: Assessment;
}

/** What becomes of a seller's offer: a revision of its own unless the current one says the same already. */
export function decideOffer(
  quote: Quote,
  { kind, set, assessment }: Offer,
  { actor, at }: Asked,
): Refusal | readonly QuoteEvent[] {
  const { currency, customer } = quote;
  const current = currentRevision(quote);
  const offered = revisionOf(offeredSet(set ?? current, currency, at), {
    number: current.number + 1,
    by: actor.party,
    at,
    currency,
  });
  const lacking = findLacking(offered, at);
  if (lacking !== undefined) return lacking;

  const isNew = set !== undefined || current.by !== actor.party || !isSameContent(current, offered);
  const hash = contentHash(offered, currency, customer);
  const requesters = [...new Set([...quote.makers, actor.person])];
  return [
    ...(isNew ? [{ type: "revised", revision: offered, status: "in_review", kind } as const] : []),
    { type: "offered", contentHash: hash, assessment, requesters },
  ];
}

function findLacking({ lines, terms }: Revision, at: string): Refusal | undefined {
  if (lines.length === 0) return { reason: "incomplete", detail: "The offer has no lines." };
  const unpriced = lines.find(({ own, alternatives }) => [own, ...alternatives].some(hasNoPrice));
  if (unpriced !== undefined) {
    const detail = "An item has neither an offered nor a listed price.";
    return { reason: "incomplete", line: unpriced.line, detail };
  }
  if (terms.validUntil !== undefined && !isAfter(terms.validUntil, at)) {
    return { reason: "incomplete", detail: "The offer's validity has passed." };
  }
  return undefined;
}

function hasNoPrice({ offeredPrice }: QuoteItem): boolean {
  return offeredPrice === undefined;
}

function isSameContent(a: Revision, b: Revision): boolean {
  return canonicalJson([a.lines, a.terms, a.pin]) === canonicalJson([b.lines, b.terms, b.pin]);
}
