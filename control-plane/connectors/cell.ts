import * as z from "zod";
import { NumberLiteral } from "../../shared/api/exact-json.ts";
import { refuse } from "../../shared/api/records/refusal.ts";
import { decimalOfFloat, exactDecimal } from "./number-text.ts";

/** Why a field of a payload can't be read. */
export class Fault {
  readonly code: string;
  readonly message: string;

  constructor(code: string, message: string) {
    this.code = code;
    this.message = message;
  }
}

/** A field of a payload, by the function that reads it. */
export function cell<Value>(read: (value: unknown) => Value | Fault) {
  return z.unknown().transform((value, context): Value => {
    const found = read(value);
    if (!(found instanceof Fault)) return found;
    refuse(context, found.code, found.message);
    return z.NEVER;
  });
}

/**
 * A row of a payload: the named fields, found among its own by name. A field that isn't there is handed to its
 * reader as undefined, since only that knows whether it may be missing.
 */
export function rowOf<Shape extends z.ZodRawShape>(shape: Shape, comparable = (name: string) => name) {
  const names = Object.keys(shape);
  return z
    .unknown()
    .transform((row, context): Record<string, unknown> => {
      if (typeof row === "object" && row !== null && !Array.isArray(row)) {
        const byName = new Map(
          Object.entries(row).map(([name, value]) => [comparable(name), value as unknown]),
        );
        return Object.fromEntries(names.map((name) => [name, byName.get(comparable(name))]));
      }
      refuse(context, "wrong_type", "An object is expected");
      return z.NEVER;
    })
    .pipe(z.object(shape));
}

export const missing = new Fault("missing_field", "The field is not in the payload");

/** A number as the ERP wrote it. */
export function exactNumber(value: unknown): string | Fault {
  if (value === undefined) return missing;
  if (!(value instanceof NumberLiteral)) return notANumber;
  return exactDecimal(value.text) ?? new Fault("number_out_of_range", "The number has too long an exponent");
}

/** A number that the ERP keeps as a binary float of a declared precision. */
export function floatNumber(placesMax: number) {
  return (value: unknown): string | Fault => {
    if (value === undefined) return missing;
    if (!(value instanceof NumberLiteral)) return notANumber;
    return (
      decimalOfFloat(value.text, placesMax) ??
      new Fault("too_many_decimals", `The number has more than the ${placesMax} places that its field has`)
    );
  };
}

const notANumber = new Fault("wrong_type", "A number is expected, read with its source text");

/** The digits of an integer. */
export function integerText(value: unknown): string | Fault {
  const text = exactNumber(value);
  if (text instanceof Fault || /^-?[0-9]+$/.test(text)) return text;
  return new Fault("not_an_integer", "An integer is expected");
}

export function isZero(decimal: string): boolean {
  return !/[1-9]/.test(decimal);
}

/** A decimal above zero; zero is how ERPs write 'none'. */
export function unlessZero(decimal: string): string | undefined {
  return isZero(decimal) ? undefined : decimal;
}

export function isNegative(decimal: string): boolean {
  return decimal.startsWith("-");
}

/** The same without its sign. */
export function magnitude(decimal: string): string {
  return decimal.replace(/^-/, "");
}
