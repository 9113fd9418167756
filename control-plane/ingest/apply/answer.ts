import { problemsInAnswerMax } from "../limits.ts";
import { isInvalid, reported } from "./keep-problems.ts";

/** SQL: a problem as the answer shows it; those of a sweep name the batch in which they came. */
function problem(withBatch: boolean): string {
  const members = `'line', origin_line, 'type', nullif(type, ''), 'id', nullif(id, ''),
    'code', ${reported.code}, 'pointer', ${reported.pointer}, 'message', ${reported.message}`;
  // A patch leaves out the members that are null.
  return `json_patch('{}', json_object(${withBatch ? "'batch', 'b' || origin, " : ""}${members}))`;
}

function problems(withBatch: boolean): string {
  return `(SELECT json_group_array(json(problem)) FROM (
    SELECT ${problem(withBatch)} AS problem FROM staged
    WHERE batch = ?1 AND line > 0 AND (outcome = 'parked' OR ${isInvalid})
    ORDER BY line LIMIT ${problemsInAnswerMax}))`;
}

const count = (which: string) => `count(*) FILTER (WHERE line > 0 AND ${which})`;
const is = (outcome: string) => count(`outcome = '${outcome}'`);
const problemCount = count(`(outcome = 'parked' OR ${isInvalid})`);

/** SQL: a counted batch's answer; what it has beside the contract's members comes last. */
function answer(options: { withBatch: boolean; more?: string; moreCounts?: string }): string {
  const { withBatch, more = "", moreCounts = "" } = options;
  return `(SELECT json_object(
      'batch', 'b' || CAST(?1 AS INTEGER),
      'sequence', (SELECT sequence FROM catalog_state),
      'received', ${count("TRUE")},
      'counts', json_object('applied', ${is("applied")}, 'unchanged', ${is("unchanged")}, 'stale', ${is("stale")},
        'invalid', ${count(isInvalid)}, 'parked', ${is("parked")}${moreCounts}),
      'problems', json(${problems(withBatch)}),
      'problemsTruncated', json(iif(${problemCount} > ${problemsInAnswerMax}, 'true', 'false')),
      'released', count(*) FILTER (WHERE line = -1 AND outcome IN ('applied', 'unchanged'))
      ${more}
    ) FROM staged WHERE batch = ?1)`;
}

// In the transaction that applies the batch, so that a repeated request finds the answer whenever it finds the effect.
export const applyAnswer = answer({ withBatch: false });
export const sweepAnswer = answer({
  withBatch: true,
  more: ", 'deleted', count(*) FILTER (WHERE line = 0 AND outcome = 'applied')",
});
/** Of a request to a sweep: its good lines are counted as staged. */
export const stagedAnswer = answer({ withBatch: false, moreCounts: `, 'staged', ${count("code IS NULL")}` });
