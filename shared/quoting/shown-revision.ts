import { withoutOffers } from "./offered-set.ts";
import type { Quote, Revision } from "./quote.ts";
import { revisionOf } from "./revision.ts";

/**
 * What the buyer may see of a revision: their own and sent ones wholly; one with which a seller entered a request for
 * them, without what was offered; any other not at all.
 */
export function shownRevision(quote: Quote, revision: Revision): Revision | undefined {
  if (revision.by === "buyer" || quote.sent.includes(revision.number)) return revision;
  if (quote.submitted !== revision.number) return undefined;
  const { number, by, at } = revision;
  return revisionOf(withoutOffers(revision, quote.currency), { number, by, at, currency: quote.currency });
}

/** The revisions that the buyer may see, the newest last. */
export function shownRevisions(quote: Quote): readonly Revision[] {
  return quote.revisions.flatMap((revision) => shownRevision(quote, revision) ?? []);
}

/** Whether the buyer may know of the quote at all. */
export function isShownToBuyer({ openedBy, sent, submitted }: Quote): boolean {
  return openedBy === "buyer" || sent.length > 0 || submitted !== undefined;
}
