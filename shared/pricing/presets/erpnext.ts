import type { ApplicableRule } from "../applicable-rule.ts";
import { applyFirst, type AppliedRule, type ApplyRules } from "../apply-rules.ts";
import { asBasePrice, compareNumbers, converted, fits, type BasePrice, type Point } from "../base-price.ts";
import type { Candidate } from "../candidate.ts";
import type { ChoosePrice } from "../choose-price.ts";
import { compareIds } from "../compare-ids.ts";
import { hundred, parseDecimal, zero, type Fraction } from "../fraction.ts";
import type { Preset } from "../full-policy.ts";
import { toBaseUnit } from "../product-units.ts";
import type { Unavailable } from "../question.ts";
import type { Rule } from "../records.ts";

/**
 * ERPNext's item prices and pricing rules (versions 14 and 15).
 *
 * The item price is the customer's own in its price list, else anyone's, in the line's unit or without one, else
 * anyone's in the stock unit; the latest `valid_from` first; a variant without one has its template's. Pricing rules
 * are looked for by item, then by item group, then by brand. Of several that may not be combined the highest
 * priority counts, and two of the same are a conflict. Those that may be combined are: rates replace the price,
 * margins raise it, percentages add up (or compound, if so marked), then amounts are taken off.
 *
 * Source: frappe/erpnext, accounts/doctype/pricing_rule/pricing_rule.py and utils.py, stock/get_item_details.py.
 * Rules that look at the whole document or at the customer's history can't be worked out beforehand: the
 * connector refuses them.
 */
export const erpnext: Preset = {
  sets: {
    lists: "one",
    precedence: ["list"],
    fallback: "none",
    choosePrice: itemPrice,
    applyRules: byLevels,
    ruleOrder: "priority",
    ruleUnits: "exact",
    unitPrice: { places: 2, mode: "half-up" },
  },
};

function itemPrice(point: Point): ReturnType<ChoosePrice> {
  const { product } = point.contenders;
  const fitting = point.contenders.bySource.flat().filter((candidate) => fits(candidate, point));
  const isOwn = ({ price }: Candidate) => price.who?.customers !== undefined;
  const isOfUnit = ({ price, unit }: Candidate) => price.unit === undefined || unit === point.unit;
  for (const inherited of [false, true]) {
    const level = fitting.filter(({ price }) => (price.inherited ?? false) === inherited);
    for (const isTried of [
      (candidate: Candidate) => isOwn(candidate) && isOfUnit(candidate),
      (candidate: Candidate) => !isOwn(candidate) && isOfUnit(candidate),
      (candidate: Candidate) => !isOwn(candidate) && candidate.unit === product.unit,
    ]) {
      const [best] = level.filter(isTried).sort(compareItemPrices);
      if (best !== undefined) return asBasePrice(best, point);
    }
  }
  return undefined;
}

function compareItemPrices(a: Candidate, b: Candidate): number {
  return (
    compareNumbers(b.period.from, a.period.from) ||
    Number(b.price.unit !== undefined) - Number(a.price.unit !== undefined) ||
    compareIds(a.price.id, b.price.id)
  );
}

function byLevels(
  matching: readonly ApplicableRule[],
  base: BasePrice | undefined,
  point: Point,
): ReturnType<ApplyRules> {
  const found = ofFirstLevels(matching);
  if (found.length === 0) return [];
  if (found.every(({ rule }) => rule.applyMultiplePricingRules === true)) return combined(found, base, point);
  const largest = Math.max(...found.map(({ rule }) => rule.priority ?? 0));
  const left = found.filter(({ rule }) => (rule.priority ?? 0) === largest);
  const [only, ...more] = preferListed(left);
  if (only === undefined || more.length > 0) return { unavailable: "rule_conflict" };
  return applyFirst([only], base, point);
}

/** The rules of the first level that has some, and of further levels where these don't settle it. */
function ofFirstLevels(matching: readonly ApplicableRule[]): readonly ApplicableRule[] {
  for (const last of [0, 1, 2]) {
    const found = matching.filter(({ rule }) => levelOf(rule) <= last);
    const [first] = found;
    if (first === undefined || first.rule.priority !== undefined) continue;
    if (!found.every(({ rule }) => rule.applyMultiplePricingRules === true)) return found;
  }
  return matching;
}

function levelOf({ what }: Rule): number {
  if (what?.skus !== undefined) return 0;
  if (what?.categories !== undefined) return 1;
  return what?.brands === undefined ? 3 : 2;
}

/** Of several percentages, those that are for a price list. */
function preferListed(rules: readonly ApplicableRule[]): readonly ApplicableRule[] {
  if (rules.length < 2 || !rules.every(({ rule }) => "percentOff" in rule.effect)) return rules;
  const listed = rules.filter(({ rule }) => rule.list !== undefined);
  return listed.length > 0 ? listed : rules;
}

function combined(
  found: readonly ApplicableRule[],
  base: BasePrice | undefined,
  point: Point,
): readonly AppliedRule[] | Unavailable {
  const { arithmetic } = point.contenders.company.policy;
  const rules = found.toReversed();
  let price: Fraction | Unavailable | undefined = base?.price.perBaseUnit;
  let per = base?.price.per ?? "1";
  for (const { rule, worth } of rules) {
    if (!("price" in rule.effect)) continue;
    const amount = parseDecimal(rule.effect.price);
    const each =
      rule.effect.per === undefined ? amount : arithmetic.divide(amount, parseDecimal(rule.effect.per));
    price = converted(toBaseUnit(each, worth, arithmetic), rule.effect.currency, point);
    if ("unavailable" in price) return price;
    per = rule.effect.per ?? "1";
  }
  if (price === undefined) return { unavailable: "rule_error" };
  const rate = price;
  const percentOf = (value: Fraction, percent: string) =>
    arithmetic.divide(arithmetic.multiply(value, parseDecimal(percent)), hundred);
  const amountOf = (amount: string, { worth }: ApplicableRule) =>
    toBaseUnit(parseDecimal(amount), worth, arithmetic);
  let raised = rate;
  for (const applicable of rules) {
    const { margin } = applicable.rule;
    if (margin === undefined) continue;
    raised = arithmetic.add(
      raised,
      "percent" in margin ? percentOf(rate, margin.percent) : amountOf(margin.amount, applicable),
    );
  }
  let percentOff = zero;
  for (const { rule } of rules) {
    if (!("percentOff" in rule.effect)) continue;
    const own = parseDecimal(rule.effect.percentOff);
    const left = arithmetic.subtract(hundred, percentOff);
    percentOff = arithmetic.add(
      percentOff,
      rule.applyDiscountOnRate === true ? arithmetic.divide(arithmetic.multiply(left, own), hundred) : own,
    );
  }
  let result = arithmetic.subtract(
    raised,
    arithmetic.divide(arithmetic.multiply(raised, percentOff), hundred),
  );
  for (const applicable of rules) {
    const { effect } = applicable.rule;
    if ("amountOff" in effect) result = arithmetic.subtract(result, amountOf(effect.amountOff, applicable));
  }
  return rules.map((applied) => ({ applied, price: { perBaseUnit: result, per } }));
}
