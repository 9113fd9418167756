import { canonicalJson } from "../../../shared/canonical-json.ts";
import type { PricingRecord } from "../../../shared/pricing/records.ts";
import type { MatrixCompany } from "../matrix-company.ts";

// As intake does: a bound text of D1 may have 2 MB, and a character up to three bytes.
const charactersAChunk = 450_000;

export function* recordsOf(company: MatrixCompany): Generator<PricingRecord> {
  yield* company.company;
  for (let index = 0; index < company.products; index++) yield company.productAt(index);
  yield* company.prices();
}

/** The rows that intake makes of records, as texts of JSON with many rows each. */
export function* rowChunks(records: Iterable<PricingRecord>): Generator<string> {
  let rows: string[] = [];
  let characters = 0;
  for (const record of records) {
    const row = JSON.stringify(rowOf(record));
    if (characters + row.length > charactersAChunk) {
      yield `[${rows.join(",")}]`;
      rows = [];
      characters = 0;
    }
    rows.push(row);
    characters += row.length + 1;
  }
  if (rows.length > 0) yield `[${rows.join(",")}]`;
}

/** type, id, body, sku, list, customer, group_id and parent. */
export function rowOf(record: PricingRecord): readonly (string | null)[] {
  const { type, id, ...content } = record;
  const keys = record.type === "price" ? [record.sku, record.list, record.customer, record.group] : [];
  const [sku, list, customer, group] = record.type === "product" ? [id] : keys;
  const parent = "parent" in record ? record.parent : undefined;
  const columns = [sku, list, customer, group, parent].map((value) => value ?? null);
  return [type, id, canonicalJson(content), ...columns];
}
