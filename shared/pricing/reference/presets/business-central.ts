import { compare, divide, hundred, multiply, subtract, zero, type Fraction } from "../../fraction.ts";
import type { Price, Rule } from "../../records.ts";
import { isFitting, isOfView } from "../fitting.ts";
import type { Base } from "../base.ts";
import { enteringPrice } from "../entering-price.ts";
import type { Line } from "../line.ts";
import { isMatching } from "../matching-rule.ts";
import type { View } from "../view.ts";
import { percentOffOf } from "../effects.ts";

/** The best line: more specific, or else cheaper, in the order of ids. */
export function bestLine(line: Line, view: View): Base | undefined {
  const fitting = line.asked
    .all("price")
    .filter((price) => isFitting(price, line, view) && isOfView(price, view))
    .filter(({ unit }) => unit === undefined || unit === line.unit)
    .filter(({ currency }) => currency === line.currency || currency === line.asked.policy.currency)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  let best: Candidate | undefined;
  for (const price of fitting) {
    const candidate = candidateOf(price, line, view);
    if (best === undefined || replaces(candidate, best)) best = candidate;
  }
  return best?.base;
}

interface Candidate {
  readonly base: Base;
  /** With the best discount that it allows taken off. */
  readonly comesTo: Fraction;
  readonly hasCurrency: boolean;
  readonly hasVariant: boolean;
}

function candidateOf(price: Price, line: Line, view: View): Candidate {
  const { policy, question } = line.asked;
  const base = enteringPrice(price, line);
  return {
    base,
    comesTo: subtract(base.each, divide(multiply(base.each, bestDiscount(base, line, view)), hundred)),
    hasCurrency: price.currency === question.currency && price.currency !== policy.currency,
    hasVariant: price.inherited !== true,
  };
}

function replaces(next: Candidate, best: Candidate): boolean {
  const isMoreSpecific = (a: Candidate, b: Candidate) =>
    (a.hasCurrency && !b.hasCurrency) || (a.hasVariant && !b.hasVariant);
  const [improves, degrades] = [isMoreSpecific(next, best), isMoreSpecific(best, next)];
  if (improves !== degrades) return improves;
  return compare(next.comesTo, best.comesTo) < 0;
}

function bestDiscount(base: Base, line: Line, view: View): Fraction {
  if (!base.allowDiscount) return zero;
  return line.asked
    .all("rule")
    .filter((rule) => isMatching(rule, line, view, base))
    .flatMap((rule) => percentOffOf(rule) ?? [])
    .reduce((most, percent) => (compare(percent, most) > 0 ? percent : most), zero);
}

/** The rule with the largest percentage off, or else the first. */
export function largestPercentage(rules: readonly Rule[]): Rule | undefined {
  let largest: Rule | undefined;
  for (const rule of rules) {
    const percent = percentOffOf(rule);
    const most = largest === undefined ? undefined : percentOffOf(largest);
    if (percent !== undefined && (most === undefined || compare(percent, most) > 0)) largest = rule;
  }
  return largest ?? rules[0];
}
