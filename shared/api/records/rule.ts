import * as z from "zod";
import type { Effect, Rule } from "../../pricing/records.ts";
import { amount, currency, date, id, integer, nonNegativeDecimal, positiveDecimal, text } from "../values.ts";
import { common } from "./common.ts";
import { effect } from "./effect.ts";
import { amountsInOrder, bandInOrder, what, who } from "./fields.ts";
import { oneByKey } from "./one-by-key.ts";
import { refuse } from "./refusal.ts";
import { windowInOrder } from "./window.ts";

const margin = oneByKey<NonNullable<Rule["margin"]>>({
  percent: z.strictObject({ percent: nonNegativeDecimal }),
  amount: z.strictObject({ amount, currency }),
});

const priority = integer.check((value) => {
  if (value.value < 1 || value.value > 20) refuse(value, "out_of_range", "A priority lies between 1 and 20");
});

export const rule = z
  .strictObject({
    ...common("rule"),
    rank: integer,
    list: id.optional(),
    who: who.optional(),
    what: what.optional(),
    unit: id.optional(),
    minQuantity: positiveDecimal.optional(),
    maxQuantity: positiveDecimal.optional(),
    minAmount: nonNegativeDecimal.optional(),
    maxAmount: nonNegativeDecimal.optional(),
    from: date.optional(),
    until: date.optional(),
    currency: currency.optional(),
    effect,
    exclusive: z.boolean().optional(),
    unsupported: text.optional(),
    margin: margin.optional(),
    conditionType: id.optional(),
    priority: priority.optional(),
    applyMultiplePricingRules: z.boolean().optional(),
    applyDiscountOnRate: z.boolean().optional(),
    appliedOn: z.enum(["0_product_variant", "1_product", "2_product_category", "3_global"]).optional(),
  })
  .check(bandInOrder, windowInOrder, amountsInOrder, combinableEffect);

/** Rules that are combined do so in phases, which only these effects have a place in. */
function combinableEffect(
  rule: z.core.ParsePayload<{
    effect: Effect;
    applyMultiplePricingRules?: boolean | undefined;
  }>,
): void {
  const { effect: given, applyMultiplePricingRules } = rule.value;
  if (applyMultiplePricingRules !== true) return;
  const isPlain = given.round === undefined && given.min === undefined && given.max === undefined;
  const input = "on" in given ? given.on : undefined;
  const isCombinable = "price" in given || "percentOff" in given || "amountOff" in given;
  if (isPlain && isCombinable && (input === undefined || input === "price")) return;
  refuse(rule, "unsupported_effect", "Rules that are combined have price, percentOff or amountOff", [
    "effect",
  ]);
}
