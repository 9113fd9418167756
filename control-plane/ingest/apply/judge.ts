/**
 * Gives each line of a batch its outcome, as if the lines of one record were applied one after another: the
 * first against what is stored, each further one against what the lines before it left.
 * @param options `decided` is SQL: the batch, or NULL if there is nothing to decide in it
 */
export function judge(
  db: D1Database,
  batch: number,
  { openedSequence, decided }: { openedSequence: number | null; decided: string },
): D1PreparedStatement[] {
  return [judgementOfOne(decided), judgementOfSeveral(decided)].map((statement) =>
    db.prepare(statement).bind(batch, openedSequence),
  );
}

/** What is true of one record when a line comes; each member is SQL. */
interface State {
  /** Of what is stored: NULL if nothing is, or if it came without a rev. */
  readonly revOrder: string;
  /** Of what is stored: empty if deleted, NULL if there never was such a record. */
  readonly body: string;
  /** The sequence in which what is stored was applied; NULL if that is this batch's. */
  readonly since: string;
  readonly parkedOrder: string;
  readonly parkedLine: string;
}

const stored: State = {
  revOrder: "stored.rev_order",
  body: "stored.body",
  since: "stored.since",
  parkedOrder: "NULL",
  parkedLine: "NULL",
};

const left: State = {
  revOrder: "judged.rev_order",
  body: "judged.body",
  since: "judged.since",
  parkedOrder: "judged.parked_order",
  parkedLine: "judged.parked_line",
};

function outcome(state: State): string {
  return `CASE
    WHEN substr(line.rev_order, 1, 1) <> substr(${state.revOrder}, 1, 1) THEN 'rev_kind_mismatch'
    WHEN line.rev_order < ${state.revOrder} THEN 'stale'
    WHEN line.rev_order = ${state.revOrder}
      THEN iif(line.body = ${state.body}, 'unchanged', 'version_conflict')
    WHEN line.missing IS NOT NULL THEN iif(${olderThanParked(state)}, 'stale', 'parked')
    WHEN line.body = ${state.body} THEN 'unchanged'
    WHEN ${state.body} IS NULL AND line.op = 'delete' AND line.rev_order IS NULL THEN 'unchanged'
    WHEN ${state.since} > ?2 AND (line.rev_order IS NULL OR ${state.revOrder} IS NULL) THEN 'stale'
    ELSE 'applied'
  END`;
}

function olderThanParked(state: State): string {
  return `coalesce(line.rev_order < ${state.parkedOrder}
    AND substr(line.rev_order, 1, 1) = substr(${state.parkedOrder}, 1, 1), 0)`;
}

/** Whether a line that changes or confirms what is stored leaves the parked record waiting. */
function keepsParked(state: State): string {
  return `(${olderThanParked(state)} OR coalesce(line.rev_order = ${state.revOrder}, 0))`;
}

// SQL cannot name a column within its own select list, so the outcome stands wherever it is needed.
function after(state: State): string {
  const is = outcome(state);
  return `
    line.type, line.id, line.line, ${is},
    iif(${is} IN ('applied', 'unchanged'), coalesce(line.rev_order, ${state.revOrder}), ${state.revOrder}),
    iif(${is} = 'applied', line.body, ${state.body}),
    iif(${is} = 'applied', NULL, ${state.since}),
    CASE ${is}
      WHEN 'parked' THEN line.rev_order
      WHEN 'applied' THEN iif(${keepsParked(state)}, ${state.parkedOrder}, NULL)
      WHEN 'unchanged' THEN iif(${keepsParked(state)}, ${state.parkedOrder}, NULL)
      ELSE ${state.parkedOrder} END,
    CASE ${is}
      WHEN 'parked' THEN line.line
      WHEN 'applied' THEN iif(${keepsParked(state)}, ${state.parkedLine}, NULL)
      WHEN 'unchanged' THEN iif(${keepsParked(state)}, ${state.parkedLine}, NULL)
      ELSE ${state.parkedLine} END`;
}

// Nearly all records have one line, and nothing has to be handed on from it.
function judgementOfOne(decided: string): string {
  return `
    UPDATE staged AS line SET (outcome, holds) = (
      SELECT outcome, iif(outcome = 'parked', line.line, NULL) FROM (
        SELECT ${outcome(stored)} AS outcome FROM (SELECT 1)
        LEFT JOIN records AS stored ON stored.type = line.type AND stored.id = line.id AND stored.until IS NULL))
    WHERE line.batch = ${decided} AND line.code IS NULL
      AND NOT EXISTS (SELECT 1 FROM staged AS other WHERE other.batch = line.batch AND other.type = line.type
        AND other.id = line.id AND other.line <> line.line AND other.code IS NULL)`;
}

function judgementOfSeveral(decided: string): string {
  return `
    WITH RECURSIVE judged (type, id, line, outcome, rev_order, body, since, parked_order, parked_line) AS (
      SELECT ${after(stored)}
      FROM (SELECT type, id, min(line) AS line FROM staged
        WHERE batch = ${decided} AND code IS NULL GROUP BY type, id HAVING count(*) > 1) AS first
      CROSS JOIN staged AS line ON line.batch = ?1 AND line.type = first.type AND line.id = first.id
        AND line.line = first.line
      LEFT JOIN records AS stored ON stored.type = line.type AND stored.id = line.id AND stored.until IS NULL
      UNION ALL
      SELECT ${after(left)}
      FROM judged
      CROSS JOIN staged AS line ON line.batch = ?1 AND line.type = judged.type AND line.id = judged.id
        AND line.line = (SELECT min(next.line) FROM staged AS next WHERE next.batch = ?1
          AND next.type = judged.type AND next.id = judged.id AND next.code IS NULL AND next.line > judged.line)
    )
    UPDATE staged SET outcome = judged.outcome, holds = judged.parked_line
    FROM judged
    WHERE staged.batch = ?1 AND staged.type = judged.type AND staged.id = judged.id AND staged.line = judged.line`;
}
