import type { Actor } from "./actor.ts";
import type { Addressee, Assessment, Limit } from "./approval.ts";
import type { Contact, Revision } from "./quote.ts";

/**
 * What happened to a quote. Events are appended and never changed; a quote's state is their reduction. What is in
 * here was decided when the event was made: reducing one asks nobody, so that an old log means the same for ever.
 */
export type QuoteEvent =
  | {
      readonly type: "opened";
      readonly quote: string;
      readonly customer: string;
      readonly customerName: string;
      readonly currency: string;
      readonly channel?: string;
      readonly revision: Revision;
    }
  /** A new full set of lines; the status that it leads to is the event's own. */
  | {
      readonly type: "revised";
      readonly revision: Revision;
      readonly status: "draft" | "requested" | "in_review";
      readonly kind: "revise" | "counter" | "reprice" | "offer";
    }
  | { readonly type: "submitted" }
  /** The seller's offer is complete, and was assessed: it is approved at once, or tiers are asked. */
  | {
      readonly type: "offered";
      readonly contentHash: string;
      readonly assessment: Assessment;
      readonly requesters: readonly string[];
    }
  | {
      readonly type: "approved";
      readonly tier: number;
      readonly contentHash: string;
      /** The addressees whose place it counts for: who had which role is not looked up again. */
      readonly as: readonly Addressee[];
      readonly insteadOf?: string;
      readonly comment?: string;
    }
  /** The tiers are asked one after another; this one is met, and the next is asked, or all are met. */
  | { readonly type: "tier_met"; readonly tier: number }
  | { readonly type: "rejected"; readonly tier: number; readonly reason: string; readonly insteadOf?: string }
  | {
      readonly type: "delegated";
      readonly tier: number;
      readonly from: string;
      readonly to: string;
      readonly as: readonly Addressee[];
      readonly limits: readonly Limit[];
    }
  | { readonly type: "reminded"; readonly tier: number }
  | { readonly type: "escalated"; readonly tier: number; readonly to: Addressee }
  | { readonly type: "commented"; readonly text: string; readonly internal: boolean }
  | { readonly type: "sent"; readonly contentHash: string }
  | {
      readonly type: "accepted";
      readonly contentHash: string;
      readonly picks: Readonly<Record<string, string>>;
      readonly order: string;
      readonly purchaseOrder?: string;
      readonly contact?: Contact;
    }
  | { readonly type: "declined"; readonly reason?: string }
  | { readonly type: "withdrawn"; readonly reason?: string }
  | { readonly type: "expired" }
  | { readonly type: "ordered"; readonly order: string; readonly erpOrder: string }
  | { readonly type: "order_refused"; readonly order: string; readonly problem: string };

/** An event in its log. */
export interface LoggedEvent {
  /** From 1, without gaps. */
  readonly seq: number;
  /** RFC 3339. */
  readonly at: string;
  readonly actor: Actor;
  readonly event: QuoteEvent;
  /** SHA-256, hex, of the previous entry's hash and this entry's canonical JSON; see `audit-chain.ts`. */
  readonly hash: string;
}
