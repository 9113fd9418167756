import * as z from "zod";
import { NumberLiteral } from "../../../shared/api/exact-json.ts";
import type { PricingRecord } from "../../../shared/pricing/records.ts";
import { cell, Fault } from "../cell.ts";
import { dateFormats } from "./date-text.ts";
import { dialect } from "./dialect.ts";
import { decimalFormat } from "./decimal-text.ts";
import { templateParts } from "./template.ts";

/** How a company's file becomes records: data, so that a new file needs no new code. */

const types = [
  "category",
  "product",
  "customerGroup",
  "customer",
  "priceList",
  "price",
  "rule",
  "policy",
  "rate",
  "tax",
  "taxRule",
] as const satisfies readonly PricingRecord["type"][];

const column = z.string().min(1);

const template = z.string().check((text) => {
  const fault = templateParts(text.value);
  if (typeof fault === "string") {
    text.issues.push({ code: "custom", message: fault, input: undefined });
  }
});

/** A whole number, from either kind of JSON. */
const whole = cell((value): number | Fault => {
  const number = value instanceof NumberLiteral ? Number(value.text) : value;
  return typeof number === "number" && Number.isSafeInteger(number)
    ? number
    : new Fault("not_an_integer", "A whole number is expected");
});

const asText = z.strictObject({
  column,
  as: z.literal("text").default("text"),
  required: z.boolean().default(false),
  /** What the file's words mean here; a word that is not among them is a problem. */
  words: z.record(z.string(), z.string()).optional(),
});

const asNumberOrDate = z.strictObject({
  column,
  as: z.enum(["decimal", "date", "integer"]),
  required: z.boolean().default(false),
});

const asBoolean = z.strictObject({
  column,
  as: z.literal("boolean"),
  required: z.boolean().default(false),
  /** The words for it; an empty cell may be one. */
  yes: z.array(z.string()).min(1),
  no: z.array(z.string()).default([]),
});

const asList = z.strictObject({
  column,
  as: z.literal("list"),
  required: z.boolean().default(false),
  /** What stands between the ids. */
  between: z.string().min(1),
});

const constant = z.strictObject({
  constant: z.union([z.string(), z.boolean(), z.array(z.string()), whole]),
});

/** Made of cells, as in `{list}/{sku}/{from|1}`; what follows the bar stands in for an empty cell. */
const made = z.strictObject({ template });

const field = z.union([asText, asNumberOrDate, asBoolean, asList, constant, made]);

// `effect.percentOff` is the field of an object.
const path = z
  .string()
  .regex(/^(?!(?:.*\.)?(?:constructor|prototype)(?:\.|$))[A-Za-z]\w*(?:\.[A-Za-z]\w*)*$/);

export const csvMapping = z
  .strictObject({
    type: z.enum(types),
    ...dialect.shape,
    decimals: decimalFormat,
    dates: z.enum(dateFormats).default("yyyy-mm-dd"),
    /** Whether spaces around cells are the file's, and not the values'. */
    trim: z.boolean().default(false),
    id: z.union([asText, made]),
    fields: z.record(path, field),
  })
  .check((mapping) => {
    const paths = Object.keys(mapping.value.fields);
    for (const name of paths) {
      const isTaken = name === "type" || name === "id" || paths.some((other) => other.startsWith(`${name}.`));
      if (!isTaken) continue;
      const message = `${name} is said elsewhere too`;
      mapping.issues.push({ code: "custom", message, path: ["fields", name], input: undefined });
    }
  });

export type CsvMapping = z.output<typeof csvMapping>;
export type CsvField = z.output<typeof field> | CsvMapping["id"];
export type ColumnField = Extract<CsvField, { column: string }>;
