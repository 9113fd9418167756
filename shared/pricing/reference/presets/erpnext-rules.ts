import { hundred, parseDecimal, zero, type Fraction } from "../../fraction.ts";
import type { Rule } from "../../records.ts";
import { amountOf, percentOf } from "../effects.ts";
import type { Applied, Base } from "../base.ts";
import type { Line } from "../line.ts";
import { NoPrice } from "../no-price.ts";
import { statedEach } from "../own-price.ts";

/** 'Rules' of ERPNext; `matching` stand in the order of priority. */
export function byLevels(
  matching: readonly Rule[],
  price: Base | undefined,
  alone: (rule: Rule) => Applied,
  line: Line,
): Applied[] {
  const found = search(matching);
  if (found.length > 0 && found.every(mayBeCombined)) return combined(found.toReversed(), price, line);
  const top = Math.max(...found.map(({ priority = 0 }) => priority));
  const most = found.filter(({ priority = 0 }) => priority === top);
  const listed = most.filter(({ list }) => list !== undefined);
  const isOfPercents = most.every(({ effect }) => "percentOff" in effect);
  const left = most.length > 1 && isOfPercents && listed.length > 0 ? listed : most;
  if (left.length > 1) throw new NoPrice("rule_conflict");
  return left.map(alone);
}

function search(matching: readonly Rule[]): readonly Rule[] {
  let found: readonly Rule[] = [];
  for (let level = 0; level < 4; level++) {
    found = matching.filter((rule) => levelOf(rule) <= level);
    const [first] = found;
    if (first !== undefined && first.priority === undefined && !found.every(mayBeCombined)) return found;
  }
  return found;
}

function levelOf({ what }: Rule): number {
  const keys = [what?.skus, what?.categories, what?.brands];
  const level = keys.findIndex((key) => key !== undefined);
  return level === -1 ? 3 : level;
}

function mayBeCombined(rule: Rule): boolean {
  return rule.applyMultiplePricingRules === true;
}

/** Rates, then margins, then percentages, then amounts. */
function combined(rules: readonly Rule[], price: Base | undefined, line: Line): Applied[] {
  const { add, subtract, multiply, divide } = line.asked.arithmetic;
  let rate: Fraction | undefined = price?.each;
  let per = price?.per ?? "1";
  for (const { effect, unit } of rules) {
    if (!("price" in effect)) continue;
    rate = statedEach({ amount: effect.price, currency: effect.currency, per: effect.per }, unit, line);
    per = effect.per ?? "1";
  }
  if (rate === undefined) throw new NoPrice("rule_error");
  let raised = rate;
  for (const rule of rules) {
    const { margin } = rule;
    if (margin === undefined) continue;
    const more =
      "percent" in margin
        ? percentOf(rate, margin.percent, line)
        : amountOf(margin.amount, margin.currency, rule, line);
    raised = add(raised, more);
  }
  let percent = zero;
  for (const { effect, applyDiscountOnRate } of rules) {
    if (!("percentOff" in effect)) continue;
    const own = parseDecimal(effect.percentOff);
    percent = add(
      percent,
      applyDiscountOnRate === true ? divide(multiply(subtract(hundred, percent), own), hundred) : own,
    );
  }
  let each = subtract(raised, divide(multiply(raised, percent), hundred));
  for (const rule of rules) {
    const { effect } = rule;
    if ("amountOff" in effect) each = subtract(each, amountOf(effect.amountOff, effect.currency, rule, line));
  }
  return rules.map((rule) => ({ rule, after: { each, per, isHeld: false } }));
}
