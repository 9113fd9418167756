import { readFileSync } from "node:fs";
import { join } from "node:path";

/** How a file of the source divides its rows and fields; none of them has a header or quotes. */
interface Separators {
  readonly field: string;
  readonly row: string;
}

const tabSeparated: Separators = { field: "\t", row: "\n" };

/** Texts that may hold tabs are in files of this kind. */
export const ampersandSeparated: Separators = { field: "+|", row: "&|\n" };

const folder = join(import.meta.dirname, "adventureworks");

/** The rows of a file, each field by the name of its column. */
export function readTable<Column extends string>(
  file: string,
  columns: readonly Column[],
  separators = tabSeparated,
): readonly Readonly<Record<Column, string>>[] {
  const rows = readFileSync(join(folder, file), "utf8").split(separators.row);
  return rows
    .filter((row) => row !== "")
    .map((row) => {
      const fields = row.split(separators.field);
      if (fields.length !== columns.length) {
        throw new RangeError(
          `Cannot read ${file} as it has ${columns.length} columns: found ${fields.length}`,
        );
      }
      // Every column has a field, since there are as many of the one as of the other.
      return Object.fromEntries(columns.map((column, index) => [column, fields[index]])) as Record<
        Column,
        string
      >;
    });
}
