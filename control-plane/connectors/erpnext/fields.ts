import * as z from "zod";
import { NumberLiteral } from "../../../shared/api/exact-json.ts";
import { cell, exactNumber, Fault, floatNumber, missing, rowOf, unlessZero } from "../cell.ts";

/** Fields as Frappe's REST API gives them: empty is null or "", a check is 0 or 1, decimals come as floats. */

const isEmpty = (value: unknown) => value === null || value === "";

/** A text, link, choice or date; undefined when empty. */
export const words = cell((value): string | undefined | Fault => {
  if (value === undefined) return missing;
  return wordsOf(value);
});

/** A text of a field that not every version has. */
export const wordsIfThere = cell((value) => (value === undefined ? undefined : wordsOf(value)));

function wordsOf(value: unknown): string | undefined | Fault {
  if (isEmpty(value)) return undefined;
  return typeof value === "string" ? value : new Fault("wrong_type", "A text is expected");
}

/** A document's name, which is its key. */
export const name = cell((value): string | Fault => {
  const text = value === undefined ? missing : wordsOf(value);
  return text ?? new Fault("missing_field", "The document has no name");
});

export const check = cell((value): boolean | Fault => {
  if (value === undefined) return missing;
  return checked(value);
});

/** A check of a field that not every version has. */
export const checkIfThere = cell((value) => (value === undefined ? false : checked(value)));

function checked(value: unknown): boolean | Fault {
  if (value === null) return false;
  if (value instanceof NumberLiteral && /^[01]$/.test(value.text)) return value.text === "1";
  return new Fault("wrong_type", "A check is 0 or 1");
}

/** Of so many places; undefined when zero, which is how a bound or an amount is left open. */
export function floatUnlessZero(places: number) {
  return cell((value): string | undefined | Fault => {
    if (value === undefined) return missing;
    if (value === null) return undefined;
    const text = floatNumber(places)(value);
    return text instanceof Fault ? text : unlessZero(text);
  });
}

/** A factor or a rate, which has more places than are shown: as many as a record can hold. */
export const factor = floatUnlessZero(8);

/** An integer that a setting keeps as a number or as a text. */
export const setting = cell((value): string | undefined | Fault => {
  if (value === undefined || isEmpty(value)) return undefined;
  return typeof value === "string" ? value : exactNumber(value);
});

/** The rows of a child table, which only whole documents have. */
export function rowsOf<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.array(rowOf(shape));
}
