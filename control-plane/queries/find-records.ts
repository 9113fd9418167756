import { and, eq, gt, isNull, lte, or, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { records } from "../tables/catalog.ts";

export interface FoundRecord {
  readonly type: string;
  readonly id: string;
  readonly rev: string | null;
  readonly revOrder: string | null;
  readonly body: string;
}

export interface RecordSearch {
  readonly type?: string | undefined;
  readonly id?: string | undefined;
  /** Of the same `type`, if that is given. */
  readonly after?: { readonly type: string; readonly id: string } | undefined;
  /** As they were then; without it as they are. */
  readonly sequence?: number | undefined;
  readonly limit: number;
}

/** A page of records in the order of type and id. */
export async function findRecords(db: D1Database, search: RecordSearch): Promise<FoundRecord[]> {
  const { type, id, after, sequence, limit } = search;
  return drizzle(db)
    .select({
      type: records.type,
      id: records.id,
      rev: records.rev,
      revOrder: records.revOrder,
      body: records.body,
    })
    .from(records)
    .where(
      and(
        type === undefined ? undefined : eq(records.type, type),
        id === undefined ? undefined : eq(records.id, id),
        after === undefined ? undefined : afterPlace(after, type),
        sequence === undefined
          ? isNull(records.until)
          : and(lte(records.since, sequence), or(isNull(records.until), gt(records.until, sequence))),
        eq(records.deleted, false),
      ),
    )
    .orderBy(records.type, records.id)
    .limit(limit);
}

// With the type fixed, only a bare comparison of the id lets a page begin where the one before ended.
function afterPlace(after: { type: string; id: string }, type: string | undefined) {
  return type === undefined
    ? sql`(${records.type}, ${records.id}) > (${after.type}, ${after.id})`
    : gt(records.id, after.id);
}

/** The ids of the records of a type, as they are, that begin with a text. */
export async function idsWithPrefix(db: D1Database, type: string, prefix: string): Promise<string[]> {
  const { results } = await db
    .prepare(
      `SELECT id FROM records WHERE type = ?1 AND id >= ?2 AND substr(id, 1, length(?2)) = ?2
         AND id < ?2 || char(1114111) AND until IS NULL AND deleted = 0 ORDER BY id`,
    )
    .bind(type, prefix)
    .all<{ id: string }>();
  return results.map(({ id }) => id);
}

/** The ids of all records of a type, as they are. */
export async function currentIds(db: D1Database, type: string): Promise<string[]> {
  const { results } = await db
    .prepare("SELECT id FROM records WHERE type = ?1 AND until IS NULL AND deleted = 0 ORDER BY id")
    .bind(type)
    .all<{ id: string }>();
  return results.map(({ id }) => id);
}
