import * as z from "zod";
import { amount, currency, id, instant, positiveDecimal, text } from "../../shared/api/values.ts";

/** The forms of what is asked of quotes. */

const linesMax = 500;
const alternativesMax = 20;
const contactsMax = 20;
const attachmentsMax = 50;

/** Enough for 500 lines with notes, and little enough that an event with their prices fits a row. */
export const setBytesMax = 524_288;
/** For commands that bring no lines. */
export const commandBytesMax = 16_384;

const price = amount.meta({
  description: "For as many units as the customer's own price is for: the `per` of the answer",
});

const item = {
  sku: id,
  quantity: positiveDecimal,
  unit: id.optional().meta({ description: "Default: the product's base unit" }),
  requestedPrice: price.optional(),
  offeredPrice: price.optional().meta({ description: "For sellers" }),
};

const line = z.strictObject({
  ...item,
  line: z
    .string()
    .regex(/^[1-9][0-9]{0,5}$/)
    .optional()
    .meta({
      description:
        "Which line of the current revision this is; without it, the first one of the same product and unit",
    }),
  note: text.optional(),
  alternatives: z
    .array(z.strictObject(item))
    .max(alternativesMax)
    .optional()
    .meta({ description: "Other products or quantities, of which the buyer may pick one instead" }),
});

const lines = z.array(line).min(1).max(linesMax);

const contact = z.strictObject({
  name: z.string().min(1).max(200),
  email: z.email().max(320).optional(),
  phone: z.string().min(1).max(50).optional(),
});

const attachment = z.strictObject({
  name: z.string().min(1).max(200),
  url: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .meta({ format: "uri" }),
});

const purchaseOrder = z.string().min(1).max(100).meta({ description: "The customer's own order number" });

/** A term that is left out stays as it is; null takes it away. */
const terms = {
  validUntil: instant.nullable().optional().meta({ description: "An offer's default: 30 days after it" }),
  paymentTerms: text.nullable().optional().meta({ description: "Default: the customer's" }),
  purchaseOrder: purchaseOrder.nullable().optional(),
  note: text.nullable().optional().meta({ description: "For both sides" }),
  contacts: z.array(contact).max(contactsMax).optional(),
  attachments: z
    .array(attachment)
    .max(attachmentsMax)
    .optional()
    .meta({ description: "Files that are kept elsewhere" }),
};

export const openBody = z
  .strictObject({
    customer: id
      .optional()
      .meta({ description: "Keys have to name it; a customer token's is the token's own" }),
    currency: currency.optional().meta({ description: "Default: the customer's" }),
    channel: id.optional(),
    lines: lines.optional(),
    from: z.strictObject({ quote: id }).optional().meta({
      description: "An earlier quote of the same customer, whose lines are taken instead of `lines`",
    }),
    ...terms,
  })
  .refine(({ lines, from }) => lines === undefined || from === undefined, {
    path: ["from"],
    message: "A quote begins with lines or from an earlier quote, not both",
  });
export type OpenBody = z.output<typeof openBody>;

/** A full set of lines, or none where the current ones stay. */
export const setBody = z.strictObject({ lines: lines.optional(), ...terms });
export type PostedSet = z.output<typeof setBody>;

export const noBody = z.strictObject({});
export const commentBody = z.strictObject({
  text: text.min(1),
  internal: z.boolean().optional().meta({ description: "For sellers: buyers never see it. Default: false" }),
});
export const approveBody = z.strictObject({ comment: text.min(1).optional() });
export const rejectBody = z.strictObject({
  reason: text.min(1).meta({ description: "For sellers: buyers never see it" }),
});
export const delegateBody = z.strictObject({ to: id.meta({ description: "A person" }) });
export const acceptBody = z.strictObject({
  picks: z
    .record(z.string().max(10), z.string().max(10))
    .optional()
    .meta({ description: "By line, the item that is taken: `0` is the line's own and the default" }),
  purchaseOrder: purchaseOrder.optional(),
  contact: contact.optional(),
});
export const reasonBody = z.strictObject({ reason: text.min(1).optional() });

export const quoteParams = z.strictObject({ id: z.string().min(1).max(100) });

export const ifMatch = z
  .string()
  .regex(/^(?:W\/)?"[1-9][0-9]{0,14}"$/)
  .optional()
  .meta({ description: 'The ETag of the quote as the caller has seen it, such as "3"', "x-required": true });

export const limit = z
  .string()
  .regex(/^[1-9][0-9]{0,2}$/)
  .transform(Number)
  .pipe(z.number().max(200))
  .default(50)
  .meta({ type: "integer", minimum: 1, maximum: 200, default: 50 });

export const cursor = z.string().max(1000).optional().meta({ description: "The `next` of an earlier page" });
