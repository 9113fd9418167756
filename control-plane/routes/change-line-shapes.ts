import * as z from "zod";

/** The lines of a comparison, for the documentation. */

export const count = z.int().min(0);
const tier = z.strictObject({
  from: z.string(),
  above: z.literal(true).optional(),
  unitPrice: z.string(),
  per: z.string().optional(),
});
const percent = z.string().meta({ description: "By how many percent the first tier went up or down" });

export const changedPrice = z
  .strictObject({
    customer: z.string(),
    sku: z.string(),
    currency: z.string(),
    before: z.array(tier),
    after: z.array(tier),
    percent: percent.nullable(),
  })
  .meta({ description: "A price that differs, in the product's base unit" });

export const summaryLine = z
  .strictObject({
    summary: z.strictObject({
      prices: count,
      customers: count,
      raised: count,
      lowered: count,
      tiersOnly: count,
      added: count,
      gone: count,
      distribution: z.array(z.strictObject({ below: z.number().nullable(), prices: count })),
      largest: z.strictObject({ customer: z.string(), sku: z.string(), percent }).nullable(),
    }),
  })
  .meta({ description: "The last line" });
