import * as z from "zod";
import { compare, parseDecimal } from "../../pricing/fraction.ts";
import { amount, currency, id, positiveDecimal, text } from "../values.ts";
import { refuse } from "./refusal.ts";

/** Fields that several record types share. */

const attributesMax = 50;
const idsMax = 1000;

/** Ids, each once. An empty list says 'none'. */
export const ids = z
  .array(id)
  .max(idsMax)
  .check((list) => eachOnce(list, list.value));

/** Ids to match against, each once. An empty list would match nothing, which nobody means. */
export const wantedIds = z
  .array(id)
  .min(1)
  .max(idsMax)
  .check((list) => eachOnce(list, list.value));

/** Texts to match against, each once. */
export const textsOnce = z
  .array(text)
  .min(1)
  .max(idsMax)
  .check((list) => eachOnce(list, list.value));

function eachOnce(reporter: Parameters<typeof refuse>[0], list: readonly string[]): void {
  if (list.length < 2) return;
  const seen = new Set<string>();
  for (const [index, value] of list.entries()) {
    if (seen.has(value))
      refuse(reporter, "duplicate_value", "Each value may stand in the list once", [index]);
    seen.add(value);
  }
}

const attributeValue = z.unknown().transform((value, context): string | string[] => {
  const found = Array.isArray(value) ? wantedIds.safeParse(value) : id.safeParse(value);
  if (found.success) return found.data;
  for (const issue of found.error.issues) {
    context.issues.push({ ...issue, input: undefined });
  }
  return z.NEVER;
});

export const attributes = z.record(z.string(), attributeValue).check((record) => {
  const keys = Object.keys(record.value);
  if (keys.length > attributesMax) {
    refuse(record, "out_of_range", `At most ${attributesMax} attributes`);
  }
  for (const key of keys) {
    const found = id.safeParse(key);
    if (!found.success) refuse(record, "invalid_id", "The name of an attribute is an id", [key]);
  }
});

export const who = z.strictObject({
  customers: wantedIds.optional(),
  groups: wantedIds.optional(),
  channels: wantedIds.optional(),
  attributes: attributes.optional(),
});

export const what = z.strictObject({
  skus: wantedIds.optional(),
  categories: wantedIds.optional(),
  brands: wantedIds.optional(),
  attributes: attributes.optional(),
});

export const amountPer = z.strictObject({ amount, currency, per: positiveDecimal.optional() });

export function isZero(decimal: string): boolean {
  return !/[1-9]/.test(decimal);
}

/** The ends of a quantity band must be in order; equal ends are a band of one quantity. */
export function bandInOrder(
  record: z.core.ParsePayload<{ minQuantity?: string | undefined; maxQuantity?: string | undefined }>,
): void {
  const { minQuantity, maxQuantity } = record.value;
  if (minQuantity === undefined || maxQuantity === undefined) return;
  if (compare(parseDecimal(maxQuantity), parseDecimal(minQuantity)) < 0) {
    refuse(record, "inverted_band", "maxQuantity is below minQuantity", ["maxQuantity"]);
  }
}

/** The bounds of a goods value, in order and in a currency. */
export function amountsInOrder(
  record: z.core.ParsePayload<{
    minAmount?: string | undefined;
    maxAmount?: string | undefined;
    currency?: string | undefined;
  }>,
): void {
  const { minAmount, maxAmount, currency: code } = record.value;
  const [given] = [minAmount, maxAmount].filter((bound) => bound !== undefined);
  if (given === undefined) return;
  if (code === undefined)
    refuse(record, "missing_field", "A bound of the goods value is in a currency", ["currency"]);
  if (minAmount === undefined || maxAmount === undefined) return;
  if (compare(parseDecimal(maxAmount), parseDecimal(minAmount)) < 0) {
    refuse(record, "inverted_band", "maxAmount is below minAmount", ["maxAmount"]);
  }
}

/** A record that names itself where it must name another. */
export function notItself<Field extends string>(field: Field) {
  return (record: z.core.ParsePayload<{ id: string } & { [F in Field]?: string | undefined }>): void => {
    if (record.value[field] === record.value.id) {
      refuse(record, "cycle", `The record's ${field} is the record itself`, [field]);
    }
  };
}
