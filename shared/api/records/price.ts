import * as z from "zod";
import { amount, currency, date, id, positiveDecimal } from "../values.ts";
import { common } from "./common.ts";
import { bandInOrder, isZero, who } from "./fields.ts";
import { refuse } from "./refusal.ts";
import { windowInOrder } from "./window.ts";

export const price = z
  .strictObject({
    ...common("price"),
    list: id.optional(),
    customer: id.optional(),
    group: id.optional(),
    who: who.optional(),
    sku: id,
    currency,
    amount,
    per: positiveDecimal.optional(),
    unit: id.optional(),
    minQuantity: positiveDecimal.optional(),
    maxQuantity: positiveDecimal.optional(),
    from: date.optional(),
    until: date.optional(),
    allowDiscount: z.boolean().optional(),
    free: z.boolean().optional(),
    graduated: z.boolean().optional(),
    inherited: z.boolean().optional(),
  })
  .check(oneScope, aboveZeroUnlessFree, bandInOrder, windowInOrder, graduatedWithoutEnd);

const scopes = ["list", "customer", "group"] as const;

function oneScope(price: z.core.ParsePayload<{ [S in (typeof scopes)[number]]?: string | undefined }>): void {
  const [, second] = scopes.filter((scope) => price.value[scope] !== undefined);
  if (second === undefined) return;
  refuse(price, "scope_conflict", "A price has at most one of list, customer and group", [second]);
}

function aboveZeroUnlessFree(
  price: z.core.ParsePayload<{ amount: string; free?: boolean | undefined }>,
): void {
  if (!isZero(price.value.amount) || price.value.free === true) return;
  refuse(price, "zero_price", 'An amount of zero needs "free": true', ["amount"]);
}

function graduatedWithoutEnd(
  price: z.core.ParsePayload<{ graduated?: boolean | undefined; maxQuantity?: string | undefined }>,
): void {
  if (price.value.graduated !== true || price.value.maxQuantity === undefined) return;
  refuse(price, "scope_conflict", "A graduated price goes on to the next one", ["maxQuantity"]);
}
