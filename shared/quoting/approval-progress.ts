import type { Addressee, Approval, ApprovalState, Cause, Clause, Delegation } from "./approval.ts";
import { clauseProgress, type ClauseProgress } from "./clause-progress.ts";
import { votesOf } from "./places.ts";

/** How far each tier is, for those who may know. */
export interface TierProgress {
  readonly tier: number;
  readonly status: "met" | "asked" | "waiting";
  readonly clauses: readonly (Clause & ClauseProgress)[];
  readonly causes: readonly Cause[];
  readonly approvals: readonly Approval[];
  readonly delegations: readonly Delegation[];
  readonly escalateTo?: Addressee;
}

export function approvalProgress(approval: ApprovalState): readonly TierProgress[] {
  const { assessment, current, delegations } = approval;
  return assessment.tiers.map((tier, index) => {
    const approvals = votesOf(approval, tier);
    return {
      tier: tier.tier,
      status: index < current ? "met" : index === current ? "asked" : "waiting",
      clauses: tier.clauses.map((clause) => ({ ...clause, ...clauseProgress(clause, approvals) })),
      causes: tier.causes,
      approvals,
      delegations: delegations.filter((delegation) => delegation.tier === tier.tier),
      ...(tier.escalateTo === undefined ? {} : { escalateTo: tier.escalateTo }),
    };
  });
}
