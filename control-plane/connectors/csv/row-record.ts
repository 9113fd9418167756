import { Fault } from "../cell.ts";
import { cellValue, type CellValue } from "./cell-value.ts";
import { isSpreadsheetDamage } from "./decimal-text.ts";
import type { Header } from "./header.ts";
import type { CsvField, CsvMapping } from "./mapping.ts";
import { templateParts } from "./template.ts";

/** A record as the mapping makes it of a row; whether it is one, intake's schema says. */
export type RowRecord = { readonly [field: string]: RowValue };
type RowValue = CellValue | RowRecord;

/** A cell that can't be read, by its column. */
export interface CellFault {
  readonly column: string;
  readonly fault: Fault;
}

export interface Row {
  readonly record: RowRecord;
  readonly faults: readonly CellFault[];
}

export function rowRecord(cells: readonly string[], header: Header, mapping: CsvMapping): Row {
  const faults: CellFault[] = [];
  const cellOf = (column: string) => {
    const text = cells[header.get(column) ?? -1] ?? "";
    return mapping.trim ? text.trim() : text;
  };
  const valueOf = (field: CsvField): CellValue | undefined => {
    if ("constant" in field) return field.constant;
    if ("template" in field) return filled(field.template, cellOf, faults);
    const value = cellValue(cellOf(field.column), field, mapping);
    if (!(value instanceof Fault)) return value;
    faults.push({ column: field.column, fault: value });
    return undefined;
  };
  const id = valueOf(mapping.id);
  const fields = Object.entries(mapping.fields).map(([path, field]) => ({
    path: path.split("."),
    isConstant: "constant" in field,
    value: valueOf(field),
  }));
  const { type } = mapping;
  return { record: { type, ...(id === undefined ? {} : { id }), ...nested(fields, true) }, faults };
}

interface PlacedValue {
  readonly path: readonly string[];
  readonly isConstant: boolean;
  readonly value: CellValue | undefined;
}

/** An object of which every cell is empty is left out, with the constants that it has. */
function nested(values: readonly PlacedValue[], isRecord: boolean): RowRecord {
  const isEmpty = values.every(({ isConstant, value }) => isConstant || value === undefined);
  const hasCells = values.some(({ isConstant }) => !isConstant);
  if (!isRecord && hasCells && isEmpty) return {};
  const byField = Map.groupBy(values, ({ path }) => path[0] ?? "");
  const members = [...byField].flatMap(([field, own]): (readonly [string, RowValue])[] => {
    const value = own.find(({ path }) => path.length === 1)?.value;
    if (value !== undefined) return [[field, value]];
    const inner = nested(
      own.filter(({ path }) => path.length > 1).map((one) => ({ ...one, path: one.path.slice(1) })),
      false,
    );
    return Object.keys(inner).length === 0 ? [] : [[field, inner]];
  });
  return Object.fromEntries(members);
}

function filled(
  template: string,
  cellOf: (column: string) => string,
  faults: CellFault[],
): string | undefined {
  const parts = templateParts(template);
  if (typeof parts === "string") throw new RangeError(`Cannot fill the template ${template}: ${parts}`);
  const texts = parts.map((part) => {
    if ("text" in part) return part.text;
    const text = cellOf(part.column);
    if (isSpreadsheetDamage(text)) {
      const message = `A spreadsheet has made ${text} of what was there`;
      faults.push({ column: part.column, fault: new Fault("spreadsheet_damage", message) });
    }
    if (text !== "") return text;
    if (part.whenEmpty !== undefined) return part.whenEmpty;
    faults.push({ column: part.column, fault: new Fault("empty_cell", "The cell is empty") });
    return undefined;
  });
  return texts.includes(undefined) ? undefined : texts.join("");
}
