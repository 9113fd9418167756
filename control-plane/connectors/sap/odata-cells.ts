import { NumberLiteral } from "../../../shared/api/exact-json.ts";
import { dayNumber } from "../../../shared/pricing/calendar.ts";
import { cell, Fault, missing } from "../cell.ts";
import { exactDecimal } from "../number-text.ts";
import { sapDecimal, unlessOpen } from "./sap-text.ts";

/** The values of SAP's OData services: version 2 writes decimals as strings and days as milliseconds. */

/** A text; initial and absent ones are empty. */
export const text = cell((value) => (value === undefined ? "" : textOf(value)));

export const requiredText = cell((value) => {
  const found = value === undefined ? "" : textOf(value);
  return found === "" ? missing : found;
});

function textOf(value: unknown): string | Fault {
  if (value === null) return "";
  return typeof value === "string" ? value : new Fault("wrong_type", "A text is expected");
}

/** A decimal; undefined where there is none. */
export const decimal = cell((value): string | undefined | Fault => {
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value === "number") {
    return new Fault("inexact_number", "The JSON was not read with its numbers' source text");
  }
  const found =
    value instanceof NumberLiteral
      ? exactDecimal(value.text)
      : typeof value === "string"
        ? sapDecimal(value)
        : undefined;
  return found ?? new Fault("not_a_decimal", "A decimal is expected");
});

export const flag = cell((value): boolean | Fault => {
  if (value === undefined || value === null || value === false || value === "") return false;
  if (value === true || value === "X") return true;
  return new Fault("wrong_type", "true, false or X is expected");
});

/** A day, as `2026-01-01` or `/Date(1767225600000)/`; undefined is open. */
export const day = cell((value): string | undefined | Fault => {
  if (value === undefined) return missing;
  if (value === null) return undefined;
  if (typeof value !== "string") return notADay;
  if (/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(value)) return unlessOpen(value);
  const milliseconds = /^\/Date\((-?[0-9]{1,15})(?:[+-]0{1,4})?\)\/$/.exec(value)?.[1];
  return milliseconds === undefined ? notADay : dayOfMilliseconds(Number(milliseconds));
});

const notADay = new Fault("invalid_date", "A day is expected, such as 2026-01-01 or /Date(1767225600000)/");
const millisecondsADay = 86_400_000;
const lastDay = dayNumber(9999, 12, 31);

function dayOfMilliseconds(milliseconds: number): string | undefined | Fault {
  const days = milliseconds / millisecondsADay;
  // What is not midnight was moved by a time zone on the way, and nobody knows by which.
  if (!Number.isInteger(days)) return notADay;
  if (days <= dayNumber(1, 1, 1) || days >= lastDay) return undefined;
  return new Date(milliseconds).toISOString().slice(0, 10);
}
