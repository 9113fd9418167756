import { Problem } from "../../shared/api/problem.ts";
import { applyBatch, type Applied } from "./apply-batch.ts";
import { shrinkPercentMax, sweepMilliseconds } from "./limits.ts";
import { isGuardFailure } from "./reservation.ts";
import type { Scope } from "./staged-row.ts";

/** A complete set of one scope: what is not in it when it is committed is gone. */
export interface Sweep {
  readonly batch: number;
  readonly scope: Scope;
  readonly openedSequence: number;
}

interface Row {
  batch: number;
  type: string;
  scope_field: "list" | "customer" | "group" | null;
  scope_id: string | null;
  state: "open" | "committed" | "abandoned";
  opened_sequence: number;
  expires_at: number;
  answer: string | null;
}

export function sweepIdOf(batch: number): string {
  return `s${batch}`;
}

function batchOf(sweepId: string): number | undefined {
  return /^s[1-9][0-9]{0,14}$/.test(sweepId) ? Number(sweepId.slice(1)) : undefined;
}

// Two sweeps overlap if either takes all of the type, or both the same list, customer or group.
const overlapping = `
  SELECT batch FROM sweeps WHERE type = ?2 AND state = 'open' AND expires_at > ?5
    AND (scope_field IS NULL OR ?3 IS NULL OR (scope_field = ?3 AND scope_id = ?4))`;

/**
 * Opens a sweep, unless one that overlaps is open. The refusal names that one: it may have been opened by the same
 * caller, who then never heard of it.
 */
export async function openSweep(
  db: D1Database,
  scope: Scope,
  options: { keyId: string; now: number },
): Promise<{ sweep: string; expiresAt: number }> {
  const { keyId, now } = options;
  const expiresAt = now + sweepMilliseconds;
  const bound = [now, scope.type, scope.field ?? null, scope.id ?? null, now];
  const [, opened, open] = await db.batch<{ batch: number }>([
    db
      .prepare(
        `INSERT INTO batches (key_id, target, state, at) SELECT ?6, '', 'sweep', ?1 WHERE NOT EXISTS (${overlapping})`,
      )
      .bind(...bound, keyId),
    db
      .prepare(
        `INSERT INTO sweeps (batch, type, scope_field, scope_id, state, opened_sequence, opened_at, expires_at)
         SELECT last_insert_rowid(), ?2, ?3, ?4, 'open', sequence, ?1, ?6 FROM catalog_state
         WHERE NOT EXISTS (${overlapping}) RETURNING batch`,
      )
      .bind(...bound, expiresAt),
    db.prepare(`${overlapping} LIMIT 1`).bind(...bound),
  ]);
  const row = opened?.results[0];
  if (row === undefined) throw alreadyOpen(open?.results[0]?.batch);
  return { sweep: sweepIdOf(row.batch), expiresAt };
}

function alreadyOpen(batch: number | undefined): Problem {
  return new Problem("sweep_open", batch === undefined ? {} : { more: { sweep: sweepIdOf(batch) } });
}

async function findSweep(db: D1Database, sweepId: string): Promise<Row> {
  const row = await db
    .prepare("SELECT sweeps.*, answer FROM sweeps JOIN batches ON number = batch WHERE batch = ?1")
    .bind(batchOf(sweepId) ?? null)
    .first<Row>();
  if (row === null) throw new Problem("not_found", { detail: "There is no such sweep" });
  return row;
}

function checkOpen(row: Row, now: number): void {
  if (row.state === "committed") throw new Problem("wrong_state", { detail: "The sweep is committed" });
  if (row.state === "abandoned") throw new Problem("gone", { detail: "The sweep was abandoned" });
  if (row.expires_at <= now) throw new Problem("gone", { detail: "The sweep has expired" });
}

/** The sweep that records are sent to. */
export async function openSweepOf(db: D1Database, sweepId: string, now: number): Promise<Sweep> {
  const row = await findSweep(db, sweepId);
  checkOpen(row, now);
  return {
    batch: row.batch,
    openedSequence: row.opened_sequence,
    scope: { type: row.type, field: row.scope_field ?? undefined, id: row.scope_id ?? undefined },
  };
}

/** Fails a transaction if the sweep is not open any more. */
export function guardOpenSweep(db: D1Database, batch: number, now: number): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO batches (key_id, target, state, at) SELECT '', '', NULL, 0
       WHERE NOT EXISTS (SELECT 1 FROM sweeps WHERE batch = ?1 AND state = 'open' AND expires_at > ?2)`,
    )
    .bind(batch, now);
}

/** Forgets a sweep and what was sent to it. */
export async function abandonSweep(db: D1Database, sweepId: string, now: number): Promise<void> {
  const row = await findSweep(db, sweepId);
  if (row.state === "abandoned") return;
  checkOpen(row, now);
  await db.batch([
    guardOpenSweep(db, row.batch, now),
    db.prepare("UPDATE sweeps SET state = 'abandoned' WHERE batch = ?1").bind(row.batch),
    db.prepare("DELETE FROM staged WHERE batch = ?1").bind(row.batch),
  ]);
}

/** What stands within a sweep's scope; `row` is SQL for a row of `records` or `parked`. */
function within(row: string): string {
  return `${row}.type = ?2 AND CASE ?3 WHEN 'list' THEN ${row}.list = ?4 WHEN 'customer' THEN ${row}.customer = ?4
    WHEN 'group' THEN ${row}.group_id = ?4 ELSE TRUE END`;
}

const notInSet = (row: string) => `NOT EXISTS
  (SELECT 1 FROM staged WHERE staged.batch = ?1 AND staged.type = ${row}.type AND staged.id = ${row}.id)`;

// What a plain push changed since the sweep was opened is newer than the set and stays.
const measure = `
  SELECT (SELECT count(*) FROM (SELECT DISTINCT type, id FROM staged WHERE batch = ?1)) AS held,
    count(*) AS standing,
    count(*) FILTER (WHERE since <= ?5 AND ${notInSet("stored")}) AS removed
  FROM records AS stored WHERE until IS NULL AND deleted = 0 AND ${within("stored")}`;

interface Measured {
  readonly held: number;
  readonly standing: number;
  readonly removed: number;
}

/**
 * Makes a sweep's set what stands in its scope, as one batch. A second commit gives the first one's answer.
 * The count and the guard against shrinking are checked again within the transaction.
 */
export async function commitSweep(
  db: D1Database,
  sweepId: string,
  options: { count: number; force: boolean; now: number },
): Promise<Applied> {
  const { count, force, now } = options;
  for (let attempt = 0; ; attempt++) {
    const row = await findSweep(db, sweepId);
    if (row.state === "committed" && row.answer !== null) return { answer: row.answer, sequence: undefined };
    checkOpen(row, now);
    const bound = [row.batch, row.type, row.scope_field, row.scope_id, row.opened_sequence];
    const measured = await db
      .prepare(measure)
      .bind(...bound)
      .first<Measured>();
    if (measured === null) throw new Error("A count gave no row");
    checkCount(measured, count);
    if (!force) checkShrinking(measured);
    try {
      return await applyBatch(db, row.batch, {
        now,
        guards: [
          guardOpenSweep(db, row.batch, now),
          guardMeasured(db, bound, measured),
          db.prepare("UPDATE sweeps SET state = 'committed' WHERE batch = ?1").bind(row.batch),
        ],
        ready: { kind: "sweep", openedSequence: row.opened_sequence, deletions: deletions(db, bound, now) },
      });
    } catch (error) {
      // Something was applied between measuring and applying: measure again.
      if (!isGuardFailure(error) || attempt === 3) throw error;
    }
  }
}

function checkCount({ held }: Measured, count: number): void {
  if (held === count) return;
  throw new Problem("count_mismatch", {
    detail: `The commit says ${count} records, the sweep holds ${held}`,
    more: { count, held },
  });
}

function checkShrinking({ held, standing, removed }: Measured): void {
  if (held > 0 && removed * 100 <= standing * shrinkPercentMax) return;
  throw new Problem("shrink_guard", {
    detail: `The commit would remove ${removed} of ${standing} records; with "force" it does`,
    more: { standing, removed },
  });
}

function guardMeasured(
  db: D1Database,
  bound: readonly unknown[],
  { held, standing, removed }: Measured,
): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO batches (key_id, target, state, at) SELECT '', '', NULL, 0
       FROM (${measure}) WHERE held <> ?6 OR standing <> ?7 OR removed <> ?8`,
    )
    .bind(...bound, held, standing, removed);
}

// Line 0: before the set's own lines and after what is parked. What was parked in the scope goes too.
function deletions(db: D1Database, bound: readonly unknown[], now: number): D1PreparedStatement[] {
  const row = "?1, type, id, 0, ?1, 0, ?6, 'delete', ''";
  return [
    db
      .prepare(
        `INSERT INTO staged (batch, type, id, line, origin, origin_line, received_at, op, body)
         SELECT ${row} FROM records AS stored
         WHERE until IS NULL AND deleted = 0 AND since <= ?5 AND ${within("stored")} AND ${notInSet("stored")}
         UNION
         SELECT ${row} FROM parked WHERE ${within("parked")} AND ${notInSet("parked")}
           AND received_at <= (SELECT opened_at FROM sweeps WHERE batch = ?1)`,
      )
      .bind(...bound, now),
  ];
}
