import { and, desc, eq, getTableColumns, gt, lt, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { Problem } from "../../shared/api/problem.ts";
import { isGuardFailure } from "../ingest/reservation.ts";
import { batches } from "../tables/catalog.ts";
import { draftRecords, drafts } from "../tables/drafts.ts";

export type DraftState = (typeof drafts.$inferSelect)["state"];

export type DraftRow = typeof drafts.$inferSelect & {
  /** How many records it holds. */
  readonly records: number;
  /** The sequence that applying it made or found. */
  readonly sequence: number | null;
};

export type DraftRecordRow = Pick<typeof draftRecords.$inferSelect, "type" | "id" | "op" | "body">;

export function draftIdOf(number: number): string {
  return `d${number}`;
}

/** The number that an id stands for; -1, which no draft has, for what is no id. */
export function draftNumberOf(draftId: string): number {
  return /^d[1-9][0-9]{0,14}$/.test(draftId) ? Number(draftId.slice(1)) : -1;
}

export async function insertDraft(
  db: D1Database,
  { name, note, now }: { readonly name: string; readonly note: string | undefined; readonly now: number },
): Promise<DraftRow> {
  const row = await drizzle(db)
    .insert(drafts)
    .values({
      name,
      note: note ?? null,
      state: "open",
      version: 1,
      createdAt: now,
      changedAt: now,
      forced: false,
    })
    .returning()
    .get();
  return { ...row, records: 0, sequence: null };
}

function selectDrafts(db: D1Database) {
  return drizzle(db)
    .select({
      ...getTableColumns(drafts),
      records: sql<number>`(SELECT count(*) FROM draft_records WHERE draft = ${drafts.number})`,
      sequence: batches.sequence,
    })
    .from(drafts)
    .leftJoin(batches, eq(batches.number, drafts.batch));
}

export async function findDraft(db: D1Database, number: number): Promise<DraftRow | undefined> {
  return selectDrafts(db).where(eq(drafts.number, number)).get();
}

/** @throws {Problem} `not_found` */
export async function draftOf(db: D1Database, draftId: string): Promise<DraftRow> {
  const row = await findDraft(db, draftNumberOf(draftId));
  if (row === undefined) throw new Problem("not_found", { detail: "There is no such draft" });
  return row;
}

/** The newest first; `before` is the number of the last one of the page before. */
export async function listDrafts(
  db: D1Database,
  search: {
    readonly state?: DraftState | undefined;
    readonly before?: number | undefined;
    readonly limit: number;
  },
): Promise<DraftRow[]> {
  const { state, before, limit } = search;
  return selectDrafts(db)
    .where(
      and(
        state === undefined ? undefined : eq(drafts.state, state),
        before === undefined ? undefined : lt(drafts.number, before),
      ),
    )
    .orderBy(desc(drafts.number))
    .limit(limit);
}

/** A page of a draft's records in the order of type and id. */
export async function listDraftRecords(
  db: D1Database,
  page: {
    readonly draft: number;
    readonly after?: { readonly type: string; readonly id: string } | undefined;
    readonly limit: number;
  },
): Promise<DraftRecordRow[]> {
  const { draft, after, limit } = page;
  const { type, id, op, body } = draftRecords;
  return drizzle(db)
    .select({ type, id, op, body })
    .from(draftRecords)
    .where(
      and(
        eq(draftRecords.draft, draft),
        after === undefined ? undefined : gt(sql`(${type}, ${id})`, sql`(${after.type}, ${after.id})`),
      ),
    )
    .orderBy(type, id)
    .limit(limit);
}

/** Fails a transaction if the draft is another by now than the row says. */
export function guardDraft(db: D1Database, { number, version }: DraftRow): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO batches (key_id, target, state, at) SELECT '', '', NULL, 0
       WHERE NOT EXISTS (SELECT 1 FROM drafts WHERE number = ?1 AND version = ?2)`,
    )
    .bind(number, version);
}

const attemptsMax = 4;

/**
 * Changes a draft in one transaction, if its state allows it and it has the version that the caller expects.
 * Whatever is changed, its version is the next.
 * @param expected the version that the caller has seen; without it, whichever there is
 * @param changes the statements for the draft as it is; they are made again if it changed before they ran
 */
export async function changeDraft(
  db: D1Database,
  draftId: string,
  options: {
    readonly expected: number | undefined;
    readonly states: readonly DraftState[];
    readonly now: number;
    readonly changes: (row: DraftRow) => readonly D1PreparedStatement[];
  },
): Promise<DraftRow> {
  for (let attempt = 1; ; attempt++) {
    const row = await draftOf(db, draftId);
    requireVersion(row, options.expected);
    requireState(row, options.states);
    try {
      await db.batch([
        guardDraft(db, row),
        ...options.changes(row),
        db
          .prepare("UPDATE drafts SET version = version + 1, changed_at = ?2 WHERE number = ?1")
          .bind(row.number, options.now),
      ]);
      return await draftOf(db, draftId);
    } catch (error) {
      // Somebody else changed it just now.
      if (!isGuardFailure(error) || attempt === attemptsMax) throw error;
    }
  }
}

/** @throws {Problem} `precondition_failed` */
export function requireVersion({ version }: DraftRow, expected: number | undefined): void {
  if (expected === undefined || expected === version) return;
  throw new Problem("precondition_failed", {
    detail: `The draft has version ${version} by now`,
    more: { version },
  });
}

/** @throws {Problem} `wrong_state` */
export function requireState({ state }: DraftRow, states: readonly DraftState[]): void {
  if (states.includes(state)) return;
  throw new Problem("wrong_state", { detail: `The draft is ${state}`, more: { state } });
}
