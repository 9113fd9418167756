import { isInForce, periodOf } from "../../shared/pricing/period.ts";
import type { Instant } from "../../shared/pricing/instant.ts";
import type { Rates } from "../../shared/pricing/rates.ts";
import { compareIds } from "../../shared/pricing/compare-ids.ts";
import { addresseeKey } from "../../shared/quoting/addressee.ts";
import type { Addressee, Cause, Clause, Tier } from "../../shared/quoting/approval.ts";
import type { ApprovalPolicy } from "../../shared/quoting/records.ts";
import { canAnswer, clauseOf, lastResort, type Staff } from "./clause-of.ts";
import { findingsOf, type Finding } from "./conditions.ts";
import type { OfferFacts } from "./offer-facts.ts";

export interface Matrix extends Staff {
  readonly policies: readonly ApprovalPolicy[];
  readonly rates: Rates;
  readonly at: Instant;
  readonly timeZone: string;
}

interface Match {
  readonly policy: ApprovalPolicy;
  readonly clauses: readonly Clause[];
  readonly causes: readonly Cause[];
}

/** How many lines a policy names at most, so that a long quote's assessment stays short. */
const findingsMax = 20;

/** The tiers of all policies that are in force and hold, in order; none where nobody needs to approve. */
export function tiersOf(facts: OfferFacts, matrix: Matrix): readonly Tier[] {
  const matches = matrix.policies
    .filter((policy) => isInForce(periodOf(policy, matrix.timeZone), matrix.at))
    .toSorted((a, b) => compareIds(a.id, b.id))
    .flatMap((policy) => matchOf(policy, facts, matrix));
  return [...Map.groupBy(matches, ({ policy }) => policy.tier)]
    .toSorted(([a], [b]) => a - b)
    .map(([tier, some]) => ({
      tier,
      clauses: withoutRepeats(some.flatMap(({ clauses }) => clauses)),
      causes: some.flatMap(({ causes }) => causes),
      ...reminder(some),
      ...escalation(some, matrix),
    }));
}

function matchOf(policy: ApprovalPolicy, facts: OfferFacts, matrix: Matrix): Match[] {
  const findings = findingsOf(policy.when, facts, matrix);
  if (findings === undefined) return [];
  const needs = policy.needs.map((need) => clauseOf(need, matrix));
  const escalated = "nobody can answer for all whom it asks, so that an admin has to as well";
  const told = [
    ...bounded(findings),
    ...(needs.some(({ isEscalated }) => isEscalated) ? [{ because: escalated }] : []),
  ];
  return [
    {
      policy,
      clauses: needs.map(({ clause }) => clause),
      causes: told.map((finding) => ({ policy: policy.id, ...finding })),
    },
  ];
}

function bounded(findings: readonly Finding[]): readonly Finding[] {
  if (findings.length <= findingsMax) return findings;
  const because = `${findings.length - findingsMax} more are found like these`;
  return [...findings.slice(0, findingsMax), { because }];
}

/** The same persons in another order are the same clause. */
function withoutRepeats(clauses: readonly Clause[]): readonly Clause[] {
  return [...new Map(clauses.map((clause) => [keyOf(clause), clause])).values()];
}

function keyOf({ atLeast, of }: Clause): string {
  return JSON.stringify([atLeast, of.map(addresseeKey).toSorted()]);
}

/** The earliest counts. */
function reminder(matches: readonly Match[]): Pick<Tier, "remindAfterHours"> {
  const hours = matches.flatMap(({ policy }) => policy.remindAfterHours ?? []);
  return hours.length === 0 ? {} : { remindAfterHours: Math.min(...hours) };
}

/** The earliest counts; of equally early ones that of the policy with the smaller id. */
function escalation(
  matches: readonly Match[],
  staff: Staff,
): Pick<Tier, "escalateAfterHours" | "escalateTo"> {
  const all = matches.flatMap(({ policy: { escalateAfterHours: hours, escalateTo } }) =>
    hours === undefined ? [] : [{ hours, to: escalateTo ?? lastResort }],
  );
  const [first] = all.toSorted((a, b) => a.hours - b.hours);
  if (first === undefined) return {};
  const to: Addressee = canAnswer(first.to, staff) ? first.to : lastResort;
  return { escalateAfterHours: first.hours, escalateTo: to };
}
