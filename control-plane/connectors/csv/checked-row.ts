import type { FeedRecord } from "../translation.ts";
import { parseExactJson } from "../../../shared/api/exact-json.ts";
import { recordSchemas } from "../../../shared/api/records/record.ts";
import { issueCode, issuePointer } from "../../../shared/api/values.ts";
import type { Made } from "../made.ts";
import { columnsOfField, type Header } from "./header.ts";
import type { CsvMapping } from "./mapping.ts";
import { rowRecord } from "./row-record.ts";

/** The record of a row, or what is wrong with its cells, each by line and column. */
export function checkedRow(
  cells: readonly string[],
  line: number,
  header: Header,
  mapping: CsvMapping,
): readonly Made[] {
  const source = `line ${line}`;
  if (cells.length !== header.size) {
    const message = `The row has ${cells.length} cells under ${header.size} columns`;
    return [{ source, code: "ragged_row", message }];
  }
  if (!cells.every((cell) => cell.isWellFormed())) {
    return [{ source, code: "lone_surrogate", message: "A cell holds half of a surrogate pair" }];
  }
  const { record, faults } = rowRecord(cells, header, mapping);
  if (faults.length > 0) {
    return faults.map(({ column, fault }) => ({
      source: `${source}, column ${column}`,
      code: fault.code,
      message: fault.message,
    }));
  }
  const found = recordSchemas[mapping.type].safeParse(parseExactJson(JSON.stringify(record)));
  // What intake takes is a record; what it made of it is for the database.
  if (found.success) return [{ source, record: record as unknown as FeedRecord }];
  return found.error.issues.map((issue) => {
    const field = issuePointer(issue).slice(1).replaceAll("/", ".");
    const columns = columnsOf(field, mapping);
    return {
      source: columns.length === 0 ? source : `${source}, column ${columns.join(", ")}`,
      code: issueCode(issue),
      message: `${field}: ${issue.message}`,
    };
  });
}

/** The columns that a record's field is made of; those of the fields within an object, where it is one. */
function columnsOf(path: string, { id, fields }: CsvMapping): readonly string[] {
  if (path === "id") return columnsOfField(id);
  return Object.entries(fields)
    .filter(([name]) => name === path || name.startsWith(`${path}.`) || path.startsWith(`${name}.`))
    .flatMap(([, field]) => columnsOfField(field));
}
