import { and, eq, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { problems } from "../tables/catalog.ts";

export type StoredProblem = typeof problems.$inferSelect;

export interface ProblemSearch {
  readonly batch?: number | undefined;
  readonly state?: StoredProblem["state"] | undefined;
  readonly after?: { readonly batch: number; readonly line: number } | undefined;
  readonly limit: number;
}

/** A page of problems in the order in which their lines came. */
export async function findProblems(db: D1Database, search: ProblemSearch): Promise<StoredProblem[]> {
  const { batch, state, after, limit } = search;
  return drizzle(db)
    .select()
    .from(problems)
    .where(
      and(
        batch === undefined ? undefined : eq(problems.batch, batch),
        // Written out, since a partial index serves only a condition that it can read.
        state === undefined ? undefined : sql.raw(`state = '${state}'`),
        after === undefined
          ? undefined
          : sql`(${problems.batch}, ${problems.line}) > (${after.batch}, ${after.line})`,
      ),
    )
    .orderBy(problems.batch, problems.line)
    .limit(limit);
}
