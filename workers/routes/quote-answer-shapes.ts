import * as z from "zod";
import { quoteCommands } from "../../shared/quoting/command.ts";
import { quoteStatuses } from "../../shared/quoting/quote.ts";

/** The forms of what is answered about quotes. */

const decimal = z.string().meta({ description: "An exact decimal" });
const instant = z.string().meta({ format: "date-time" });
const internally = (description: string) => ({ description: `${description}. For sellers only` });
const parties = z.enum(["buyer", "seller", "system"]);

const listed = z
  .union([
    z.strictObject({ unit: z.string(), unitPrice: decimal, per: decimal, lineTotal: decimal }),
    z.strictObject({ unavailable: z.string().meta({ description: "As in price answers" }) }),
  ])
  .meta({ description: "The customer's own price, by the snapshot that priced the revision" });

const item = {
  sku: z.string(),
  name: z.string(),
  quantity: decimal,
  unit: z.string(),
  per: decimal.meta({ description: "Prices are for so many units" }),
  listed,
  requestedPrice: decimal.optional(),
  offeredPrice: decimal.optional(),
  lineTotal: decimal
    .optional()
    .meta({ description: "At the offered, else the requested, else the listed price" }),
  discountPercent: decimal
    .optional()
    .meta({ description: "How far the offered, else the requested price is below the listed one" }),
};

const line = z.strictObject({
  line: z.string().meta({ description: "The same in all revisions that keep the line" }),
  ...item,
  note: z.string().optional(),
  alternatives: z.array(z.strictObject({ item: z.string(), ...item })),
});

const contact = z.strictObject({
  name: z.string(),
  email: z.string().optional(),
  phone: z.string().optional(),
});

export const revisionShape = z.strictObject({
  number: z.int(),
  by: parties,
  at: instant,
  lines: z.array(line),
  validUntil: instant.optional(),
  paymentTerms: z.string().optional(),
  purchaseOrder: z.string().optional(),
  note: z.string().optional(),
  contacts: z.array(contact).readonly(),
  attachments: z.array(z.strictObject({ name: z.string(), url: z.string() })).readonly(),
  total: decimal.meta({ description: "Of the lines' own items, as far as they have a price; net of taxes" }),
  discountPercent: decimal.optional(),
  snapshot: z.strictObject({ id: z.string(), sequence: z.int() }),
  pricedAt: instant,
});

const change = { before: z.unknown().optional(), after: z.unknown().optional() };

export const differencesShape = z.strictObject({
  total: z.strictObject(change).optional(),
  terms: z.array(z.strictObject({ field: z.string(), ...change })).readonly(),
  items: z
    .array(
      z.strictObject({
        line: z.string(),
        item: z.string(),
        sku: z.string(),
        kind: z.enum(["added", "removed", "changed"]),
        changes: z.array(z.strictObject({ field: z.string(), ...change })).optional(),
      }),
    )
    .readonly(),
});

export const addressee = z.union([
  z.strictObject({ role: z.string() }),
  z.strictObject({ person: z.string() }),
]);

const addressees = z.array(addressee).readonly();
const clause = {
  atLeast: z.int(),
  of: addressees,
  needed: z.int(),
  reached: z.int(),
};
const cause = z.strictObject({ policy: z.string(), line: z.string().optional(), because: z.string() });
export const causes = z
  .array(cause)
  .readonly()
  .meta({ description: "Which policy asks for it, and what it found" });

const tier = z.strictObject({
  tier: z.int(),
  status: z.enum(["met", "asked", "waiting"]),
  clauses: z.array(z.strictObject(clause)).readonly().meta({ description: "All of them must be met" }),
  causes,
  approvals: z
    .array(
      z.strictObject({
        tier: z.int(),
        person: z.string(),
        as: addressees,
        insteadOf: z.string().optional(),
        at: instant,
      }),
    )
    .readonly(),
  delegations: z
    .array(z.strictObject({ tier: z.int(), from: z.string(), to: z.string(), as: addressees }))
    .readonly(),
  escalateTo: addressee.optional(),
});

const approval = z.strictObject({
  contentHash: z
    .string()
    .meta({ description: "Of what is approved; another content needs another approval" }),
  askedAt: instant,
  escalated: z.boolean(),
  asked: addressees.meta({ description: "Whom it waits for now" }),
  requesters: z
    .array(z.string())
    .readonly()
    .meta({ description: "Who may not approve, since it is their own" }),
  tiers: z.array(tier).readonly().meta({ description: "Asked one after another" }),
  referenceTotal: z.strictObject({ amount: decimal, currency: z.string() }).nullable(),
  discountPercent: decimal.nullable(),
});

export const orderStatuses = ["pending", "placed", "refused"] as const;

export const quoteShape = z.strictObject({
  id: z.string(),
  status: z.enum(quoteStatuses),
  version: z.int().meta({ description: "Counts what happened to it; the ETag has it too" }),
  customer: z.string(),
  customerName: z.string(),
  currency: z.string(),
  channel: z.string().optional(),
  openedBy: parties,
  createdAt: instant,
  changedAt: instant,
  revision: revisionShape.meta({ description: "The newest that the caller may see" }),
  revisions: z.int().meta({ description: "How many the caller may see" }),
  comments: z
    .array(
      z.strictObject({
        by: parties,
        person: z.string().optional().meta(internally("Who said it")),
        at: instant,
        text: z.string(),
        internal: z.boolean(),
      }),
    )
    .readonly(),
  reason: z.string().optional().meta({ description: "Why it was declined, withdrawn or rejected" }),
  sentAt: instant.optional(),
  acceptance: z
    .strictObject({
      at: instant,
      picks: z.record(z.string(), z.string()).readonly(),
      contentHash: z.string(),
      order: z.string(),
      purchaseOrder: z.string().optional(),
      contact: contact.optional(),
    })
    .optional(),
  order: z
    .strictObject({
      id: z.string(),
      status: z.enum(orderStatuses),
      erpOrder: z.string().optional(),
      problem: z.string().optional().meta(internally("Why the ERP does not take it")),
    })
    .optional(),
  allowed: z
    .array(z.enum(quoteCommands))
    .readonly()
    .meta({ description: "What the caller's side may do now" }),
  approval: approval.optional().meta(internally("The approval that it needs and has")),
  margin: z
    .strictObject({ total: decimal.nullable(), lines: z.record(z.string(), decimal.nullable()).readonly() })
    .optional()
    .meta(internally("Percent of the net total; null where a cost is not known")),
  differences: differencesShape
    .optional()
    .meta({ description: "After `reprice`: what is other than before" }),
  links: z.record(z.string(), z.string()),
});
