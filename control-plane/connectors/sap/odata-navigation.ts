/** What a row leads to, whether it was expanded or not, in either version of OData. */

export type ODataRow = Readonly<Record<string, unknown>>;

export function isODataRow(value: unknown): value is ODataRow {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The rows under the first of the names that was expanded; undefined when none was. */
export function expandedRows(row: ODataRow, names: readonly string[]): readonly unknown[] | undefined {
  for (const name of names) {
    const value = row[name];
    const rows: unknown = isODataRow(value) ? value["results"] : value;
    if (Array.isArray(rows)) return rows;
  }
  return undefined;
}

/** The one row under the first of the names that was expanded. */
export function expandedRow(row: ODataRow, names: readonly string[]): ODataRow | undefined {
  return names
    .map((name) => row[name])
    .filter(isODataRow)
    .find((value) => !("__deferred" in value));
}
