import type { Company } from "./company.ts";
import { compareIds } from "./company.ts";
import { compare, divide, multiply, parseDecimal, zero, type Fraction } from "./fraction.ts";
import type { Instant } from "./instant.ts";
import { isInForce, periodOf, type Period } from "./period.ts";
import { bandOf, isInBand, type Quantity, type QuantityBand } from "./quantity-band.ts";
import type { DecimalText, Price, Who } from "./records.ts";

/** A price that may be the base price of a product, with its numbers in base units. */
export interface Candidate {
  readonly record: string;
  readonly id: string;
  readonly unit: string;
  readonly per: DecimalText;
  readonly perBaseUnit: Fraction;
  readonly taxIncluded: boolean;
  /** When it is in force: its own period, and its list's. */
  readonly period: Period;
  readonly listPeriod: Period | undefined;
  readonly band: QuantityBand;
  readonly allowDiscount: boolean;
}

/** Whose prices are asked, in order; `matches` narrows each by its own `who`. */
export interface PriceSources {
  readonly accountChain: readonly string[];
  readonly groupChain: readonly string[];
  readonly listChain: readonly string[];
  readonly matches: (who: Who | undefined) => boolean;
}

/** One array a source, in the order of the policy's precedence, without what can never fit. */
export function candidatesBySource(
  prices: readonly Price[],
  sources: PriceSources,
  company: Company,
  factors: ReadonlyMap<string, Fraction>,
  baseUnit: string,
): Candidate[][] {
  const bySource = new Map<string, Candidate[]>();
  for (const price of prices) {
    const unit = price.unit ?? baseUnit;
    const factor = factors.get(unit);
    const list = price.list === undefined ? undefined : company.lists.get(price.list);
    if (factor === undefined || (price.list !== undefined && list === undefined)) continue;
    if (!sources.matches(price.who)) continue;
    const source = sourceOf(price);
    const known = bySource.get(source) ?? [];
    bySource.set(source, known);
    known.push({
      record: `price/${price.id}`,
      id: price.id,
      unit,
      per: price.per ?? "1",
      perBaseUnit: perBaseUnit(price.amount, price.per, factor),
      taxIncluded: list?.taxIncluded ?? false,
      period: periodOf(price, company.policy.timeZone),
      listPeriod: list?.period,
      band: bandOf(price, factor),
      allowDiscount: price.allowDiscount ?? true,
    });
  }
  return sourcesInOrder(sources, company).flatMap((source) => {
    const candidates = bySource.get(source);
    return candidates === undefined ? [] : [candidates];
  });
}

function sourceOf(price: Price): string {
  if (price.customer !== undefined) return `customer/${price.customer}`;
  if (price.group !== undefined) return `group/${price.group}`;
  if (price.list !== undefined) return `list/${price.list}`;
  return "everyone";
}

function sourcesInOrder(sources: PriceSources, company: Company): string[] {
  return company.policy.precedence.flatMap((scope) => {
    switch (scope) {
      case "customer":
        return sources.accountChain.map((id) => `customer/${id}`);
      case "group":
        return sources.groupChain.map((id) => `group/${id}`);
      case "list":
        return sources.listChain.map((id) => `list/${id}`);
      case "everyone":
        return ["everyone"];
    }
  });
}

/** The best fitting candidate of one source, if one fits. */
export function bestFitting(
  candidates: readonly Candidate[],
  at: Instant,
  unit: string,
  quantity: Quantity,
): Candidate | undefined {
  let best: Candidate | undefined;
  for (const candidate of candidates) {
    if (!isInForce(candidate.period, at) || !isInBand(candidate.band, quantity)) continue;
    if (candidate.listPeriod !== undefined && !isInForce(candidate.listPeriod, at)) continue;
    if (best === undefined || compareCandidates(candidate, best, unit) < 0) best = candidate;
  }
  return best;
}

/** Below zero when `a` is the better price for this unit. */
function compareCandidates(a: Candidate, b: Candidate, unit: string): number {
  return (
    Number(b.unit === unit) - Number(a.unit === unit) ||
    compare(b.band.min ?? zero, a.band.min ?? zero) ||
    compareNumbers(a.period.until - a.period.from, b.period.until - b.period.from) ||
    compareNumbers(b.period.from, a.period.from) ||
    compareIds(a.id, b.id)
  );
}

// Subtraction would turn two infinities into NaN.
function compareNumbers(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What one base unit costs, by an amount for `per` units of `factor` base units each. */
export function perBaseUnit(amount: DecimalText, per: DecimalText | undefined, factor: Fraction): Fraction {
  return divide(parseDecimal(amount), multiply(parseDecimal(per ?? "1"), factor));
}
