import type { DecimalText } from "../pricing/records.ts";

/** Whom an approval is asked of. An account team's member is already resolved to a person. */
export type Addressee = { readonly role: string } | { readonly person: string };

/**
 * At least so many of these; as many as there are means all of them. Each is filled by another person. More than there
 * are: each of them, and so many persons in all.
 */
export interface Clause {
  readonly atLeast: number;
  readonly of: readonly Addressee[];
}

/** Why an approval is asked for: the policy record and what it found. */
export interface Cause {
  /** The id of the `approvalPolicy` record. */
  readonly policy: string;
  /** The line that it found it on; absent: the whole quote. */
  readonly line?: string;
  /** In words and figures, for internal readers: `discount of 12.00 % is above 10 %`. */
  readonly because: string;
}

/** One step of an approval: all of its clauses must be met before the next tier is asked. */
export interface Tier {
  /** Lower first. */
  readonly tier: number;
  readonly clauses: readonly Clause[];
  readonly causes: readonly Cause[];
  /** Hours after the tier was asked; absent: never. */
  readonly remindAfterHours?: number;
  readonly escalateAfterHours?: number;
  /** Who is asked as well, and may approve in anybody's place, once it is escalated. */
  readonly escalateTo?: Addressee;
}

/** What the control plane made of an offer: computed where the costs are, of which only margins leave it. */
export interface Assessment {
  /** The sequence whose policies, people and costs were looked at: the pinned snapshot's. */
  readonly sequence: number;
  /** In order; empty means that nobody needs to approve. */
  readonly tiers: readonly Tier[];
  /** Percent of the net line total, two places; null where a cost is not known. For internal readers only. */
  readonly margin: {
    readonly total: DecimalText | null;
    /** By line, of its own item; alternatives follow as `line/item`. */
    readonly lines: Readonly<Record<string, DecimalText | null>>;
  };
  /**
   * What limits in money are compared with: the highest total that the buyer's picks can lead to, in the company's
   * reference currency; null where there is no rate.
   */
  readonly referenceTotal: { readonly amount: DecimalText; readonly currency: string } | null;
  /**
   * What limits in percent are compared with: how far the whole is below the customer's listed prices, with the picks
   * that make it the most, rounded up; null where that is not known.
   */
  readonly discountPercent: DecimalText | null;
}

/** What somebody may decide at an instant, as people are recorded then. */
export interface Authority {
  /**
   * The id of the person's record, also where it was asked for by its e-mail: who signs in both ways is one person.
   * What was asked for, where there is no record.
   */
  readonly person: string;
  readonly roles: readonly string[];
  /** No limit: any amount. */
  readonly limit?: Limit;
  /** Those who are away at that instant and named this person to stand in for them, with their roles and limits. */
  readonly standsInFor: readonly Omit<Authority, "standsInFor">[];
}

export interface Limit {
  readonly total?: { readonly amount: DecimalText; readonly currency: string };
  readonly discountPercent?: DecimalText;
}

/** A tier's standing while a quote awaits approval. */
export interface ApprovalState {
  /** The hash of what is to be approved; an approval binds it. */
  readonly contentHash: string;
  readonly assessment: Assessment;
  /** Index into the tiers: the one that is asked now. */
  readonly current: number;
  /** RFC 3339; since when the current tier is asked. */
  readonly askedAt: string;
  readonly escalated: boolean;
  readonly reminded: boolean;
  /** Who may not approve, since it is their own offer. */
  readonly requesters: readonly string[];
  readonly approvals: readonly Approval[];
  /** Whose place in a tier was handed on to whom, in order. */
  readonly delegations: readonly Delegation[];
}

export interface Delegation {
  readonly tier: number;
  readonly from: string;
  readonly to: string;
  /** The addressees whose place it is. */
  readonly as: readonly Addressee[];
  /** Of those who handed it on: nobody can hand on more than they may decide themselves. */
  readonly limits: readonly Limit[];
}

export interface Approval {
  readonly tier: number;
  readonly person: string;
  /** The addressees whose place it counts for. */
  readonly as: readonly Addressee[];
  /** In whose place, where it was not their own. */
  readonly insteadOf?: string;
  readonly at: string;
}
