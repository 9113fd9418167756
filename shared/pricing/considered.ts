import {
  applyBest,
  applyFirst,
  applyRules,
  mismatch,
  type AppliedRule,
  type Mismatch,
} from "./apply-rules.ts";
import { basePrice, compareNumbers, isOpenAt, type BasePrice, type Point } from "./base-price.ts";
import type { Candidate } from "./candidate.ts";
import { firstSource, lowestSource } from "./choose-price.ts";
import { withoutExcluded } from "./exclusions.ts";
import { compare, zero } from "./fraction.ts";
import { isInForce, type Period } from "./period.ts";
import { isInBand, type QuantityBand } from "./quantity-band.ts";
import type { Instant } from "./instant.ts";
import type { DecimalText } from "./records.ts";

/** What became of a price or rule that was the customer's to have. */
export interface Considered {
  /** `type/id`. */
  readonly record: string;
  readonly outcome: "selected" | "filtered" | "beaten" | "excluded";
  /** Why not; nothing for what was selected. */
  readonly reason?: ConsideredReason;
  /** The record that it lost against. */
  readonly by?: string;
  /** Of a price: as its record has it. */
  readonly amount?: DecimalText;
}

export type ConsideredReason =
  | Mismatch
  | "no_discount"
  | "precedence"
  | "higher_amount"
  | "less_specific"
  | "converted_unit"
  | "smaller_tier"
  | "wider_period"
  | "earlier_from"
  | "larger_id"
  | "rank"
  | "exclusion"
  | "exclusive";

/** Lines that were priced from a snapshot, whose prices are to be explained. */
export interface ExplainQuestion {
  /** The snapshot's: records are read as they were then. */
  readonly sequence: number;
  readonly customer: string;
  readonly channel: string | undefined;
  readonly currency: string;
  readonly at: Instant;
  readonly lines: readonly {
    readonly sku: string;
    readonly quantity: string;
    readonly unit?: string | undefined;
  }[];
}

/** All prices and rules that were looked at for a point, each with what became of it and why. */
export function considered(point: Point): Considered[] {
  const base = basePrice(point);
  const found = base === undefined || "unavailable" in base ? undefined : base;
  return [...consideredPrices(found, point), ...consideredRules(found, point)];
}

function consideredPrices(base: BasePrice | undefined, point: Point): Considered[] {
  const winner = base?.candidate;
  return point.contenders.bySource.flatMap((candidates) =>
    candidates.map((candidate): Considered => {
      const { record, price } = candidate;
      const told = { record, amount: price.amount };
      if (candidate === winner) return { ...told, outcome: "selected" };
      const reason = whyFiltered(candidate, point);
      if (reason !== undefined) return { ...told, outcome: "filtered", reason };
      return {
        ...told,
        outcome: "beaten",
        reason: winner === undefined ? "less_specific" : whyBeaten(candidate, winner, point),
        ...(winner === undefined ? {} : { by: winner.record }),
      };
    }),
  );
}

function whyFiltered(candidate: Candidate, point: Point): ConsideredReason | undefined {
  const { period, list, band } = candidate;
  if (list !== undefined && !isInForce(list.period, point.at)) return "list_not_in_force";
  if (!isInForce(period, point.at)) return whyNotInForce(period, point);
  if (!isOpenAt(candidate, point)) return "other_unit";
  return isInBand(band, point.quantity) ? undefined : whyOutside(band, point);
}

function whyNotInForce(period: Period, { at }: Point): ConsideredReason {
  return at < period.from ? "not_yet" : "expired";
}

function whyOutside(band: QuantityBand, { quantity }: Point): ConsideredReason {
  return band.min !== undefined && compare(quantity.value, band.min) < 0
    ? "quantity_below"
    : "quantity_above";
}

/** On what a fitting price lost against the one that counts. */
function whyBeaten(loser: Candidate, winner: Candidate, point: Point): ConsideredReason {
  const { bySource, company } = point.contenders;
  const { choosePrice } = company.policy;
  const sourceOf = (candidate: Candidate) => bySource.findIndex((source) => source.includes(candidate));
  if (choosePrice !== firstSource && choosePrice !== lowestSource) {
    return isDearer(loser, winner) ? "higher_amount" : "less_specific";
  }
  if (sourceOf(loser) !== sourceOf(winner))
    return choosePrice === firstSource ? "precedence" : "higher_amount";
  if ((loser.unit === point.unit) !== (winner.unit === point.unit)) return "converted_unit";
  if (compare(loser.band.min ?? zero, winner.band.min ?? zero) !== 0) return "smaller_tier";
  const width = ({ period }: Candidate) => period.until - period.from;
  if (compareNumbers(width(loser), width(winner)) !== 0) return "wider_period";
  return loser.period.from === winner.period.from ? "larger_id" : "earlier_from";
}

function isDearer(loser: Candidate, winner: Candidate): boolean {
  return compare(loser.amount, winner.amount) > 0;
}

function consideredRules(base: BasePrice | undefined, point: Point): Considered[] {
  const { rules } = point.contenders;
  const applied = applyRules(point, base, base);
  const used: readonly AppliedRule[] = "unavailable" in applied ? [] : applied;
  const matching = rules.filter((rule) => mismatch(rule, base, point) === undefined);
  const left = withoutExcluded(matching, base, point);
  const kept = new Set("unavailable" in left ? [] : left);
  return rules.map((rule): Considered => {
    const { record } = rule;
    if (used.some((one) => one.applied === rule)) return { record, outcome: "selected" };
    const reason = mismatch(rule, base, point);
    if (reason !== undefined) return { record, outcome: "filtered", reason };
    if (base?.candidate?.price.allowDiscount === false) {
      return { record, outcome: "filtered", reason: "no_discount", by: base.candidate.record };
    }
    if (!kept.has(rule)) return { record, outcome: "excluded", reason: "exclusion" };
    return { record, ...whyNotUsed(used, point) };
  });
}

function whyNotUsed(
  used: readonly AppliedRule[],
  point: Point,
): Pick<Considered, "outcome" | "reason" | "by"> {
  const last = used.at(-1)?.applied;
  const by = last === undefined ? {} : { by: last.record };
  const { applyRules: how } = point.contenders.company.policy;
  if (how === applyFirst) return { outcome: "beaten", reason: "rank", ...by };
  if (how === applyBest) return { outcome: "beaten", reason: "higher_amount", ...by };
  if (last?.rule.exclusive === true) return { outcome: "excluded", reason: "exclusive", ...by };
  return { outcome: "beaten", reason: "less_specific", ...by };
}
