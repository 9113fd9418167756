import type { QuoteItem } from "../../shared/quoting/line.ts";
import type { PricedSet } from "../../shared/quoting/command.ts";
import type { Quote, Revision, Terms } from "../../shared/quoting/quote.ts";
import { currentRevision } from "../../shared/quoting/quote.ts";
import { shownRevisions } from "../../shared/quoting/shown-revision.ts";
import { isAfter } from "../../shared/quoting/validity.ts";
import type { EdgeEnv } from "../env.ts";
import { openSnapshot } from "../snapshots/live-snapshot.ts";
import { priceSet, type AskedSetLine, type PricedQuote } from "./price-set.ts";
import { setTerms, type PostedTerms } from "./set-terms.ts";

export type Side = "buyer" | "seller";

export interface PostedSet extends PostedTerms {
  /** Absent: the lines as they are. */
  readonly lines?: readonly AskedSetLine[] | undefined;
}

/** The next full set of a quote's lines and terms by one side, priced anew by the live snapshot. */
export async function newSet(
  env: EdgeEnv,
  posted: PostedSet,
  { quote, side, now }: { readonly quote: Quote; readonly side: Side; readonly now: number },
): Promise<PricedSet> {
  const base = revisionSeenBy(side, quote);
  const priced = await priceSet(await openSnapshot(env, now, undefined), env.DESK, {
    customer: quote.customer,
    currency: quote.currency,
    channel: quote.channel,
    lines: posted.lines ?? base.lines.map(sameLine),
    isPosted: posted.lines !== undefined,
    terms: nextTerms(posted, base, now),
    before: { lines: base.lines, last: highestLine(quote) },
    keptPrices: keptPrices[side](posted.lines !== undefined),
    now,
  });
  return priced.set;
}

/** An earlier quote, whose lines another one begins with. */
export interface EarlierQuote {
  readonly quote: Quote;
  /** What the caller has seen of it. */
  readonly revision: Revision;
}

export interface FirstSet extends PostedTerms {
  readonly customer: string;
  readonly currency?: string | undefined;
  readonly channel?: string | undefined;
  readonly lines: readonly AskedSetLine[] | EarlierQuote;
}

/** The set that a quote is opened with. An earlier quote's prices go along where the currency is the same. */
export async function firstSet(
  env: EdgeEnv,
  first: FirstSet,
  { side, now }: { readonly side: Side; readonly now: number },
): Promise<PricedQuote & { readonly channel?: string }> {
  const earlier = "quote" in first.lines ? first.lines : undefined;
  const before = (earlier?.revision.lines ?? []).map((line, index) => ({ ...line, line: String(index + 1) }));
  const currency = first.currency ?? earlier?.quote.currency;
  const isSameMoney = currency === earlier?.quote.currency;
  const channel = first.channel ?? earlier?.quote.channel;
  const priced = await priceSet(await openSnapshot(env, now, undefined), env.DESK, {
    customer: first.customer,
    currency,
    channel,
    lines: "quote" in first.lines ? before.map(sameLine) : first.lines,
    isPosted: earlier === undefined,
    terms: setTerms(first, noTerms),
    before: { lines: before, last: before.length },
    keptPrices: isSameMoney ? keptPrices[side](false) : () => ({}),
    now,
  });
  return { ...priced, ...(channel === undefined ? {} : { channel }) };
}

const noTerms: Terms = { contacts: [], attachments: [] };

/** Only the terms are other ones: the lines stay as they were priced. */
export function sameLinesWith(posted: PostedTerms, quote: Quote, now: number): PricedSet {
  const { lines, pin, ...base } = currentRevision(quote);
  return { lines, pin, terms: nextTerms(posted, base, now) };
}

/** Buyers go on from what they have seen. */
export function revisionSeenBy(side: Side, quote: Quote): Revision {
  const seen = side === "buyer" ? shownRevisions(quote).at(-1) : undefined;
  return seen ?? currentRevision(quote);
}

/** A validity that has passed is not gone on with. */
function nextTerms(posted: PostedTerms, { terms }: Pick<Revision, "terms">, now: number): Terms {
  const { validUntil, ...others } = terms;
  const isOver = validUntil === undefined || !isAfter(validUntil, new Date(now).toISOString());
  return setTerms(posted, isOver ? others : terms);
}

function sameLine({ line, note, own, alternatives }: Revision["lines"][number]): AskedSetLine {
  return { line, note, ...sameItem(own), alternatives: alternatives.map(sameItem) };
}

function sameItem({ sku, quantity, unit }: QuoteItem) {
  return { sku, quantity, unit };
}

type KeptPrices = (item: QuoteItem) => Pick<QuoteItem, "requestedPrice" | "offeredPrice">;

/**
 * What an item goes on with where its sender says nothing of prices. A seller's posted lines say what is offered, and
 * what was asked for stays; a buyer who has seen an offer asks for no more than that.
 */
const keptPrices: Readonly<Record<Side, (isPosted: boolean) => KeptPrices>> = {
  seller: (isPosted) => (item) => ({
    ...requested(item.requestedPrice),
    ...(isPosted ? {} : offered(item.offeredPrice)),
  }),
  buyer: () => (item) => requested(item.offeredPrice ?? item.requestedPrice),
};

const requested = (price: string | undefined) => (price === undefined ? {} : { requestedPrice: price });
const offered = (price: string | undefined) => (price === undefined ? {} : { offeredPrice: price });

function highestLine({ revisions }: Quote): number {
  const numbers = revisions.flatMap(({ lines }) => lines.map(({ line }) => Number(line)));
  return numbers.reduce((most, number) => Math.max(most, number), 0);
}
