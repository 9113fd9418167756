import { desc, eq, lt } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { parityRuns } from "../tables/parity.ts";

export type ParityRow = typeof parityRuns.$inferSelect;

export async function insertParityRun(
  database: D1Database,
  run: Omit<ParityRow, "number">,
): Promise<ParityRow> {
  return drizzle(database).insert(parityRuns).values(run).returning().get();
}

export async function findParityRun(database: D1Database, number: number): Promise<ParityRow | undefined> {
  return drizzle(database).select().from(parityRuns).where(eq(parityRuns.number, number)).get();
}

/** The newest first; `before` is the number of the last one of the page before. */
export async function listParityRuns(
  database: D1Database,
  { before, limit }: { readonly before?: number | undefined; readonly limit: number },
): Promise<ParityRow[]> {
  return drizzle(database)
    .select()
    .from(parityRuns)
    .where(before === undefined ? undefined : lt(parityRuns.number, before))
    .orderBy(desc(parityRuns.number))
    .limit(limit);
}
