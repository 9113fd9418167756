import { readODataPages, type ODataSource } from "../odata-pages.ts";

/** All rows of a page of Business Central, as `translateBusinessCentral` takes them. */
export async function readPages(source: ODataSource): Promise<readonly unknown[]> {
  const rows: unknown[] = [];
  for await (const page of readODataPages(source)) rows.push(...page);
  return rows;
}
