import { segmentKey } from "../../shared/snapshot/keys.ts";

/** The segments that the store of record has, in the order of their names. */
export async function segmentsAfter(
  published: D1Database,
  after: string,
  limit: number,
): Promise<readonly string[]> {
  const { results } = await published
    .prepare("SELECT DISTINCT hash FROM segments WHERE hash > ?1 ORDER BY hash LIMIT ?2")
    .bind(after, limit)
    .all<{ hash: string }>();
  return results.map(({ hash }) => hash);
}

/** Lets this sweep, and no other, delete from the store of record, until `endSweep`. */
export async function beginSweep(published: D1Database, id: string): Promise<void> {
  await published.batch([
    published.prepare("DELETE FROM sweep"),
    published.prepare("INSERT INTO sweep (id) VALUES (?1)").bind(id),
  ]);
}

/**
 * Ends every sweep: a deletion that is underway still, from an object that died over it, deletes nothing any more. A
 * compile that finds a segment in the store of record afterwards can therefore count on it.
 */
export async function endSweep(published: D1Database): Promise<void> {
  await published.prepare("DELETE FROM sweep").run();
}

/** Deletes segments from KV, then, if the sweep may, from the store of record. */
export async function deleteSegments(
  hashes: readonly string[],
  sweep: string,
  { kv, published }: { readonly kv: KVNamespace; readonly published: D1Database },
): Promise<void> {
  for (let start = 0; start < hashes.length; start += deletesAtOnce) {
    await Promise.all(hashes.slice(start, start + deletesAtOnce).map((hash) => kv.delete(segmentKey(hash))));
  }
  await published
    .prepare(
      `DELETE FROM segments WHERE hash IN (SELECT value FROM json_each(?1))
          AND EXISTS (SELECT 1 FROM sweep WHERE id = ?2)`,
    )
    .bind(JSON.stringify(hashes), sweep)
    .run();
}

// As many connections as a Worker may have open at once.
const deletesAtOnce = 6;
