import { desc, eq, inArray, lt, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { snapshots, type SnapshotProgress } from "../tables/snapshots.ts";
import type { Job } from "./publish-state.ts";

export type SnapshotRow = typeof snapshots.$inferSelect;

const noProgress: SnapshotProgress = {
  buckets: { total: 0, compiled: 0, reused: 0 },
  segments: { written: 0, reused: 0 },
  bytesWritten: 0,
};

/** Notes a snapshot that is being made, unless that was done before. */
export async function insertSnapshot(
  database: D1Database,
  { snapshot, sequence, note, createdAt }: Pick<Job, "snapshot" | "sequence" | "note" | "createdAt">,
): Promise<void> {
  await drizzle(database)
    .insert(snapshots)
    .values({
      id: snapshot,
      sequence,
      createdAt,
      note: note ?? null,
      status: "compiling",
      manifest: null,
      progress: noProgress,
      failure: null,
      liveAt: null,
      number: sql`(SELECT coalesce(max(number), 0) + 1 FROM snapshots)`,
    })
    .onConflictDoNothing();
}

export async function updateSnapshot(
  database: D1Database,
  id: string,
  change: Partial<Pick<SnapshotRow, "status" | "manifest" | "progress" | "failure" | "liveAt" | "guard">>,
): Promise<void> {
  await drizzle(database).update(snapshots).set(change).where(eq(snapshots.id, id));
}

export async function findSnapshot(database: D1Database, id: string): Promise<SnapshotRow | undefined> {
  return drizzle(database).select().from(snapshots).where(eq(snapshots.id, id)).get();
}

/** Those of the snapshots that there are. */
export async function findSnapshots(database: D1Database, ids: readonly string[]): Promise<SnapshotRow[]> {
  const wanted = sql`(SELECT value FROM json_each(${JSON.stringify(ids)}))`;
  return drizzle(database).select().from(snapshots).where(inArray(snapshots.id, wanted));
}

/** The newest first; `before` is the number of the last one of the page before. */
export async function listSnapshots(
  database: D1Database,
  { before, limit }: { readonly before?: number | undefined; readonly limit: number },
): Promise<SnapshotRow[]> {
  return drizzle(database)
    .select()
    .from(snapshots)
    .where(before === undefined ? undefined : lt(snapshots.number, before))
    .orderBy(desc(snapshots.number))
    .limit(limit);
}
