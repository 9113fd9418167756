import * as z from "zod";
import { currency, id, instant, positiveDecimal } from "../../shared/api/values.ts";

/** The forms of price questions and answers. */
const linesMax = 500;

export const token = z
  .string()
  .max(200)
  .meta({ description: "A token of an earlier answer or publish: no older prices than that" });
const channel = id.meta({ description: "A sales area, site or country, where prices differ by it" });

export const pricesQuestion = z.strictObject({
  customer: id,
  currency: currency.optional(),
  channel: channel.optional(),
  at: instant.optional(),
  atLeast: token.optional(),
  explain: z
    .union([z.boolean(), z.literal("full")])
    .optional()
    .meta({
      description:
        "`true` names the steps to each price; `full` also every price and rule that was looked at, and why it was not taken: for keys, and at most 20 lines",
    }),
  lines: z
    .array(z.strictObject({ sku: id, quantity: positiveDecimal, unit: id.optional() }))
    .min(1)
    .max(linesMax),
});

const explainQuery = z.enum(["true", "false", "full"]);

export const priceQuery = z.strictObject({
  customer: id,
  quantity: positiveDecimal.optional(),
  unit: id.optional(),
  currency: currency.optional(),
  channel: channel.optional(),
  at: instant.optional(),
  atLeast: token.optional(),
  explain: explainQuery.optional(),
});

export const priceListQuery = priceQuery.omit({ quantity: true, unit: true, explain: true });

const decimal = z.string().meta({ description: "An exact decimal" });
const instantText = z.string().meta({ format: "date-time" });

const tier = z.strictObject({
  from: decimal,
  above: z.literal(true).optional().meta({ description: "The price begins just above `from`, not at it" }),
  unitPrice: decimal,
  per: decimal.optional(),
});

const step = z.strictObject({
  step: z.enum(["price", "listPrice", "tax", "rule", "currency", "rounding"]),
  record: z.string().optional().meta({ description: "`type/id`; left out for customers" }),
  amount: decimal,
});

const considered = z.strictObject({
  record: z.string(),
  outcome: z.enum(["selected", "filtered", "beaten", "excluded"]),
  reason: z.string().optional().meta({ description: "Why it was not taken" }),
  by: z.string().optional().meta({ description: "The record that it lost against" }),
  amount: decimal.optional().meta({ description: "Of a price, as its record has it" }),
});

const asked = { sku: z.string(), quantity: decimal, unit: z.string().optional() };

const pricedLine = z.strictObject({
  ...asked,
  unitPrice: decimal.meta({ description: "Net, for `per` of the unit" }),
  per: decimal,
  lineTotal: decimal,
  graduated: z.literal(true).optional().meta({
    description: "Each part of the quantity has its own tier's price; the unit price is the average",
  }),
  tiers: z.array(tier),
  explanation: z.array(step).optional(),
  considered: z.array(considered).optional(),
  validUntil: instantText.nullable(),
});

const unavailableLine = z.strictObject({
  ...asked,
  unavailable: z.strictObject({ code: z.string(), message: z.string() }),
  considered: z.array(considered).optional(),
  validUntil: instantText.nullable(),
});

const context = {
  customer: z.string(),
  currency: z.string(),
  at: instantText,
  snapshot: z.strictObject({ id: z.string(), sequence: z.number().int() }),
  token: z.string(),
};

export const pricesAnswer = z.strictObject({
  ...context,
  validUntil: instantText
    .nullable()
    .meta({ description: "When some line may change without a new snapshot" }),
  lines: z.array(z.union([pricedLine, unavailableLine])),
  total: decimal.meta({ description: "Of the lines that have a price" }),
});

export const priceListLine = z.union([
  z.strictObject(context).meta({ description: "The first line" }),
  z.strictObject({
    sku: z.string(),
    unit: z.string(),
    tiers: z.array(tier),
    validUntil: instantText.nullable(),
  }),
  z.strictObject({ entries: z.number().int() }).meta({ description: "The last line: how many were sent" }),
]);
