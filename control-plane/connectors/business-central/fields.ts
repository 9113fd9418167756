import type * as z from "zod";
import { cell, exactNumber, Fault, integerText, missing, rowOf, unlessZero } from "../cell.ts";
import { comparable } from "../rows.ts";

/**
 * Fields as Business Central's pages give them: an API page in camel case (`lineNo`), a published page with
 * underscores (`Line_No`). Decimals are exact numbers, codes are never null, and a blank date is the year one.
 */
export function pageRow<Shape extends z.ZodRawShape>(shape: Shape) {
  return rowOf(shape, comparable);
}

/** A code, name or number; blank is the empty text. */
export const code = cell((value): string | Fault => {
  if (value === undefined) return missing;
  return typeof value === "string" ? value : new Fault("wrong_type", "A text is expected");
});

/** A field that a page may leave out. */
export const codeIfShown = cell((value): string | Fault => {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : new Fault("wrong_type", "A text is expected");
});

export const decimal = cell(exactNumber);
export const lineNo = cell(integerText);

/** Above zero, or undefined: zero is how a minimum or a price is left open. */
export const decimalUnlessZero = cell((value): string | undefined | Fault => {
  const text = exactNumber(value);
  return text instanceof Fault ? text : unlessZero(text);
});

export const flag = cell((value): boolean | Fault => {
  if (value === undefined) return missing;
  return typeof value === "boolean" ? value : new Fault("wrong_type", "A boolean is expected");
});

export const flagIfShown = cell((value): boolean | Fault => {
  if (value === undefined) return false;
  return typeof value === "boolean" ? value : new Fault("wrong_type", "A boolean is expected");
});

/** A day; the blank one is undefined. */
export const day = cell((value): string | undefined | Fault => {
  if (value === undefined) return missing;
  if (value === "0001-01-01") return undefined;
  return typeof value === "string" ? value : new Fault("wrong_type", "A date is expected");
});

export const choice = cell((value) => (value === undefined ? missing : choiceName(value)));

/** The same of a field that a page may leave out. */
export function choiceOr(name: string) {
  return cell((value) => (value === undefined ? name : choiceName(value)));
}

/** The name of an enum's value. OData writes `Customer_x0020_Price_x0020_Group`, a published page the name. */
function choiceName(value: unknown): string | Fault {
  if (typeof value !== "string") return new Fault("wrong_type", "A text is expected");
  return value
    .replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .trim();
}
