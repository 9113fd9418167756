import { Problem } from "../../shared/api/problem.ts";
import { checkLine, type CheckedLine, type Refusal } from "../ingest/check-line.ts";
import type { Line } from "../ingest/lines.ts";
import { problemsInAnswerMax } from "../ingest/limits.ts";
import { stagedColumns, stagedRow } from "../ingest/staged-row.ts";
import { changeDraft, type DraftRow } from "./draft-log.ts";
import { draftCharactersMax, draftRecordsMax, draftTypes } from "./limits.ts";

export interface PutAnswer {
  readonly draft: DraftRow;
  readonly received: number;
  readonly counts: { readonly put: number; readonly invalid: number };
  readonly problems: readonly (Refusal & { readonly line: number })[];
  readonly problemsTruncated: boolean;
}

const columns = stagedColumns.filter(
  (name) => !["line", "rev", "rev_order", "code", "pointer", "message"].includes(name),
);
const values = columns.map((name) => `value ->> ${stagedColumns.indexOf(name)}`).join(", ");

// What a record was based on when it came into the draft stays, until somebody says that it was looked at again.
const insert = `
  INSERT INTO draft_records (draft, ${columns.join(", ")}, base)
  SELECT ?1, ${values}, coalesce(?3, (SELECT since FROM records
    WHERE records.type = value ->> 1 AND records.id = value ->> 2 AND until IS NULL), 0)
  FROM json_each(?2) WHERE true
  ON CONFLICT (draft, type, id) DO UPDATE SET
    ${columns
      .filter((name) => name !== "type" && name !== "id")
      .map((name) => `${name} = excluded.${name}`)
      .join(", ")}`;

// Fails by another column than the guards do that mean 'try again'.
const bound = `
  INSERT INTO batches (key_id, target, state, at) SELECT NULL, '', 'applied', 0
  FROM (SELECT count(*) AS records, sum(length(body)) AS characters FROM draft_records WHERE draft = ?1)
  WHERE records > ${draftRecordsMax} OR characters > ${draftCharactersMax}`;
const overBound = "NOT NULL constraint failed: batches.key_id";

/**
 * Puts the good lines into a draft, in place of what it has of the same records; a line that the intake would refuse
 * is refused here, with the same code and pointer.
 */
export async function putRecords(
  db: D1Database,
  draftId: string,
  options: {
    readonly lines: AsyncIterable<Line>;
    readonly expected: number | undefined;
    /** The sequence that made the versions which the records are based on; without it, those that stand now. */
    readonly base?: number;
    readonly now: number;
  },
): Promise<PutAnswer> {
  const { lines, expected, base = null, now } = options;
  const rows: string[] = [];
  const problems: (Refusal & { line: number })[] = [];
  let received = 0;
  let characters = 0;
  for await (const { number, text } of lines) {
    received++;
    characters += text.length;
    if (received > draftRecordsMax || characters > 2 * draftCharactersMax) throw tooLarge();
    const checked = checkForDraft(checkLine(text, now));
    if (checked.kind === "refused") problems.push({ line: number, ...checked.refusal });
    else rows.push(JSON.stringify(stagedRow(number, checked)));
  }
  const draft = await changeDraft(db, draftId, {
    expected,
    states: ["open"],
    now,
    changes: ({ number }) => [
      ...chunksOf(rows).map((chunk) => db.prepare(insert).bind(number, chunk, base)),
      db.prepare(bound).bind(number),
      db.prepare("UPDATE drafts SET failure = NULL WHERE number = ?1").bind(number),
    ],
  }).catch((error: unknown) => {
    throw error instanceof Error && error.message.includes(overBound) ? tooLarge() : error;
  });
  return {
    draft,
    received,
    counts: { put: rows.length, invalid: problems.length },
    problems: problems.slice(0, problemsInAnswerMax),
    problemsTruncated: problems.length > problemsInAnswerMax,
  };
}

function tooLarge(): Problem {
  return new Problem("body_too_large", {
    detail: `A draft has at most ${draftRecordsMax} records and ${draftCharactersMax} characters`,
  });
}

function checkForDraft(checked: CheckedLine): CheckedLine {
  if (checked.kind === "refused") return checked;
  const { type, id, rev } = checked.record;
  const refused = (pointer: string, message: string): CheckedLine => ({
    kind: "refused",
    refusal: { code: "not_in_draft", pointer, message, type, id },
  });
  if (!draftTypes.some((known) => known === type)) {
    return refused("/type", `A draft holds records of the types ${draftTypes.join(", ")}`);
  }
  // The draft knows by itself which version a record is based on.
  return rev === undefined ? checked : refused("/rev", "A rev is the ERP's to give");
}

// A bound text may have 2 MB, and a character up to three bytes.
const charactersAStatement = 450_000;

function chunksOf(rows: readonly string[]): string[] {
  const chunks: string[][] = [];
  let size = charactersAStatement;
  for (const row of rows) {
    if (size + row.length > charactersAStatement) {
      chunks.push([]);
      size = 0;
    }
    chunks.at(-1)?.push(row);
    size += row.length + 1;
  }
  return chunks.map((chunk) => `[${chunk.join(",")}]`);
}
