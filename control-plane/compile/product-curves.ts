import { currenciesOfEffect, makesPrice } from "../../shared/pricing/applicable-rule.ts";
import type { Company } from "../../shared/pricing/company.ts";
import { withRules, type NamedRule } from "../../shared/pricing/contenders.ts";
import { curveOf, type Curve } from "../../shared/pricing/curve.ts";
import type { ProductOffers } from "./product-offers.ts";

/**
 * A product's curve in each currency in which it has one.
 * @param rules those that are about the product, in order
 */
export function* productCurves(
  offers: ProductOffers,
  rules: readonly NamedRule[],
  company: Company,
): Generator<readonly [currency: string, curve: Curve]> {
  for (const currency of currenciesOf(offers.currencies, rules, company)) {
    const curve = curveOf(withRules(offers.in(currency), rules));
    if (curve !== undefined) yield [currency, curve];
  }
}

/** The currencies in which the product can have a price at all, or a reason why it has none. */
function currenciesOf(
  named: ReadonlySet<string>,
  rules: readonly NamedRule[],
  company: Company,
): ReadonlySet<string> {
  const ofRules = rules.flatMap(({ rule }) => currenciesOfEffect(rule));
  const isConverted = company.policy.convert !== "none" || rules.some(({ rule }) => makesPrice(rule));
  if (ofRules.length === 0 && !isConverted) return named;
  return new Set([...named, ...ofRules, ...(isConverted ? company.currencies : [])]);
}
