import { Problem } from "../../shared/api/problem.ts";
import type { Line } from "../ingest/lines.ts";
import { draftIdOf, insertDraft, requireState, type DraftRow } from "./draft-log.ts";
import { putRecords } from "./put-records.ts";

// What applying the draft changed, as it was right before. What it found as it wanted it has no version of its own.
const before = `
  SELECT own.type, own.id, before.body FROM draft_records AS own
  JOIN records AS made ON made.type = own.type AND made.id = own.id AND made.since = ?2
  LEFT JOIN records AS before ON before.type = own.type AND before.id = own.id AND before.until = ?2
  WHERE own.draft = ?1 ORDER BY own.type, own.id`;

interface Before {
  readonly type: string;
  readonly id: string;
  /** Null or empty when there was no such record. */
  readonly body: string | null;
}

/**
 * Makes a draft of what the records of a published one were before. It is based on what that one made of them, so
 * what others changed since is a conflict.
 */
export async function undoDraft(db: D1Database, draft: DraftRow, now: number): Promise<DraftRow> {
  requireState(draft, ["published"]);
  const { number, name, sequence } = draft;
  if (sequence === null) throw new Error(`The draft ${number} is published without a sequence`);
  const { results } = await db.prepare(before).bind(number, sequence).all<Before>();
  if (results.length === 0) throw new Problem("wrong_state", { detail: "The draft changed nothing" });
  const note = `Takes back ${draftIdOf(number)}`;
  const made = await insertDraft(db, { name, note, now });
  const put = await putRecords(db, draftIdOf(made.number), {
    lines: linesOf(results),
    expected: made.version,
    base: sequence,
    now,
  });
  const [refused] = put.problems;
  if (refused !== undefined) {
    throw new Error(
      `Cannot take back ${refused.type} ${refused.id}: it would be refused with ${refused.code}`,
    );
  }
  return put.draft;
}

async function* linesOf(rows: readonly Before[]): AsyncGenerator<Line> {
  for (const [index, { type, id, body }] of rows.entries()) {
    const content = body === null || body === "" ? { op: "delete" } : (JSON.parse(body) as object);
    yield { number: index + 1, text: JSON.stringify({ ...content, type, id }) };
  }
}
