import type { PriceScope } from "../compile/pricing-class.ts";

/** Reads for the compiler: records as they were at a sequence. */

export interface StoredRecord {
  readonly type: string;
  readonly id: string;
  /** JSON of the record without type, id, op and rev. */
  readonly body: string;
}

export async function currentSequence(db: D1Database): Promise<number> {
  const sequence = await db.prepare("SELECT sequence FROM catalog_state").first<number>("sequence");
  if (sequence === null) throw new Error("The catalogue has no sequence: its migrations were not applied");
  return sequence;
}

/** SQL: what was true at the sequence bound as ?1, and not deleted. */
const standing = "since <= ?1 AND (until IS NULL OR until > ?1) AND deleted = 0";

/** A page of the records of some types, in the order of type and id by their bytes. */
export async function readRecords(
  db: D1Database,
  page: {
    readonly types: readonly string[];
    readonly sequence: number;
    readonly after?: { readonly type: string; readonly id: string } | undefined;
    readonly limit: number;
  },
): Promise<StoredRecord[]> {
  const { types, sequence, after, limit } = page;
  const rows: StoredRecord[] = [];
  // Type by type, since only then a page begins where the one before ended, without passing over its rows.
  for (const type of types.toSorted()) {
    if (rows.length === limit || (after !== undefined && type < after.type)) continue;
    const { results } = await db
      .prepare(
        `SELECT type, id, body FROM records
         WHERE type = ?2 AND id > ?3 AND ${standing} ORDER BY type, id LIMIT ?4`,
      )
      .bind(sequence, type, type === after?.type ? after.id : "", limit - rows.length)
      .all<StoredRecord>();
    rows.push(...results);
  }
  return rows;
}

const rowsPerPage = 5_000;

/** All records of some types, read page by page. */
export async function* allRecords(
  catalog: D1Database,
  types: readonly string[],
  sequence: number,
): AsyncGenerator<StoredRecord> {
  let after: StoredRecord | undefined;
  do {
    const rows: StoredRecord[] = await readRecords(catalog, { types, sequence, after, limit: rowsPerPage });
    yield* rows;
    after = rows.length < rowsPerPage ? undefined : rows.at(-1);
  } while (after !== undefined);
}

/** One record, or undefined when there was none. */
export async function readRecord(
  db: D1Database,
  { type, id, sequence }: { readonly type: string; readonly id: string; readonly sequence: number },
): Promise<StoredRecord | undefined> {
  const row = await db
    .prepare(`SELECT type, id, body FROM records WHERE type = ?2 AND id = ?3 AND ${standing}`)
    .bind(sequence, type, id)
    .first<StoredRecord>();
  return row ?? undefined;
}

export function readProducts(
  db: D1Database,
  { skus, sequence }: { readonly skus: readonly string[]; readonly sequence: number },
): Promise<StoredRecord[]> {
  return readListed(db, `records ON records.type = 'product' AND records.id = wanted.value`, {
    wanted: skus,
    sequence,
  });
}

export function readPricesOf(
  db: D1Database,
  { skus, sequence }: { readonly skus: readonly string[]; readonly sequence: number },
): Promise<StoredRecord[]> {
  return readListed(
    db,
    `records INDEXED BY prices_by_sku ON records.type = 'price' AND records.sku = wanted.value`,
    { wanted: skus, sequence },
  );
}

export function readPricesOfCustomers(
  db: D1Database,
  { customers, sequence }: { readonly customers: readonly string[]; readonly sequence: number },
): Promise<StoredRecord[]> {
  return readListed(
    db,
    `records INDEXED BY prices_by_customer ON records.type = 'price' AND records.customer = wanted.value`,
    { wanted: customers, sequence },
  );
}

async function readListed(
  db: D1Database,
  match: string,
  { wanted, sequence }: { wanted: readonly string[]; sequence: number },
): Promise<StoredRecord[]> {
  const { results } = await db
    .prepare(
      `SELECT records.type, records.id, records.body FROM json_each(?2) AS wanted CROSS JOIN ${match} WHERE ${standing}`,
    )
    .bind(sequence, JSON.stringify(wanted))
    .all<StoredRecord>();
  return results;
}

/** A price as far as planning looks at it. */
interface PriceSource extends PriceScope {
  readonly id: string;
}

interface PriceSourceRow {
  readonly sku: string;
  readonly id: string;
  readonly list: string | null;
  readonly group: string | null;
  readonly customer: string | null;
  readonly who: string | null;
}

const sourceColumns = `records.sku, records.id, records.list, records.group_id AS "group", records.customer,
  records.body ->> 'who' AS who`;

/**
 * SQL: whether a price tells customers apart. One for everyone, or for one customer alone, says nothing to a plan, and
 * most are of these. A body is written without spaces, so that a text search finds where it may have a `who`.
 */
const telling = `(list IS NOT NULL OR group_id IS NOT NULL OR instr(body, '"who":') > 0)`;

function sourceOf(row: PriceSourceRow): PriceSource {
  return {
    ...row,
    list: row.list ?? undefined,
    group: row.group ?? undefined,
    customer: row.customer ?? undefined,
    who: row.who === null ? undefined : (JSON.parse(row.who) as PriceScope["who"]),
  };
}

/**
 * Of a page of all prices, in the order in which the table has them, those that tell customers apart; `next` is where
 * to go on.
 * @param page `limit` is how many prices are looked at
 */
export async function readPriceSources(
  db: D1Database,
  page: { readonly sequence: number; readonly after?: string | undefined; readonly limit: number },
): Promise<{ rows: PriceSource[]; next: string | undefined }> {
  const { sequence, after = "", limit } = page;
  const prices = `records WHERE type = 'price' AND id >`;
  const last = await db
    .prepare(`SELECT id FROM ${prices} ?1 ORDER BY id LIMIT 1 OFFSET ?2`)
    .bind(after, limit - 1)
    .first<string>("id");
  const { results } = await db
    .prepare(
      `SELECT ${sourceColumns} FROM ${prices} ?2 ${last === null ? "" : "AND id <= ?3"} AND ${standing} AND ${telling}`,
    )
    .bind(sequence, after, ...(last === null ? [] : [last]))
    .all<PriceSourceRow>();
  return { rows: results.map(sourceOf), next: last ?? undefined };
}

export async function readPriceSourcesOf(
  db: D1Database,
  { skus, sequence }: { readonly skus: readonly string[]; readonly sequence: number },
): Promise<PriceSource[]> {
  const { results } = await db
    .prepare(
      `SELECT ${sourceColumns} FROM json_each(?2) AS wanted CROSS JOIN records INDEXED BY prices_by_sku
         ON records.type = 'price' AND records.sku = wanted.value
       WHERE ${standing} AND ${telling}`,
    )
    .bind(sequence, JSON.stringify(skus))
    .all<PriceSourceRow>();
  return results.map(sourceOf);
}
