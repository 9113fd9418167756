import type { Actor } from "../../shared/quoting/actor.ts";
import type { QuoteCommand, Refusal } from "../../shared/quoting/command.ts";
import type { LoggedEvent } from "../../shared/quoting/event.ts";
import type { Opening as QuoteOpening } from "../../shared/quoting/opened.ts";
import type { Quote } from "../../shared/quoting/quote.ts";

/**
 * What a quote's object answers to; see `quote-object.ts`. Expected outcomes are values: an error is a failure of the
 * platform, after which nobody knows whether the command was carried out, and the same key tells.
 *
 * The order of refusals, wherever several hold: `unknown`, `repeated`, `key_reused`, `stale`, `refused`.
 */
export interface QuoteStore {
  /** Opens the quote, once. A second opening is a repeat of the first one, or its key was used for another. */
  open(opening: Opening): Promise<Opened>;
  /** The quote as it is; undefined: it was never opened. */
  read(): Promise<Quote | undefined>;
  /** What `execute` would answer before it decides, so that a repeat or a stale version costs no pricing. */
  look(question: LookQuestion): Promise<Looked>;
  /** Decides the command on the version that it was prepared for, and carries it out in one transaction. */
  execute(execution: Execution): Promise<Executed>;
  /** The whole log, in order; what a reader may see of it is `shared/quoting/view.ts`. */
  events(): Promise<readonly LoggedEvent[]>;
  /** Recomputes the chain of hashes and compares it with the newest signed checkpoint. */
  audit(): Promise<Audit | undefined>;
  /** Does what is due, and says whether there is such a quote: for the sweep, and harmless at any time. */
  wake(): Promise<boolean>;
}

/** One request, as told apart from all others: `scope` is the caller's own key, `digest` is of the request's bytes. */
export interface IdempotencyKey {
  readonly scope: string;
  readonly digest: string;
}

export interface Opening extends QuoteOpening {
  readonly actor: Actor;
  /** Of a request without a key: undefined. Its quote then has a new random id, so that nothing can be repeated. */
  readonly idempotency?: IdempotencyKey;
}

export type Opened =
  | { readonly kind: "done"; readonly quote: Quote }
  | { readonly kind: "repeated"; readonly quote: Quote }
  | { readonly kind: "key_reused" }
  | TooLarge;

export interface LookQuestion {
  /** The version that `If-Match` names. */
  readonly expected: number;
  readonly idempotency: IdempotencyKey;
}

/** `current` is there in every case, since whose quote it is decides before all else. */
export type Looked =
  | { readonly kind: "unknown" }
  /** `quote` is as the first answer was, which may be older than `current`. */
  | { readonly kind: "repeated"; readonly quote: Quote; readonly current: Quote }
  | { readonly kind: "key_reused"; readonly current: Quote }
  | { readonly kind: "stale"; readonly current: Quote }
  | { readonly kind: "ready"; readonly current: Quote };

export interface Execution extends LookQuestion {
  readonly command: QuoteCommand;
  /** Who asks. When is what the object's own clock says. */
  readonly actor: Actor;
}

export type Executed =
  | { readonly kind: "unknown" }
  | { readonly kind: "repeated"; readonly quote: Quote }
  | { readonly kind: "key_reused" }
  | { readonly kind: "stale"; readonly version: number }
  | { readonly kind: "refused"; readonly refusal: Refusal }
  | TooLarge
  | { readonly kind: "done"; readonly quote: Quote };

/** The lines with their prices are more than the object can keep in one piece: 2 MB. */
export interface TooLarge {
  readonly kind: "too_large";
}

export interface Audit {
  readonly quote: string;
  readonly events: number;
  /** The hash of the last event. */
  readonly hash: string;
  /** The newest that is known outside of the object, if there is one yet. */
  readonly checkpoint?: { readonly seq: number; readonly hash: string; readonly at: string };
  /** What does not fit; empty: the log is whole, and is the one that the checkpoint was made of. */
  readonly faults: readonly AuditFault[];
}

export type AuditFault =
  /** The entry at `seq` is not the one that the chain was made of, or entries are missing before it. */
  | { readonly fault: "chain_broken"; readonly seq: number }
  /** The log ends before the checkpoint: entries were cut off. */
  | { readonly fault: "truncated"; readonly seq: number }
  /** The log has another entry where the checkpoint was made. */
  | { readonly fault: "rewritten"; readonly seq: number }
  /** Not by our secret. */
  | { readonly fault: "checkpoint_forged"; readonly seq: number };
