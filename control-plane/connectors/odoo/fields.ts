import { NumberLiteral } from "../../../shared/api/exact-json.ts";
import { cell, exactNumber, Fault, floatNumber, integerText, missing } from "../cell.ts";

/** Fields as Odoo's `search_read` gives them. What is empty is `false`, whatever the field's type. */

const isEmpty = (value: unknown) => value === false || value === null;

/** The digits of a record's number. */
export const recordId = cell(integerText);

/** A link to one record, `[7, "Its name"]`, as the number and the name. */
export interface Link {
  readonly id: string;
  readonly name: string;
}

export const link = cell((value): Link | undefined | Fault =>
  value === undefined ? missing : linkOf(value),
);

/** A link that only some versions have. */
export const linkIfThere = cell((value) => (value === undefined ? undefined : linkOf(value)));

function linkOf(value: unknown): Link | undefined | Fault {
  if (isEmpty(value)) return undefined;
  if (!Array.isArray(value)) return notALink;
  const [number, name]: unknown[] = value;
  const id = integerText(number);
  if (id instanceof Fault || typeof name !== "string") return notALink;
  return { id, name };
}

const notALink = new Fault("wrong_type", "A link is [number, name] or false");

/** The numbers of linked records. */
export const links = cell((value): readonly string[] | Fault => {
  if (value === undefined) return missing;
  if (!Array.isArray(value)) return new Fault("wrong_type", "A list of numbers is expected");
  const ids = value.map((one: unknown) => integerText(one));
  const fault = ids.find((one) => one instanceof Fault);
  return fault ?? ids.filter((one) => typeof one === "string");
});

/** A text, a choice or a day; undefined when empty. */
export const words = cell((value): string | undefined | Fault => {
  if (value === undefined) return missing;
  return wordsOf(value);
});

/** A text that only some versions have. */
export const wordsIfThere = cell((value) => (value === undefined ? undefined : wordsOf(value)));

function wordsOf(value: unknown): string | undefined | Fault {
  if (isEmpty(value)) return undefined;
  return typeof value === "string" ? value : new Fault("wrong_type", "A text is expected");
}

export const flag = cell((value): boolean | Fault => {
  if (value === undefined) return missing;
  return typeof value === "boolean" ? value : new Fault("wrong_type", "A boolean is expected");
});

/** A flag of a model that has it in some versions only, and then says true where it is not set. */
export const flagIfThere = cell((value): boolean | Fault =>
  value === undefined || typeof value === "boolean"
    ? (value ?? true)
    : new Fault("wrong_type", "A boolean is expected"),
);

/** A float with so many digits. */
export function float(places: number) {
  return cell(floatNumber(places));
}

/** A float without declared digits, such as a rate: as many as a record can hold. */
export const anyFloat = float(8);

/** The same where what has more digits is still of use. */
export const floatIfExact = cell((value): string | undefined | Fault => {
  if (value === undefined || isEmpty(value)) return undefined;
  const found = floatNumber(8)(value);
  if (!(found instanceof Fault)) return found;
  return value instanceof NumberLiteral ? undefined : found;
});

/** A float that only some versions have; zero without it. */
export function floatIfThere(places: number) {
  return cell((value) => (value === undefined ? "0" : floatNumber(places)(value)));
}

export const count = cell(exactNumber);

/** A point in time, in UTC without saying so: `2026-01-31 23:00:00`. */
export const instant = cell((value): string | undefined | Fault => {
  const text = value === undefined ? missing : wordsOf(value);
  if (text === undefined || text instanceof Fault) return text;
  const fault = new Fault("invalid_date", "A time in UTC is expected, such as 2026-01-31 23:00:00");
  return /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(text) ? `${text.replace(" ", "T")}Z` : fault;
});
