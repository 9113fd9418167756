import * as z from "zod";
import { id, positiveDecimal, text } from "../values.ts";
import { common } from "./common.ts";
import { amountPer, attributes, ids, isZero, notItself } from "./fields.ts";
import { refuse } from "./refusal.ts";

export const product = z
  .strictObject({
    ...common("product"),
    name: text,
    category: id.optional(),
    categories: ids.optional(),
    brand: id.optional(),
    unit: id,
    units: z
      .array(z.strictObject({ unit: id, factor: positiveDecimal, per: positiveDecimal.optional() }))
      .max(100)
      .optional(),
    saleUnit: id.optional(),
    listPrice: amountPer.optional(),
    cost: amountPer.optional(),
    minQuantity: positiveDecimal.optional(),
    multiple: positiveDecimal.optional(),
    status: z.enum(["active", "discontinued"]).optional(),
    replacedBy: id.optional(),
    taxes: ids.optional(),
    attributes: attributes.optional(),
  })
  .check(unitsEachOnce, notItself("replacedBy"), listPriceAboveZero);

function unitsEachOnce(
  product: z.core.ParsePayload<{ unit: string; units?: readonly { unit: string }[] | undefined }>,
): void {
  const seen = new Set([product.value.unit]);
  for (const [index, { unit }] of (product.value.units ?? []).entries()) {
    if (seen.has(unit))
      refuse(product, "duplicate_unit", "Each unit may stand once", ["units", index, "unit"]);
    seen.add(unit);
  }
}

// Many ERPs write a list price of zero where there is none; a shop must not give such products away.
function listPriceAboveZero(
  product: z.core.ParsePayload<{ listPrice?: { amount: string } | undefined }>,
): void {
  const { listPrice } = product.value;
  if (listPrice === undefined || !isZero(listPrice.amount)) return;
  refuse(product, "zero_price", "A list price of zero is left out", ["listPrice", "amount"]);
}
