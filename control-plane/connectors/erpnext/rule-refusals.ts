import { Fault } from "../cell.ts";
import type { PricingRule } from "./doctypes.ts";

/** Why a pricing rule can't be worked out for one line by itself: it looks at the document, or at history. */
export function refusalOf(rule: PricingRule): Fault | undefined {
  for (const [applies, code, message] of refusals) {
    if (applies(rule)) return new Fault(code, message);
  }
  return undefined;
}

const refusals: readonly (readonly [
  applies: (rule: PricingRule) => boolean,
  code: string,
  message: string,
])[] = [
  [(rule) => rule.apply_on === "Transaction", "transaction_rule", "The rule is for a document as a whole"],
  [
    (rule) => rule.price_or_product_discount === "Product",
    "free_product",
    "The rule gives a product away instead of changing a price",
  ],
  [(rule) => rule.mixed_conditions, "mixed_conditions", "The rule adds up the quantities of several lines"],
  [(rule) => rule.is_cumulative, "cumulative", "The rule counts what was bought before"],
  [
    (rule) => rule.apply_rule_on_other !== undefined,
    "rule_on_other",
    "The rule changes the price of another item than it looks at",
  ],
  [(rule) => rule.coupon_code_based, "coupon_code", "The rule needs a coupon"],
  [(rule) => rule.condition !== undefined, "condition", "The rule has a condition on the document"],
  [
    (rule) => rule.validate_applied_rule,
    "validate_applied_rule",
    "The rule only checks what was entered by hand",
  ],
  [(rule) => rule.warehouse !== undefined, "warehouse", "The rule is for lines from one warehouse"],
  [(rule) => rule.applicable_for === "Campaign", "campaign", "The rule is for documents of a campaign"],
];
