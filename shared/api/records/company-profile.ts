import * as z from "zod";
import { currency, text } from "../values.ts";
import { revision } from "./revision.ts";

/** There is one: the company that sells. */
export const company = z.strictObject({
  type: z.literal("company"),
  id: z.literal("default"),
  op: z.literal("upsert").optional(),
  rev: revision.optional(),
  name: text.min(1),
  address: z.array(text).max(20).optional(),
  contact: text.optional(),
  taxId: text.optional(),
  terms: z.string().max(10_000).optional(),
  referenceCurrency: currency.optional(),
});
