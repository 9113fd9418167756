import type { Actor } from "./actor.ts";
import type { Assessment, Authority } from "./approval.ts";
import type { QuoteEvent } from "./event.ts";
import type { Contact, Pin, QuoteStatus, Terms } from "./quote.ts";
import type { QuoteLine } from "./line.ts";

/** A full set of lines with their terms, priced by the snapshot of the pin. */
export interface PricedSet {
  readonly lines: readonly QuoteLine[];
  readonly terms: Terms;
  readonly pin: Pin;
}

/**
 * What somebody wants done with a quote, with all that deciding it takes: prices, assessments and authority were
 * looked up before, of the version that `If-Match` names.
 */
export type QuoteCommand =
  | { readonly command: "submit" }
  | { readonly command: "revise"; readonly set: PricedSet }
  /** A seller's is an offer, and assessed as one. */
  | { readonly command: "counter"; readonly set: PricedSet; readonly assessment?: Assessment }
  | { readonly command: "reprice"; readonly set: PricedSet }
  /** With a set where the offer brings lines of its own, else of the current revision; assessed as it is then. */
  | { readonly command: "offer"; readonly set?: PricedSet; readonly assessment: Assessment }
  | { readonly command: "comment"; readonly text: string; readonly internal: boolean }
  | { readonly command: "approve"; readonly authority: Authority; readonly comment?: string }
  | { readonly command: "reject"; readonly authority: Authority; readonly reason: string }
  | { readonly command: "delegate"; readonly authority: Authority; readonly to: string }
  | { readonly command: "send" }
  | {
      readonly command: "accept";
      readonly picks: Readonly<Record<string, string>>;
      readonly purchaseOrder?: string;
      readonly contact?: Contact;
    }
  | { readonly command: "decline"; readonly reason?: string }
  | { readonly command: "withdraw"; readonly reason?: string };

export const quoteCommands = [
  "submit",
  "offer",
  "counter",
  "revise",
  "comment",
  "approve",
  "reject",
  "delegate",
  "send",
  "accept",
  "decline",
  "withdraw",
  "reprice",
] as const satisfies readonly QuoteCommand["command"][];
export type CommandName = (typeof quoteCommands)[number];

/** Why a command is not carried out; nothing is appended then. Of several reasons the first in this order counts. */
export type Refusal =
  /** The actor's side may not do this at all. */
  | { readonly reason: "not_for_party" }
  | { readonly reason: "wrong_state"; readonly status: QuoteStatus; readonly allowed: readonly CommandName[] }
  /** The validity has passed. */
  | { readonly reason: "expired" }
  | { readonly reason: "self_approval" }
  /** None of the addressees that the current tier still waits for is this person, or somebody it stands in for. */
  | { readonly reason: "not_asked" }
  | { readonly reason: "beyond_authority" }
  | { readonly reason: "already_decided" }
  /** A place can't be handed on to oneself, or to somebody who has one in this tier already, or has decided in it. */
  | { readonly reason: "not_a_delegate" }
  /** The offer or the validity lacks something that sending needs. */
  | { readonly reason: "incomplete"; readonly line?: string; readonly detail: string }
  /** A pick that the line does not have. */
  | { readonly reason: "unknown_pick"; readonly line: string };

export type Decision =
  | { readonly kind: "accepted"; readonly events: readonly QuoteEvent[] }
  | ({ readonly kind: "refused" } & Refusal);

/** Who asks, and when (RFC 3339). */
export interface Asked {
  readonly actor: Actor;
  readonly at: string;
}
