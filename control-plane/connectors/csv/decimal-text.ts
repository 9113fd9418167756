import * as z from "zod";
import { exactDecimal } from "../number-text.ts";

/** How a file writes decimals. What it doesn't declare is not guessed: `1,234` may be two numbers. */
export const decimalFormat = z
  .strictObject({
    point: z.enum([".", ","]),
    /** What stands between groups of three digits. */
    group: z.enum([".", ",", " ", "'", "\u2019", "\u00A0", "\u202F"]).optional(),
  })
  .check((format) => {
    const { point, group } = format.value;
    if (point !== group) return;
    const message = "The point and what groups digits can't be the same";
    format.issues.push({ code: "custom", message, path: ["group"], input: undefined });
  });

export type DecimalFormat = z.output<typeof decimalFormat>;

/** The decimal that a cell says, exact; undefined for any other text. A sign may stand behind it. */
export function decimalOf(text: string, { point, group }: DecimalFormat): string | undefined {
  const [, before = "", digits = "", after = ""] = /^([+-]?)([^+-]*)(-?)$/.exec(text) ?? [];
  if (before !== "" && after !== "") return undefined;
  const [whole = "", part, ...more] = digits.split(point);
  if (more.length > 0 || (part !== undefined && !/^[0-9]+$/.test(part))) return undefined;
  const plain = group === undefined ? whole : ungrouped(whole, group);
  if (plain === undefined || !(/^[0-9]+$/.test(plain) || (plain === "" && part !== undefined)))
    return undefined;
  const sign = before === "-" || after === "-" ? "-" : "";
  return exactDecimal(`${sign}${plain === "" ? "0" : plain}${part === undefined ? "" : `.${part}`}`);
}

function ungrouped(whole: string, group: string): string | undefined {
  const [first = "", ...rest] = whole.split(group);
  if (rest.length === 0) return whole;
  const isGrouped = /^[0-9]{1,3}$/.test(first) && rest.every((digits) => /^[0-9]{3}$/.test(digits));
  return isGrouped ? [first, ...rest].join("") : undefined;
}

/**
 * What spreadsheets make of numbers and long ids: `1.2E+05`, `########`, `#REF!`. A cell that looks so has lost
 * its value before it came here.
 */
export function isSpreadsheetDamage(text: string): boolean {
  return /^-?[0-9](?:[.,][0-9]+)?E[+-][0-9]{2,3}$/.test(text) || /^(?:#+|#[A-Z/0]+[!?]?)$/.test(text);
}
