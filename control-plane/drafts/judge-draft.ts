import { decide } from "../ingest/apply/decide.ts";
import { isInvalid, reported } from "../ingest/apply/keep-problems.ts";
import { joinParked } from "../ingest/apply/pull-parked.ts";
import { changes } from "../ingest/apply/write-versions.ts";
import {
  differingFields,
  refusedRecordsMax,
  type DraftConflict,
  type DraftProblem,
  type DraftRefusal,
} from "./refused-draft.ts";

/** A version that applying the draft would write. */
export interface DraftChange {
  readonly type: string;
  readonly id: string;
  /** As in `records`: empty for a deletion. */
  readonly body: string;
  readonly sku: string | null;
}

/** What applying a draft would do to the catalogue as it is. */
export interface Judgement extends DraftRefusal {
  /** The catalogue's sequence. */
  readonly sequence: number;
  readonly changes: readonly DraftChange[];
}

/**
 * Decides over a draft's records by the intake's own rules, and leaves no trace: they are staged, judged and taken
 * away again in one transaction. Parked records that would be released are among the changes.
 */
export async function judgeDraft(db: D1Database, draft: number, now: number): Promise<Judgement> {
  // No batch has a number below zero.
  const batch = -draft;
  const results = await db.batch([
    stageDraft(db, batch, { draft, now }),
    joinParked(db, batch),
    ...decide(db, batch, null),
    db.prepare("SELECT sequence FROM catalog_state"),
    db
      .prepare(
        `SELECT type, id, ${reported.code} AS code, ${reported.pointer} AS pointer, ${reported.message} AS message
         FROM staged WHERE batch = ?1 AND ${isRefused} ORDER BY line LIMIT ${refusedRecordsMax}`,
      )
      .bind(batch),
    db.prepare(`${conflicting} ORDER BY draft.type, draft.id LIMIT ${refusedRecordsMax}`).bind(draft),
    db.prepare(`SELECT line.type, line.id, line.body, line.sku ${changes}`).bind(batch),
    db.prepare("DELETE FROM staged WHERE batch = ?1").bind(batch),
  ]);
  const [state, problems, conflicts, changed] = results.slice(-5).map((result) => result.results);
  const { sequence } = (state as { sequence: number }[])[0] ?? {};
  if (sequence === undefined) throw new Error("The catalogue has no sequence");
  return {
    sequence,
    problems: problems as DraftProblem[],
    conflicts: (conflicts as ConflictRow[]).map(conflictOf),
    changes: changed as DraftChange[],
  };
}

/** Stages a draft's records as lines of a batch, from 1. */
export function stageDraft(
  db: D1Database,
  batch: number,
  { draft, now }: { readonly draft: number; readonly now: number },
): D1PreparedStatement {
  const number = "row_number() OVER (ORDER BY type, id)";
  return db
    .prepare(
      `INSERT INTO staged (batch, line, origin, origin_line, received_at,
         type, id, op, body, sku, list, customer, group_id, parent, refs)
       SELECT ?1, ${number}, ?1, ${number}, ?3,
         type, id, op, body, sku, list, customer, group_id, parent, refs
       FROM draft_records WHERE draft = ?2`,
    )
    .bind(batch, draft, now);
}

const isRefused = `line > 0 AND (outcome = 'parked' OR ${isInvalid})`;

/** Fails the transaction unless each of the draft's own lines was applied or changes nothing. */
export function demandAll(db: D1Database, batch: number): D1PreparedStatement {
  return db
    .prepare(`${failure} WHERE EXISTS (SELECT 1 FROM staged WHERE batch = ?1 AND ${isRefused})`)
    .bind(batch);
}

/** Fails the transaction if a record was changed since it came into the draft. */
export function guardConflicts(db: D1Database, draft: number): D1PreparedStatement {
  return db.prepare(`${failure} WHERE EXISTS (${conflicting})`).bind(draft);
}

const failure = "INSERT INTO batches (key_id, target, state, at) SELECT '', '', NULL, 0";

// Nobody needs to be asked about a record that is by now what the draft makes of it.
const conflicting = `
  SELECT draft.type, draft.id, seen.body AS seen, stored.body AS stored
  FROM draft_records AS draft
  JOIN records AS stored ON stored.type = draft.type AND stored.id = draft.id AND stored.until IS NULL
  LEFT JOIN records AS seen ON seen.type = draft.type AND seen.id = draft.id AND seen.since = draft.base
  WHERE draft.draft = ?1 AND stored.since <> draft.base AND stored.body <> draft.body`;

interface ConflictRow {
  readonly type: string;
  readonly id: string;
  readonly seen: string | null;
  readonly stored: string;
}

function conflictOf({ type, id, seen, stored }: ConflictRow): DraftConflict {
  return { type, id, pointers: differingFields(seen, stored) };
}
