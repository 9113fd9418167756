/** SQL: whether a line was refused, before or after it was judged. */
export const isInvalid = "(code IS NOT NULL OR outcome IN ('version_conflict', 'rev_kind_mismatch'))";

/** SQL: what is reported of a line that was refused or is parked. */
export const reported = {
  code: "iif(outcome = 'parked', 'unresolved', coalesce(code, outcome))",
  pointer: `CASE outcome WHEN 'parked' THEN missing ->> 0 WHEN 'version_conflict' THEN '/rev'
    WHEN 'rev_kind_mismatch' THEN '/rev' ELSE pointer END`,
  message: `CASE outcome
    WHEN 'parked' THEN 'There is no ' || (missing ->> 1) || ' ' || (missing ->> 2) || ' yet'
    WHEN 'version_conflict' THEN 'The same rev came before with other content'
    WHEN 'rev_kind_mismatch' THEN 'The record has revs of the other kind: integers or instants'
    ELSE message END`,
};

/** Parks what waits, and lists what was refused or is parked under the batch and line in which it came. */
export function keepProblems(db: D1Database, batch: number): D1PreparedStatement[] {
  return [park, list("invalid", isInvalid), list("parked", `outcome = 'parked' AND ${isHeld}`)].map(
    (statement) => db.prepare(statement).bind(batch),
  );
}

/** The same for lines that are not judged yet. */
export function listInvalid(db: D1Database, batch: number): D1PreparedStatement[] {
  return [db.prepare(list("invalid", isInvalid)).bind(batch)];
}

// The last line of a record says which line is parked in the end.
const isHeld = `line = (SELECT last.holds FROM staged AS last
  WHERE last.batch = staged.batch AND last.type = staged.type AND last.id = staged.id AND last.code IS NULL
  ORDER BY last.line DESC LIMIT 1)`;

const columns = `type, id, origin, origin_line, received_at, rev, rev_order, body, sku, list, customer, group_id,
  parent, refs`;

const park = `
  INSERT INTO parked (waits_type, waits_id, ${columns})
  SELECT missing ->> 1, missing ->> 2, ${columns} FROM staged
  WHERE batch = ?1 AND outcome = 'parked' AND ${isHeld}`;

function list(state: "invalid" | "parked", which: string): string {
  return `
    INSERT INTO problems (batch, line, state, type, id, code, pointer, message, at)
    SELECT origin, origin_line, '${state}', nullif(type, ''), nullif(id, ''),
      ${reported.code}, ${reported.pointer}, ${reported.message}, received_at
    FROM staged WHERE batch = ?1 AND ${which}`;
}
