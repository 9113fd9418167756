import { compare, multiply, parseDecimal } from "../fraction.ts";
import type { PresetName, Rule } from "../records.ts";
import type { Base } from "./base.ts";
import { currenciesOf } from "./currency.ts";
import { makesPrice } from "./effects.ts";
import type { Line } from "./line.ts";
import { isAbout } from "./matching.ts";
import { isReachedInDoubles } from "./presets/tryton.ts";
import { isInBand, isKnownUnit } from "./quantity.ts";
import type { View } from "./view.ts";

/** Whether a rule matches, by everything that it asks for. */
export function isMatching(rule: Rule, line: Line, view: View, base: Base | undefined): boolean {
  const { asked, product, currency, quantity } = line;
  const { preset, convert } = asked.policy;
  if (base === undefined && !makesPrice(rule)) return false;
  if (!asked.isInForce(rule) || !view.matches(rule.who) || !view.hasRule(rule)) return false;
  if (!isAbout(rule.what, product, asked)) return false;
  if ((rule.currency ?? currency) !== currency) return false;
  if (convert !== "rates" && currenciesOf(rule).some((other) => other !== currency)) return false;
  if (!isKnownUnit(rule.unit, product)) return false;
  if (hasExactUnits(preset) && (rule.unit ?? line.unit) !== line.unit) return false;
  const counted = preset === "tryton" ? countedIn(rule, line) : rule.unit;
  if (!isInBand(rule, counted, quantity, product)) return false;
  if (preset === "tryton" && !isReachedInDoubles(rule, counted, line)) return false;
  return hasGoodsValue(rule, line, base);
}

function hasExactUnits(preset: PresetName | undefined): boolean {
  return preset === "odoo" || preset === "business-central" || preset === "erpnext";
}

/** In Tryton, the unit that the rule's list counts in. */
function countedIn(rule: Rule, { asked, product }: Line): string | undefined {
  return asked.find("priceList", rule.list)?.unit === "product_sale" ? product.saleUnit : undefined;
}

function hasGoodsValue({ minAmount, maxAmount }: Rule, { quantity }: Line, base: Base | undefined): boolean {
  if (minAmount === undefined && maxAmount === undefined) return true;
  if (base === undefined) return false;
  const value = multiply(base.each, quantity);
  if (minAmount !== undefined && compare(value, parseDecimal(minAmount)) < 0) return false;
  return maxAmount === undefined || compare(value, parseDecimal(maxAmount)) <= 0;
}
