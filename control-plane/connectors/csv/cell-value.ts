import { Fault } from "../cell.ts";
import { dayOf } from "./date-text.ts";
import { decimalOf, isSpreadsheetDamage } from "./decimal-text.ts";
import type { ColumnField, CsvMapping } from "./mapping.ts";

export type CellValue = string | number | boolean | readonly string[];

/** What a cell says; undefined when it is empty. */
export function cellValue(
  text: string,
  field: ColumnField,
  mapping: CsvMapping,
): CellValue | undefined | Fault {
  if (field.as === "boolean") return booleanOf(text, field);
  if (text === "") return field.required ? new Fault("empty_cell", "The cell is empty") : undefined;
  if (isSpreadsheetDamage(text)) {
    return new Fault("spreadsheet_damage", `A spreadsheet has made ${text} of what was there`);
  }
  switch (field.as) {
    case "text":
      return field.words === undefined ? text : wordOf(text, field.words);
    case "decimal":
      return (
        decimalOf(text, mapping.decimals) ?? new Fault("not_a_decimal", `${text} is not a declared decimal`)
      );
    case "date":
      return (
        dayOf(text, mapping.dates) ?? new Fault("invalid_date", `${text} is not written ${mapping.dates}`)
      );
    case "integer":
      return /^-?[0-9]{1,15}$/.test(text)
        ? Number(text)
        : new Fault("not_an_integer", `${text} is no integer`);
    case "list":
      return text.split(field.between);
  }
}

function booleanOf(
  text: string,
  field: Extract<ColumnField, { as: "boolean" }>,
): boolean | undefined | Fault {
  if (field.yes.includes(text)) return true;
  if (field.no.includes(text)) return false;
  if (text !== "")
    return new Fault("not_a_boolean", `${text} is neither of the words for yes nor of those for no`);
  return field.required ? new Fault("empty_cell", "The cell is empty") : undefined;
}

function wordOf(text: string, words: Readonly<Record<string, string>>): string | Fault {
  const word = Object.hasOwn(words, text) ? words[text] : undefined;
  return word ?? new Fault("unknown_word", `The mapping has no word for ${text}`);
}
