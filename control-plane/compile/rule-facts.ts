import type { Company } from "../../shared/pricing/company.ts";
import type { Rule, What } from "../../shared/pricing/records.ts";

/** How a rule takes part in compiling. */
export interface RuleFacts {
  /**
   * The key of the scope by which it divides the products into classes: equal for equal scopes, "" for all
   * products. Undefined for a *point rule*, one that names SKUs: like a price it is an exception for those
   * SKUs, and divides nothing.
   */
  readonly scope: string | undefined;
  /** A point rule that names customers as well makes prices for them alone, which their overlays hold. */
  readonly individual: boolean;
  /** What the rule does, whatever its name and whomever it is for: equal for rules with the same effect. */
  readonly effect: string;
}

export function ruleFacts(company: Company): ReadonlyMap<Rule, RuleFacts> {
  return new Map(company.rules.map((rule) => [rule, factsOf(rule, company)]));
}

function factsOf(rule: Rule, company: Company): RuleFacts {
  const point = rule.what?.skus !== undefined;
  const list = rule.list === undefined ? undefined : company.lists.get(rule.list);
  return {
    scope: point ? undefined : rule.what === undefined ? "" : scopeKey(rule.what),
    individual: point && rule.who?.customers !== undefined,
    effect: JSON.stringify([
      point ? rule.what : null,
      list === undefined ? null : [list.from, list.until, list.unit, list.parent],
      [rule.from, rule.until, rule.unit, rule.currency],
      [rule.minQuantity, rule.maxQuantity, rule.minAmount, rule.maxAmount],
      rule.effect,
      rule.exclusive,
      ofPresets(rule),
    ]),
  };
}

/** What only some presets look at. */
function ofPresets(rule: Rule): unknown {
  const { margin, conditionType, priority, applyMultiplePricingRules, applyDiscountOnRate, what, list } =
    rule;
  const level = Object.keys(what ?? {}).sort();
  return [
    margin,
    conditionType,
    priority,
    applyMultiplePricingRules,
    applyDiscountOnRate,
    level,
    list !== undefined,
    rule.unsupported !== undefined,
  ];
}

function scopeKey(what: What): string {
  return JSON.stringify([what.categories, what.brands, what.attributes]);
}
