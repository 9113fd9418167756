import * as z from "zod";
import { whole } from "./query-values.ts";
import { guardDefaults, productsMinMax, type GuardSettings } from "../guard/guard-settings.ts";
import { checkNames } from "../guard/tally.ts";
import type { GuardReport } from "../guard/verdict.ts";

const count = z.int().min(0);
const amount = z.strictObject({ unitPrice: z.string(), per: z.string() });

/** What the guard found, for those who look at a held snapshot. */
export const guardReport = z
  .strictObject({
    live: z.string().meta({ description: "The live snapshot that it was compared with" }),
    checks: z.array(
      z.strictObject({
        check: z.enum(checkNames).meta({
          description:
            "`jumped`: prices are many times what they were, or a small part of it. `zero`: they are zero and were not. `gone`: there are none any more",
        }),
        prices: count.meta({
          description: "A price is one SKU's for all customers who share it, or for one",
        }),
        of: count.meta({
          description:
            "`gone`: of so many live prices, counted no further than it matters; else of so many that changed",
        }),
        examples: z.array(
          z.strictObject({
            sku: z.string(),
            currency: z.string(),
            before: amount,
            after: amount.nullable(),
          }),
        ),
      }),
    ),
  })
  .meta({ description: "Why it is held though it was to go live; activate it to confirm that it is meant" });

export const guardSettings = z.strictObject({
  on: z.boolean(),
  productsMin: whole(1, productsMinMax, "A check fires only if it is about the prices of so many products"),
  factor: whole(2, 1_000_000, "From how many times the price on, or which part of it, it has jumped"),
  jumpedPercent: whole(1, 100, "As many percent of the changed prices jumped"),
  zeroPercent: whole(1, 100, "As many percent of the changed prices became zero"),
  gonePercent: whole(1, 100, "As many percent of the live prices are gone"),
});

/** Those that are not named stay as they are. */
export const guardChange = guardSettings.partial().meta({
  description: `When a publish looks like an accident and is held. At first ${JSON.stringify(guardDefaults)}`,
});

export function changedSettings(
  settings: GuardSettings,
  change: z.output<typeof guardChange>,
): GuardSettings {
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  return { ...settings, ...Object.fromEntries(given) };
}

/** As it is answered. */
export function shownReport({ live, checks }: GuardReport): z.output<typeof guardReport> {
  return {
    live,
    checks: checks.map(({ check, prices, of, examples }) => ({ check, prices, of, examples: [...examples] })),
  };
}
