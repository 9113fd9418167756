import * as z from "zod";
import { isCurrency } from "../pricing/currency.ts";
import { openDates } from "../pricing/period.ts";
import { NumberLiteral } from "./exact-json.ts";
import { unsure, withQuickCheck } from "./quick-check.ts";

/**
 * The values that all requests and records are made of. Each schema's issues carry a stable code in
 * `params.code`; `issueCode` reads it back, and gives zod's own issues theirs.
 */

function issue(
  code: string,
  message: string,
): { code: "custom"; params: { code: string }; message: string; input: unknown } {
  return { code: "custom", params: { code }, message, input: undefined };
}

const decimalText = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/;
const decimalPlacesMax = 8;
const decimalDigitsMax = 30;

/** An exact decimal as its text, from a string or from a number's source text. */
function decimal(check: (text: string) => Fault | undefined) {
  const schema = z
    .unknown()
    .transform((value, context) => {
      const text = value instanceof NumberLiteral ? value.text : value;
      const fault = faultOf(value);
      if (fault === undefined) return text as string;
      context.issues.push(issue(fault.code, fault.message));
      return z.NEVER;
    })
    .meta({ type: "string", description: "An exact decimal", examples: ["9.3000"] });

  function faultOf(value: unknown): Fault | undefined {
    if (value === undefined) return missing;
    const literal = value instanceof NumberLiteral;
    const text = literal ? value.text : value;
    return typeof text === "string" ? (decimalFault(text, literal) ?? check(text)) : notADecimal;
  }

  return withQuickCheck(schema, (value) =>
    faultOf(value) !== undefined ? unsure : value instanceof NumberLiteral ? value.text : value,
  );
}

interface Fault {
  readonly code: string;
  readonly message: string;
}

const missing: Fault = { code: "missing_field", message: "The field is required" };

const notADecimal: Fault = {
  code: "not_a_decimal",
  message: "A decimal is digits with at most one point, such as 12.50, without leading zeros or a plus sign",
};

// Nearly all quantities, and nothing that could be at fault.
const smallWholeNumber = /^[1-9][0-9]{0,8}$/;

function decimalFault(text: string, literal: boolean): Fault | undefined {
  if (smallWholeNumber.test(text)) return undefined;
  if (literal && /[eE]/.test(text)) {
    return { code: "number_out_of_range", message: "A number must be written without an exponent" };
  }
  if (!decimalText.test(text)) return notADecimal;
  const point = text.indexOf(".");
  if (point !== -1 && text.length - point - 1 > decimalPlacesMax) {
    return { code: "too_many_decimals", message: `At most ${decimalPlacesMax} decimal places` };
  }
  if (text.replace(/[-.]/g, "").length > decimalDigitsMax) {
    return { code: "number_out_of_range", message: `At most ${decimalDigitsMax} digits` };
  }
  return undefined;
}

const isZero = (text: string) => !/[1-9]/.test(text);
const isNegative = (text: string) => text.startsWith("-");

/** An amount of money that may be zero but not negative. */
export const amount = decimal((text) =>
  isNegative(text) ? { code: "negative_price", message: "An amount must not be negative" } : undefined,
);

/** A decimal above zero: a quantity, a factor, a rate. */
export const positiveDecimal = decimal((text) =>
  isNegative(text) || isZero(text)
    ? { code: "not_positive", message: "The value must be above zero" }
    : undefined,
);

/** A decimal from zero up: a stock, a percentage without an upper end. */
export const nonNegativeDecimal = decimal((text) =>
  isNegative(text) ? { code: "negative_value", message: "The value must not be negative" } : undefined,
);

/** Any decimal, below zero too: what is added to a price. */
export const anyDecimal = decimal(() => undefined);

/** A percentage from 0 to 100. */
export const percentUpTo100 = decimal((text) =>
  isNegative(text) || (text !== "100" && /^(?:[1-9][0-9]{2,})/.test(text) && !/^100\.0+$/.test(text))
    ? { code: "percent_out_of_range", message: "A percentage off lies between 0 and 100" }
    : undefined,
);

/** An integer from its source text, within what a double holds exactly; for ranks and counts, never for money. */
export const integer = z
  .unknown()
  .transform((value, context) => {
    if (value instanceof NumberLiteral && /^-?(?:0|[1-9][0-9]{0,14})$/.test(value.text))
      return Number(value.text);
    context.issues.push(
      issue(value === undefined ? "missing_field" : "not_an_integer", "An integer is expected"),
    );
    return z.NEVER;
  })
  .meta({ type: "integer" });

// Control, format (zero-width, bidirectional) and private characters, and line separators.
const unprintable = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;

/** An opaque id or SKU: 1 to 200 printable characters, compared exactly. */
export const id = withQuickCheck(
  z
    .unknown()
    .transform((value, context) => {
      const fault = idFault(value);
      if (fault === undefined) return value as string;
      context.issues.push(issue(fault.code, fault.message));
      return z.NEVER;
    })
    .meta({ type: "string", minLength: 1, maxLength: 200 }),
  (value) => (idFault(value) === undefined ? value : unsure),
);

// Nearly all ids, and nothing that could be at fault.
const asciiId = /^[!-~]{1,200}$/;

function idFault(value: unknown): Fault | undefined {
  if (value === undefined) return missing;
  if (typeof value === "string" && asciiId.test(value)) return undefined;
  if (value instanceof NumberLiteral)
    return { code: "numeric_id", message: "An id is a string, even one of digits" };
  if (typeof value !== "string" || value.length === 0)
    return { code: "invalid_id", message: "An id is a string of 1 to 200 characters" };
  if ([...value].length > 200) return { code: "invalid_id", message: "An id has at most 200 characters" };
  if (unprintable.test(value)) return { code: "invalid_id", message: "An id has printable characters only" };
  if (/^\p{Zs}|\p{Zs}$/u.test(value)) return { code: "untrimmed", message: "An id has no space at its ends" };
  return undefined;
}

/** A text for people: a name, a note. */
export const text = z.string().max(2000);

/** ISO 4217, upper case; withdrawn and test codes are refused. */
export const currency = checkedText(
  "invalid_currency",
  "A currency is an active ISO 4217 code in upper case",
  (value) => /^[A-Z]{3}$/.test(value) && isCurrency(value),
  { pattern: "^[A-Z]{3}$", examples: ["EUR"] },
);

const dateOnly = /^(\d{4})-(\d{2})-(\d{2})$/;
const instantText =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.\d{1,9})?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;

/** An RFC 3339 instant, with its offset. */
export const instant = checkedText(
  "invalid_date",
  "An instant is RFC 3339 with an offset, such as 2026-11-23T10:00:00Z",
  isInstant,
  {
    format: "date-time",
  },
);

/** A local day or an RFC 3339 instant. */
export const date = checkedText(
  "invalid_date",
  "A date is a day such as 2026-11-23 or an RFC 3339 instant with an offset",
  (value) => isInstant(value) || isDay(value),
  { examples: ["2026-11-23", "2026-11-23T10:00:00Z"] },
);

function checkedText(
  code: string,
  message: string,
  accepts: (value: string) => boolean,
  meta: Record<string, unknown>,
) {
  const schema = z
    .unknown()
    .transform((value, context) => {
      if (typeof value === "string" && accepts(value)) return value;
      context.issues.push(issue(value === undefined ? "missing_field" : code, message));
      return z.NEVER;
    })
    .meta({ type: "string", ...meta });
  return withQuickCheck(schema, (value) => (typeof value === "string" && accepts(value) ? value : unsure));
}

function isDay(value: string): boolean {
  const match = dateOnly.exec(value);
  return openDates.has(value) || (match !== null && isCalendarDay(match[1], match[2], match[3]));
}

function isInstant(value: string): boolean {
  const match = instantText.exec(value);
  return (
    match !== null &&
    isCalendarDay(match[1], match[2], match[3]) &&
    Number(match[4]) < 24 &&
    Number(match[5]) < 60 &&
    Number(match[6]) < 60 &&
    Number(match[8] ?? 0) < 24 &&
    Number(match[9] ?? 0) < 60
  );
}

function isCalendarDay(
  year: string | undefined,
  month: string | undefined,
  day: string | undefined,
): boolean {
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  const leap = (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][m - 1];
  return y >= 1 && days !== undefined && d >= 1 && d <= days;
}

/** The stable code of an issue that a schema found. */
export function issueCode(found: z.core.$ZodIssue): string {
  switch (found.code) {
    case "custom": {
      const code: unknown = found.params?.["code"];
      return typeof code === "string" ? code : "invalid_value";
    }
    case "unrecognized_keys":
      return "unknown_field";
    case "invalid_type":
      return found.input === undefined ? "missing_field" : "wrong_type";
    case "too_big":
    case "too_small":
      return "out_of_range";
    case "invalid_union":
      return "wrong_form";
    default:
      return "invalid_value";
  }
}

/** Where an issue is, as an RFC 6901 pointer; an unknown field is pointed at itself. */
export function issuePointer(found: z.core.$ZodIssue): string {
  const path = found.code === "unrecognized_keys" ? [...found.path, found.keys[0] ?? ""] : found.path;
  return path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
