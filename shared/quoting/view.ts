import type { Party } from "./actor.ts";
import { addresseesOf } from "./addressees-of.ts";
import type { Addressee, Assessment } from "./approval.ts";
import { approvalProgress, type TierProgress } from "./approval-progress.ts";
import type { CommandName } from "./command.ts";
import { currentRevision, type Acceptance, type Quote, type QuoteStatus, type Revision } from "./quote.ts";
import { isShownToBuyer, shownRevisions } from "./shown-revision.ts";
import { allowedCommands } from "./transitions.ts";

/** Who reads: a buyer, or somebody of the seller's side. */
export type Audience = "buyer" | "internal";

/** A quote as one audience may see it. What a buyer may not see is not in here at all. */
export interface QuoteView {
  readonly id: string;
  readonly status: QuoteStatus;
  readonly version: number;
  readonly customer: string;
  readonly customerName: string;
  readonly currency: string;
  readonly channel?: string;
  readonly openedBy: Party;
  readonly createdAt: string;
  readonly changedAt: string;
  /** The newest that this audience may see. */
  readonly revision: Revision;
  /** How many of them it may see. */
  readonly revisions: number;
  readonly comments: readonly CommentView[];
  readonly reason?: string;
  readonly sentAt?: string;
  readonly acceptance?: Acceptance;
  readonly order?: NonNullable<Quote["order"]>;
  readonly allowed: readonly CommandName[];
  readonly approval?: ApprovalView;
  readonly margin?: Assessment["margin"];
}

export interface CommentView {
  readonly by: Party;
  /** For internal readers. */
  readonly person?: string;
  readonly at: string;
  readonly text: string;
  readonly internal: boolean;
}

export interface ApprovalView {
  readonly contentHash: string;
  readonly askedAt: string;
  readonly escalated: boolean;
  readonly tiers: readonly TierProgress[];
  /** Whom it waits for now. */
  readonly asked: readonly Addressee[];
  readonly requesters: readonly string[];
  readonly referenceTotal: Assessment["referenceTotal"];
  readonly discountPercent: Assessment["discountPercent"];
}

/** Undefined: this audience may not know that there is such a quote. An internal reader may know of all. */
export function viewFor(audience: "internal", quote: Quote): QuoteView;
export function viewFor(audience: Audience, quote: Quote): QuoteView | undefined;
export function viewFor(audience: Audience, quote: Quote): QuoteView | undefined {
  return audience === "buyer" ? buyersView(quote) : internalView(quote);
}

/** Made of what may be shown, never by leaving out what may not: a new secret is then kept without a thought. */
function buyersView(quote: Quote): QuoteView | undefined {
  const shown = shownRevisions(quote);
  const revision = shown.at(-1);
  if (revision === undefined || !isShownToBuyer(quote)) return undefined;
  const { order, status, reason } = quote;
  const comments = quote.comments.filter(({ internal }) => !internal);
  return {
    ...common(quote),
    revision,
    revisions: shown.length,
    comments: comments.map(({ by, at, text }) => ({ by: by.party, at, text, internal: false })),
    // Why an offer was rejected is the seller's own matter; why a quote ended is told.
    ...(reason === undefined || status === "rejected" ? {} : { reason }),
    ...(order === undefined
      ? {}
      : {
          order: {
            id: order.id,
            status: order.status,
            ...(order.erpOrder === undefined ? {} : { erpOrder: order.erpOrder }),
          },
        }),
    allowed: allowedCommands(quote, "buyer"),
  };
}

function internalView(quote: Quote): QuoteView {
  const { approval, reason, order } = quote;
  return {
    ...common(quote),
    revision: currentRevision(quote),
    revisions: quote.revisions.length,
    comments: quote.comments.map(({ by, at, text, internal }) => ({
      by: by.party,
      person: by.person,
      at,
      text,
      internal,
    })),
    ...(reason === undefined ? {} : { reason }),
    ...(order === undefined ? {} : { order }),
    allowed: allowedCommands(quote, "seller"),
    ...(approval === undefined
      ? {}
      : {
          approval: {
            contentHash: approval.contentHash,
            askedAt: approval.askedAt,
            escalated: approval.escalated,
            tiers: approvalProgress(approval),
            asked: addresseesOf(quote),
            requesters: approval.requesters,
            referenceTotal: approval.assessment.referenceTotal,
            discountPercent: approval.assessment.discountPercent,
          },
          margin: approval.assessment.margin,
        }),
  };
}

function common(quote: Quote) {
  const { id, status, version, customer, customerName, currency, channel, openedBy } = quote;
  const { createdAt, changedAt, sentAt, acceptance } = quote;
  return {
    id,
    status,
    version,
    customer,
    customerName,
    currency,
    ...(channel === undefined ? {} : { channel }),
    openedBy,
    createdAt,
    changedAt,
    ...(sentAt === undefined ? {} : { sentAt }),
    ...(acceptance === undefined ? {} : { acceptance }),
  };
}
