import { treeDepthMax } from "./find-missing.ts";
import { treeTypes } from "../references.ts";

/** SQL: whether a line is the last applied one of its record, so that the record will be as it says. */
export function isLastApplied(line: string): string {
  return `${line}.outcome = 'applied' AND NOT EXISTS (SELECT 1 FROM staged AS later
    WHERE later.batch = ${line}.batch AND later.type = ${line}.type AND later.id = ${line}.id
    AND later.line > ${line}.line AND later.outcome = 'applied')`;
}

/** How often a batch is decided again without the lines that were refused as cycles. */
export const passesMax = 5;

/**
 * Refuses the lines that would make a record its own ancestor. What is stored has no cycle, and new records
 * wait for their parents; so each cycle holds a move: a record that is or could be known by another parent.
 * Only moves are refused. A refused record stays where it was, which may close another circle: hence several
 * passes. In the last one all that the batch says of parents in that type is refused, rather than a circle let
 * through.
 */
export function refuseCycles(db: D1Database, batch: number, pass: number): D1PreparedStatement {
  return db.prepare(refusal(pass === passesMax ? all : circling)).bind(batch, pass);
}

/** SQL: the batch, if this pass refused anything, so that it must be decided again; else NULL. */
export function refusedIn(pass: number): string {
  const types = treeTypes.map((type) => `'${type}'`).join(", ");
  // As what the rows' batch has to be it is found out once; as a condition beside that it is asked for every row.
  return `(SELECT ?1 WHERE EXISTS (SELECT 1 FROM staged AS refused WHERE refused.batch = ?1
    AND refused.type IN (${types}) AND refused.code = 'cycle' AND refused.holds = ${pass}))`;
}

const moves = `
  SELECT line.type, line.id, line.line, line.parent FROM staged AS line INDEXED BY staged_by_parent
  LEFT JOIN records AS stored ON stored.type = line.type AND stored.id = line.id AND stored.until IS NULL
  WHERE line.batch = ?1 AND line.parent IS NOT NULL AND ${isLastApplied("line")}
    AND CASE WHEN stored.id IS NOT NULL THEN line.parent IS NOT stored.parent ELSE EXISTS (
      SELECT 1 FROM staged AS other WHERE other.batch = ?1 AND other.type = line.type AND other.id = line.id
      AND other.line <> line.line AND other.code IS NULL AND other.missing IS NULL) END`;

const circling = "SELECT moved.type, moved.id, moved.line FROM moved JOIN closed USING (type, id)";
const all = `
  SELECT type, id, line FROM staged
  WHERE batch = ?1 AND parent IS NOT NULL AND code IS NULL AND type IN (SELECT type FROM closed)`;

// Who climbs without end either climbs into a circle of others, and is let go once that is refused, or stands
// in a tree that is too deep to be searched.
// A refused line holds nothing: the column then says which pass refused it.
function refusal(refused: string): string {
  return `
    WITH RECURSIVE moved AS (${moves}),
    climb (type, id, at, depth) AS (
      SELECT type, id, parent, 1 FROM moved
      UNION
      SELECT climb.type, climb.id, iif(line.line IS NULL, stored.parent, line.parent), depth + 1
      FROM climb
      LEFT JOIN staged AS line ON line.batch = ?1 AND line.type = climb.type AND line.id = climb.at
        AND ${isLastApplied("line")}
      LEFT JOIN records AS stored ON stored.type = climb.type AND stored.id = climb.at AND stored.until IS NULL
      WHERE climb.at IS NOT NULL AND climb.at <> climb.id AND depth < ${treeDepthMax}
    ),
    circles AS (SELECT DISTINCT type, id FROM climb WHERE at = id),
    closed AS (
      SELECT type, id FROM circles
      UNION
      SELECT type, id FROM climb WHERE depth = ${treeDepthMax} AND at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM circles)
    )
    UPDATE staged SET code = 'cycle', outcome = NULL, holds = ?2, pointer = '/parent',
      message = 'The record would be its own ancestor'
    FROM (${refused}) AS found
    WHERE staged.batch = ?1 AND staged.type = found.type AND staged.id = found.id AND staged.line = found.line`;
}
