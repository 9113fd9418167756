import type { Freshness } from "../../shared/snapshot/token.ts";
import type { AskedLine } from "../../shared/snapshot/line-answer.ts";
import type { FeedAnswer } from "../support/erp-feed.ts";
import type { Reply } from "./edge.ts";

/** A batch that was acknowledged. */
export interface Acknowledged {
  readonly key: string;
  readonly records: readonly object[];
  readonly answer: FeedAnswer;
}

/** A complete set that the ERP sent, and what it knows of what became of it. */
export interface SentSet {
  readonly epoch: number;
  readonly skus: readonly string[];
  fate: "open" | "committing" | "committed" | "abandoned";
}

/** A price question with its reply. */
export interface Asked {
  readonly edge: string;
  readonly customer: string;
  readonly lines: readonly AskedLine[];
  /** What the one who asks has seen or made: what the token stands for, whether or not the edge was told. */
  readonly known: Freshness;
  readonly isTold: boolean;
  readonly reply: Reply;
}

/** What those outside of Pricewright saw of it. */
export class History {
  readonly acknowledged: Acknowledged[] = [];
  readonly sets: SentSet[] = [];
  readonly asked: Asked[] = [];
  /** Snapshots that somebody asked to make live again, once for each time. */
  readonly activations: string[] = [];
  /** Deals that were taken back, with the sequence of the batch that did. */
  readonly revoked: { readonly amount: string; readonly sequence: number }[] = [];
}
