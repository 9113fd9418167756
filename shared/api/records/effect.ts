import * as z from "zod";
import { requireValues } from "../../pricing/formula/constant-parts.ts";
import { FormulaError } from "../../pricing/formula/formula-error.ts";
import { parseFormula } from "../../pricing/formula/parse.ts";
import type { Bound, Effect, EffectInput } from "../../pricing/records.ts";
import {
  amount,
  anyDecimal,
  currency,
  id,
  nonNegativeDecimal,
  percentUpTo100,
  positiveDecimal,
} from "../values.ts";
import { oneByKey } from "./one-by-key.ts";
import { refuse } from "./refusal.ts";

const mode = z.enum(["half-up", "half-even", "down", "up"]);
const inputs = z.enum(["price", "base", "list", "cost"]);
const ofList = z.strictObject({ list: id });

const on = z
  .unknown()
  .transform((value, context): EffectInput => {
    const found = (typeof value === "object" ? ofList : inputs).safeParse(value);
    if (found.success) return found.data;
    for (const issue of found.error.issues) context.issues.push({ ...issue, input: undefined });
    return z.NEVER;
  })
  .meta({ anyOf: [z.toJSONSchema(inputs), { type: "object", properties: { list: { type: "string" } } }] });
const bound = oneByKey<Bound>({
  amount: z.strictObject({ amount, currency }),
  marginOnCost: z.strictObject({ marginOnCost: nonNegativeDecimal }),
  aboveInput: z.strictObject({ aboveInput: amount, currency }),
});

const afterChange = {
  round: z.strictObject({ to: positiveDecimal, mode, then: anyDecimal.optional() }).optional(),
  min: bound.optional(),
  max: bound.optional(),
};

const formula = z.string().check((text) => {
  try {
    requireValues(parseFormula(text.value));
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    refuse(text, "unsupported_formula", error.message);
  }
});

/** One of the effects, with what may stand beside it. */
export const effect = oneByKey<Effect>({
  percentOff: z.strictObject({ percentOff: percentUpTo100, on: on.optional(), ...afterChange }),
  percentMarkup: z.strictObject({ percentMarkup: nonNegativeDecimal, on: on.optional(), ...afterChange }),
  amountOff: z.strictObject({ amountOff: amount, currency, on: on.optional(), ...afterChange }),
  amountMarkup: z.strictObject({ amountMarkup: amount, currency, on: on.optional(), ...afterChange }),
  price: z.strictObject({ price: amount, currency, per: positiveDecimal.optional(), ...afterChange }),
  formula: z.strictObject({ formula, ...afterChange }),
});
