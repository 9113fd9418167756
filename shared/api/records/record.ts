import * as z from "zod";
import type { PricingRecord } from "../../pricing/records.ts";
import type { Account, QuotingRecord } from "../../quoting/records.ts";
import { id } from "../values.ts";
import { approvalPolicy } from "./approval-policy.ts";
import { category, customer, customerGroup, priceList } from "./company.ts";
import { company } from "./company-profile.ts";
import { person } from "./person.ts";
import { policy } from "./policy.ts";
import { price } from "./price.ts";
import { product } from "./product.ts";
import { revision } from "./revision.ts";
import { rule } from "./rule.ts";
import { tax, taxRule } from "./tax.ts";
import { inventory, order, rate } from "./trade.ts";

// What intake lets through is what pricing and quotes read.
type WhatIsRead = { readonly customer: z.ZodType<Account> } & {
  [Type in (PricingRecord | QuotingRecord)["type"]]: z.ZodType<
    Extract<PricingRecord | QuotingRecord, { type: Type }>
  >;
};

/** The form of every record that an ERP may send. */
export const recordSchemas = {
  category,
  product,
  customerGroup,
  customer,
  priceList,
  price,
  rule,
  policy,
  rate,
  tax,
  taxRule,
  inventory,
  order,
  person,
  approvalPolicy,
  company,
} satisfies Record<string, z.ZodType> & WhatIsRead;

export type RecordType = keyof typeof recordSchemas;
export type UpsertRecord = { [Type in RecordType]: z.output<(typeof recordSchemas)[Type]> }[RecordType];

export const recordTypes = Object.keys(recordSchemas) as readonly RecordType[];

export function isRecordType(value: unknown): value is RecordType {
  return typeof value === "string" && Object.hasOwn(recordSchemas, value);
}

/** Takes a record away. Other fields are refused, so that a forgotten `op` is not the only difference. */
export const deletion = z.strictObject({
  type: z.enum(recordTypes),
  id,
  op: z.literal("delete"),
  rev: revision.optional(),
});

export type Deletion = z.output<typeof deletion>;
