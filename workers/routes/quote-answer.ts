import type { Differences } from "../../shared/quoting/differences.ts";
import { differences } from "../../shared/quoting/differences.ts";
import type { QuoteLine } from "../../shared/quoting/line.ts";
import type { Quote, Revision } from "../../shared/quoting/quote.ts";
import { shownRevisions } from "../../shared/quoting/shown-revision.ts";
import { viewFor, type Audience, type QuoteView } from "../../shared/quoting/view.ts";
import type * as z from "zod";
import type { quoteShape, revisionShape } from "./quote-answer-shapes.ts";
import { noSuchQuote } from "./quote-callers.ts";
import { etag } from "./quote-refusals.ts";

interface AnswerOptions {
  readonly status?: 200 | 201;
  /** Whether it says what is other than in the revision before. */
  readonly withDifferences?: boolean;
}

/** A quote as its reader may see it. */
export function answerQuote(quote: Quote, audience: Audience, options: AnswerOptions = {}): Response {
  const { status = 200, withDifferences = false } = options;
  const view = viewFor(audience, quote);
  if (view === undefined) throw noSuchQuote();
  const changed = withDifferences ? lastDifferences(quote, audience) : undefined;
  const body = { ...shownQuote(view), ...(changed === undefined ? {} : { differences: changed }) };
  return Response.json(body, {
    status,
    headers: { ETag: etag(quote.version), ...(status === 201 ? { Location: `/v1/quotes/${quote.id}` } : {}) },
  });
}

export function revisionsFor(audience: Audience, quote: Quote): readonly Revision[] {
  return audience === "buyer" ? shownRevisions(quote) : quote.revisions;
}

function lastDifferences(quote: Quote, audience: Audience): Differences | undefined {
  const [before, after] = revisionsFor(audience, quote).slice(-2);
  return before === undefined || after === undefined ? undefined : differences(before, after);
}

function shownQuote({ revision, ...view }: QuoteView): z.output<typeof quoteShape> {
  const self = `/v1/quotes/${view.id}`;
  const links = {
    self,
    revisions: `${self}/revisions`,
    events: `${self}/events`,
    live: `${self}/live`,
    document: `${self}/document`,
  };
  return { ...view, revision: shownRevision(revision), links };
}

export function shownRevision({ lines, terms, pin, ...head }: Revision): z.output<typeof revisionShape> {
  return {
    ...head,
    lines: lines.map(shownLine),
    ...terms,
    snapshot: { id: pin.snapshot, sequence: pin.sequence },
    pricedAt: pin.at,
  };
}

function shownLine({ line, note, own, alternatives }: QuoteLine) {
  const { item: _, ...ownItem } = own;
  return {
    line,
    ...ownItem,
    ...(note === undefined ? {} : { note }),
    alternatives: [...alternatives],
  };
}
