import * as z from "zod";
import { amount, currency, date, id, instant, nonNegativeDecimal, positiveDecimal } from "../values.ts";
import { common } from "./common.ts";
import { refuse } from "./refusal.ts";

/**
 * An exchange rate: one unit of the first currency of its id is `rate` units of the second. What follows an `@`
 * tells apart the rates of one pair, which are in force one after another.
 */
export const rate = z
  .strictObject({ ...common("rate"), rate: positiveDecimal, from: date })
  .check((record) => {
    const [source, target, ...more] = record.value.id.split("@", 1)[0]?.split("/") ?? [];
    const known = [source, target].every((code) => currency.safeParse(code).success);
    if (!known || more.length > 0 || source === target) {
      refuse(
        record,
        "invalid_id",
        "The id of a rate is two currencies, such as EUR/USD, or EUR/USD@2026-01-01",
        ["id"],
      );
    }
  });

export const inventory = z.strictObject({
  ...common("inventory"),
  sku: id,
  location: id,
  available: nonNegativeDecimal,
  incoming: z
    .array(z.strictObject({ quantity: positiveDecimal, at: date }))
    .max(500)
    .optional(),
});

export const order = z.strictObject({
  ...common("order"),
  customer: id,
  placedAt: instant,
  status: id,
  lines: z
    .array(
      z.strictObject({
        sku: id,
        quantity: positiveDecimal,
        unit: id.optional(),
        unitPrice: amount,
        currency,
      }),
    )
    .min(1)
    .max(500),
});
