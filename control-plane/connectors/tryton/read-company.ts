import type { TrytonClient } from "./client.ts";
import { fieldsByModel, type CompanyRows, type ModelName } from "./company-rows.ts";
import type { Row } from "./row.ts";

/** Reads all that a company's prices follow from. It is read in several calls, so a change may come in between. */
export async function readCompany(client: TrytonClient): Promise<CompanyRows> {
  const rows: Partial<Record<ModelName, readonly Row[]>> = {};
  for (const model of Object.keys(fieldsByModel) as ModelName[]) {
    const all: Row[] = [];
    for await (const row of client.rows(model, fieldsByModel[model])) all.push(row);
    rows[model] = all;
  }
  return { rows: rows as Record<ModelName, readonly Row[]>, company: await client.company() }; // Each was read.
}
