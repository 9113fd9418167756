import { NumberLiteral } from "../../../shared/api/exact-json.ts";

/** A record as Tryton's JSON-RPC gives it, its numbers by their source text. */
export type Row = Readonly<Record<string, unknown>>;

/** A field had another form than Tryton gives it. */
export class UnexpectedField extends Error {
  override readonly name = "UnexpectedField";
}

export function idOf(row: Row): string {
  const id = reference(row, "id");
  if (id === undefined) throw unexpected(row, "id");
  return id;
}

/** The id of another record, or undefined when the field is empty. */
export function reference(row: Row, field: string): string | undefined {
  const value = row[field] ?? undefined;
  if (value === undefined) return undefined;
  if (value instanceof NumberLiteral && /^[0-9]+$/.test(value.text)) return value.text;
  throw unexpected(row, field);
}

export function references(row: Row, field: string): string[] {
  const value = row[field] ?? [];
  if (!Array.isArray(value)) throw unexpected(row, field);
  return value.map((item: unknown) => {
    if (item instanceof NumberLiteral && /^[0-9]+$/.test(item.text)) return item.text;
    throw unexpected(row, field);
  });
}

/** A text, or undefined when it is empty. */
export function text(row: Row, field: string): string | undefined {
  const value = row[field] ?? "";
  if (typeof value !== "string") throw unexpected(row, field);
  return value.trim() === "" ? undefined : value.trim();
}

/** SQLite gives 0 and 1, PostgreSQL false and true. */
export function flag(row: Row, field: string): boolean {
  const value = row[field] ?? false;
  if (typeof value === "boolean") return value;
  if (value instanceof NumberLiteral && (value.text === "0" || value.text === "1")) return value.text === "1";
  throw unexpected(row, field);
}

/** An exact decimal's text. */
export function decimal(row: Row, field: string): string | undefined {
  const value = row[field] ?? undefined;
  if (value === undefined) return undefined;
  if (isObject(value) && value["__class__"] === "Decimal" && typeof value["decimal"] === "string") {
    return withoutExponent(value["decimal"]);
  }
  throw unexpected(row, field);
}

/** A float's shortest text, as a decimal: for quantities and units, never for amounts. */
export function float(row: Row, field: string): string | undefined {
  const value = row[field] ?? undefined;
  if (value === undefined) return undefined;
  if (value instanceof NumberLiteral) return withoutExponent(value.text);
  throw unexpected(row, field);
}

/** An integer that orders records; undefined when it is empty. */
export function position(row: Row, field: string): number | undefined {
  const value = row[field] ?? undefined;
  if (value === undefined) return undefined;
  if (value instanceof NumberLiteral && /^-?[0-9]{1,15}$/.test(value.text)) return Number(value.text);
  throw unexpected(row, field);
}

/** A local day. */
export function date(row: Row, field: string): string | undefined {
  const value = row[field] ?? undefined;
  if (value === undefined) return undefined;
  if (!isObject(value) || value["__class__"] !== "date") throw unexpected(row, field);
  const parts = ["year", "month", "day"].map((part) => {
    const number = value[part];
    if (!(number instanceof NumberLiteral)) throw unexpected(row, field);
    return number.text.padStart(part === "year" ? 4 : 2, "0");
  });
  return parts.join("-");
}

/** `1.2E-7` as `0.00000012`; zeros at the end of decimals are dropped. */
function withoutExponent(number: string): string {
  const match = /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]{1,3}))?$/.exec(number);
  if (match === null) throw new UnexpectedField(`Tryton gave ${JSON.stringify(number)} for a number`);
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  const padded = point > 0 ? digits.padEnd(point, "0") : "0".repeat(1 - point) + digits;
  const at = Math.max(point, 1);
  const integer = padded.slice(0, at).replace(/^0+(?=[0-9])/, "");
  const decimals = padded.slice(at).replace(/0+$/, "");
  return `${sign}${integer}${decimals === "" ? "" : `.${decimals}`}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function unexpected(row: Row, field: string): UnexpectedField {
  return new UnexpectedField(`Tryton gave an unexpected ${field}: ${JSON.stringify(row[field])}`);
}
