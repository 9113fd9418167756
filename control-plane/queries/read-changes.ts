export interface Change {
  readonly type: string;
  readonly id: string;
  /** Of a product, a price or an inventory: before the change or after it. */
  readonly sku: string | null;
}

// Every change, a deletion too, has a version that begins with it; the one before it ends with it.
const changes = `
  SELECT DISTINCT version.type, version.id, version.sku
  FROM records AS fresh INDEXED BY records_since
  CROSS JOIN records AS version ON version.type = fresh.type AND version.id = fresh.id
  WHERE fresh.since > ?1 AND fresh.since <= ?2
    AND (version.since BETWEEN ?1 + 1 AND ?2 OR version.until BETWEEN ?1 + 1 AND ?2)`;

/** What changed after one sequence and up to another; a price that moved has a row for each SKU. */
export async function changesBetween(
  db: D1Database,
  { after, upTo, limit }: { readonly after: number; readonly upTo: number; readonly limit: number },
): Promise<Change[]> {
  const { results } = await db.prepare(`${changes} LIMIT ?3`).bind(after, upTo, limit).all<Change>();
  return results;
}

/** The SKUs of the products and prices that changed after one sequence and up to another. */
export async function changedSkus(
  db: D1Database,
  { after, upTo }: { readonly after: number; readonly upTo: number },
): Promise<Set<string>> {
  const { results } = await db
    .prepare(`SELECT DISTINCT sku FROM (${changes}) WHERE sku IS NOT NULL AND type IN ('product', 'price')`)
    .bind(after, upTo)
    .all<{ sku: string }>();
  return new Set(results.map(({ sku }) => sku));
}

/** What became of the records of some types that changed after one sequence and up to another. */
export async function changedRecords(
  db: D1Database,
  {
    after,
    upTo,
    types,
  }: { readonly after: number; readonly upTo: number; readonly types: readonly string[] },
): Promise<{ type: string; id: string; /** Null: deleted. */ body: string | null }[]> {
  const { results } = await db
    .prepare(
      `SELECT DISTINCT fresh.type, fresh.id, now.body FROM records AS fresh INDEXED BY records_since
       LEFT JOIN records AS now ON now.type = fresh.type AND now.id = fresh.id AND now.deleted = 0
         AND now.since <= ?2 AND (now.until IS NULL OR now.until > ?2)
       WHERE fresh.since > ?1 AND fresh.since <= ?2 AND fresh.type IN (SELECT value FROM json_each(?3))`,
    )
    .bind(after, upTo, JSON.stringify(types))
    .all<{ type: string; id: string; body: string | null }>();
  return results;
}
