import type { LineRounding } from "../pricing/full-policy.ts";
import type { DecimalText } from "../pricing/records.ts";
import type { Actor, Party } from "./actor.ts";
import type { ApprovalState } from "./approval.ts";
import type { QuoteLine } from "./line.ts";

export const quoteStatuses = [
  "draft",
  "requested",
  "in_review",
  "awaiting_approval",
  "approved",
  "sent",
  "accepted",
  "declined",
  "withdrawn",
  "rejected",
  "expired",
  "ordered",
] as const;
export type QuoteStatus = (typeof quoteStatuses)[number];

/** Nothing but a comment or the hand-over of an order happens to these any more. */
export const finalStatuses: readonly QuoteStatus[] = ["accepted", "declined", "withdrawn", "ordered"];

export interface Contact {
  readonly name: string;
  readonly email?: string;
  readonly phone?: string;
}

/** A file that is kept elsewhere. */
export interface Attachment {
  readonly name: string;
  readonly url: string;
}

/** What a revision says besides its lines. */
export interface Terms {
  /** RFC 3339; an issued quote's prices hold until then. */
  readonly validUntil?: string;
  readonly paymentTerms?: string;
  readonly purchaseOrder?: string;
  /** For both sides. */
  readonly note?: string;
  readonly contacts: readonly Contact[];
  readonly attachments: readonly Attachment[];
}

/** The snapshot that priced a revision; it is kept while the quote needs it. */
export interface Pin {
  readonly snapshot: string;
  readonly sequence: number;
  /** RFC 3339: the instant that the prices are of. */
  readonly at: string;
  /** How line totals are rounded. */
  readonly lineRounding: LineRounding;
}

/** A full set of lines, by one side. Revisions are never changed; there is only the next one. */
export interface Revision {
  /** From 1. */
  readonly number: number;
  readonly by: Party;
  readonly at: string;
  readonly lines: readonly QuoteLine[];
  readonly terms: Terms;
  readonly pin: Pin;
  /** Of the lines' own items, as far as they have a price. */
  readonly total: DecimalText;
  /**
   * How far that is below what the customer's prices make of the same items, in percent with two places; absent where
   * none of them has a price for the customer.
   */
  readonly discountPercent?: DecimalText;
}

export interface Comment {
  readonly seq: number;
  readonly by: Actor;
  readonly at: string;
  readonly text: string;
  /** Internal ones are never shown to a buyer. */
  readonly internal: boolean;
}

export interface Acceptance {
  readonly at: string;
  /** By line: the alternative that the buyer picked. */
  readonly picks: Readonly<Record<string, string>>;
  readonly contentHash: string;
  readonly order: string;
  readonly purchaseOrder?: string;
  readonly contact?: Contact;
}

/** The state of a quote: what its events add up to. */
export interface Quote {
  readonly id: string;
  /** The seq of the last event; `ETag` and `If-Match` carry it. */
  readonly version: number;
  readonly status: QuoteStatus;
  readonly customer: string;
  readonly customerName: string;
  readonly currency: string;
  readonly channel?: string;
  readonly openedBy: Party;
  readonly createdAt: string;
  readonly changedAt: string;
  /** All of them, the newest last. */
  readonly revisions: readonly [Revision, ...Revision[]];
  /** The numbers of the revisions that were sent to the buyer. */
  readonly sent: readonly number[];
  /** The number of the revision with which a draft became a request. */
  readonly submitted?: number;
  /** Everybody of the seller's side who made a revision or an offer: none of them may approve. */
  readonly makers: readonly string[];
  readonly comments: readonly Comment[];
  /** While it awaits approval, and after, of the content that was approved. */
  readonly approval?: ApprovalState;
  /** Why it was rejected, declined or withdrawn, by whoever did. */
  readonly reason?: string;
  /** When it was first sent in its present form. */
  readonly sentAt?: string;
  readonly acceptance?: Acceptance;
  /** What became of the order. */
  readonly order?: {
    readonly id: string;
    readonly status: "pending" | "placed" | "refused";
    readonly erpOrder?: string;
    readonly problem?: string;
  };
}

export function currentRevision(quote: Quote): Revision {
  return quote.revisions.at(-1) ?? quote.revisions[0];
}
