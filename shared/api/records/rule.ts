import * as z from "zod";
import type { Effect } from "../../pricing/records.ts";
import {
  amount,
  currency,
  date,
  id,
  integer,
  nonNegativeDecimal,
  percentUpTo100,
  positiveDecimal,
} from "../values.ts";
import { common } from "./common.ts";
import { bandInOrder, what, who } from "./fields.ts";
import { refuse } from "./refusal.ts";
import { windowInOrder } from "./window.ts";

const effects = {
  percentOff: z.strictObject({ percentOff: percentUpTo100 }),
  percentMarkup: z.strictObject({ percentMarkup: nonNegativeDecimal }),
  amountOff: z.strictObject({ amountOff: amount, currency }),
  price: z.strictObject({ price: amount, currency, per: positiveDecimal.optional() }),
};
const kinds = Object.keys(effects) as (keyof typeof effects)[];
const unsupportedOptions = ["round", "min", "max"];

/** One of the effects; told apart by its key, so that a fault within it keeps its own code and pointer. */
const effect = z
  .unknown()
  .transform((value, context): Effect => {
    if (value === undefined) {
      refuse(context, "missing_field", "The field is required");
      return z.NEVER;
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      refuse(context, "wrong_type", "An effect is an object");
      return z.NEVER;
    }
    const { on, ...rest } = value as Record<string, unknown>;
    if ("formula" in rest) refuse(context, "unsupported_formula", "Formulas are not priced yet", ["formula"]);
    else if (on !== undefined && on !== "price") {
      refuse(
        context,
        "unsupported_effect",
        "Effects on another price than the running one are not priced yet",
        ["on"],
      );
    }
    for (const option of unsupportedOptions) {
      if (option in rest) refuse(context, "unsupported_effect", `${option} is not priced yet`, [option]);
    }
    if (context.issues.length > 0) return z.NEVER;
    const [kind, second] = kinds.filter((name) => name in rest);
    if (kind === undefined || second !== undefined) {
      refuse(context, "wrong_form", `An effect has exactly one of ${kinds.join(", ")}`);
      return z.NEVER;
    }
    const found = effects[kind].safeParse(rest);
    if (found.success) return found.data;
    for (const issue of found.error.issues) context.issues.push({ ...issue, input: undefined });
    return z.NEVER;
  })
  .meta({
    description: "One of percentOff, percentMarkup, amountOff with currency, price with currency and per",
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
    from: date.optional(),
    until: date.optional(),
    currency: currency.optional(),
    effect,
    exclusive: z.boolean().optional(),
  })
  .check(bandInOrder, windowInOrder);
