import type { ConnectorProblem } from "../translation.ts";
import type { CsvField, CsvMapping } from "./mapping.ts";
import { templateParts } from "./template.ts";

/** Where a column stands in a row, by its name. */
export type Header = ReadonlyMap<string, number>;

/** Reads the first row. Columns that the mapping doesn't name are of no interest. */
export function readHeader(
  names: readonly string[],
  line: number,
  mapping: CsvMapping,
): { readonly header: Header } | { readonly problems: readonly ConnectorProblem[] } {
  const header = new Map<string, number>();
  const problems: ConnectorProblem[] = [];
  const source = `line ${line}`;
  for (const [index, written] of names.entries()) {
    const name = mapping.trim ? written.trim() : written;
    if (header.has(name)) {
      const message = `Two columns are named ${name}`;
      problems.push({ source, code: "duplicate_column", message });
    }
    header.set(name, index);
  }
  for (const name of columnsOf(mapping)) {
    if (header.has(name)) continue;
    problems.push({ source, code: "missing_column", message: `There is no column ${name}` });
  }
  return problems.length > 0 ? { problems } : { header };
}

function columnsOf(mapping: CsvMapping): ReadonlySet<string> {
  return new Set([mapping.id, ...Object.values(mapping.fields)].flatMap(columnsOfField));
}

export function columnsOfField(field: CsvField): readonly string[] {
  if ("column" in field) return [field.column];
  if ("constant" in field) return [];
  const parts = templateParts(field.template);
  return typeof parts === "string" ? [] : parts.flatMap((part) => ("column" in part ? [part.column] : []));
}
