import { exactDecimal } from "../number-text.ts";

/**
 * A number as SAP writes it, as a decimal text: a sign may stand behind it, and zeros or spaces before it.
 * Undefined for anything else, such as grouped digits.
 */
export function sapDecimal(text: string): string | undefined {
  const [, before = "", digits, after = ""] = sapNumber.exec(text) ?? [];
  if (digits === undefined || (before !== "" && after !== "")) return undefined;
  return exactDecimal(`${before === "-" || after === "-" ? "-" : ""}${digits}`);
}

const sapNumber = /^ *([+-]?)([0-9]+(?:\.[0-9]+)?)([+-]?) *$/;

/** A day of an IDoc, `20260101`, or null where the text is no day. Initial and last days are open. */
export function sapDay(text: string): string | undefined | null {
  if (/^[0 ]*$/.test(text)) return undefined;
  const [, year, month, day] = /^([0-9]{4})([0-9]{2})([0-9]{2})$/.exec(text) ?? [];
  if (year === undefined || month === undefined || day === undefined) return null;
  return unlessOpen(`${year}-${month}-${day}`);
}

/** The first and the last day that SAP knows mean that there is none. */
export function unlessOpen(day: string): string | undefined {
  return day <= "0001-01-01" || day >= "9999-12-31" ? undefined : day;
}
