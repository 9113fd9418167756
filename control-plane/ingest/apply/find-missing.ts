import { referringTypes, treeTypes } from "../references.ts";

/** Deeper trees than this are not searched for a cycle. */
export const treeDepthMax = 50;

/**
 * Fills `missing` with a line's first reference to something that neither is stored, be it deleted since, nor
 * comes with this batch. A line that comes with the batch counts only if nothing is missing for it either, so
 * the order of lines plays no part.
 * @param decided SQL: the batch, or NULL if there is nothing to decide in it
 */
export function findMissing(db: D1Database, batch: number, decided: string): D1PreparedStatement[] {
  return [
    ...referringTypes.flatMap((type) =>
      [missingOf(type, decided), ...(isTree(type) ? [parentsArriving(decided)] : [])].map((statement) =>
        db.prepare(statement).bind(batch, type),
      ),
    ),
    db.prepare(refuseClosedChains(decided)).bind(batch),
  ];
}

function isTree(type: string): boolean {
  return treeTypes.some((tree) => tree === type);
}

/** Whether a record is stored or comes with the batch; both arguments are SQL. */
function known(type: string, id: string): string {
  return `(EXISTS (SELECT 1 FROM records AS r WHERE r.type = ${type} AND r.id = ${id})
    OR EXISTS (SELECT 1 FROM staged AS k WHERE k.batch = ?1 AND k.type = ${type} AND k.id = ${id} AND ${arrives("k")}))`;
}

/** Whether a line makes its record known: deleting what never was leaves no trace, unless it has a version. */
function arrives(line: string): string {
  return `${line}.missing IS NULL AND ${line}.code IS NULL AND (${line}.op = 'upsert' OR ${line}.rev_order IS NOT NULL)`;
}

function missingOf(type: (typeof referringTypes)[number], decided: string): string {
  if (type === "price") return missingOfPrices(decided);
  const inRefs = `(SELECT value FROM json_each(staged.refs)
    WHERE NOT ${known("value ->> 1", "value ->> 2")} ORDER BY key LIMIT 1)`;
  const parent = `CASE WHEN staged.parent IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM records AS r WHERE r.type = staged.type AND r.id = staged.parent)
    THEN json_array('/parent', staged.type, staged.parent) END`;
  return `UPDATE staged SET missing = coalesce(${inRefs}, ${isTree(type) ? parent : "NULL"})
    WHERE batch = ${decided} AND type = ?2 AND code IS NULL AND (refs IS NOT NULL OR parent IS NOT NULL)`;
}

const missingOfPrice = `CASE
    WHEN NOT ${known("'product'", "staged.sku")} THEN json_array('/sku', 'product', sku)
    WHEN list IS NOT NULL AND NOT ${known("'priceList'", "staged.list")} THEN json_array('/list', 'priceList', list)
    WHEN customer IS NOT NULL AND NOT ${known("'customer'", "staged.customer")}
      THEN json_array('/customer', 'customer', customer)
    WHEN group_id IS NOT NULL AND NOT ${known("'customerGroup'", "staged.group_id")}
      THEN json_array('/group', 'customerGroup', group_id)
  END`;

// Most prices miss nothing; leaving those rows alone saves writing them.
function missingOfPrices(decided: string): string {
  return `
    UPDATE staged SET missing = ${missingOfPrice}
    WHERE batch = ${decided} AND type = ?2 AND code IS NULL AND op = 'upsert' AND missing IS NOT ${missingOfPrice}`;
}

// From the records that arrive down to those that only lacked their parent, level by level.
function parentsArriving(decided: string): string {
  return `
    WITH RECURSIVE arriving (id) AS (
      SELECT id FROM staged WHERE batch = ?1 AND type = ?2 AND ${arrives("staged")}
      UNION
      SELECT child.id FROM arriving
      JOIN staged AS child ON child.batch = ?1 AND child.type = ?2 AND child.parent = arriving.id
      WHERE child.code IS NULL AND child.missing ->> 0 = '/parent'
    )
    UPDATE staged SET missing = NULL
    WHERE batch = ${decided} AND type = ?2 AND missing ->> 0 = '/parent' AND parent IN (SELECT id FROM arriving)`;
}

// New records that wait for each other in a circle would wait forever.
function refuseClosedChains(decided: string): string {
  return `
  WITH RECURSIVE chain (type, id, line, at, depth) AS (
    SELECT type, id, line, parent, 1 FROM staged INDEXED BY staged_by_parent
    WHERE batch = ${decided} AND parent IS NOT NULL AND code IS NULL AND missing ->> 0 = '/parent'
    UNION
    SELECT chain.type, chain.id, chain.line, above.parent, depth + 1 FROM chain
    JOIN staged AS above ON above.batch = ?1 AND above.type = chain.type AND above.id = chain.at
    WHERE above.code IS NULL AND above.missing ->> 0 = '/parent' AND chain.at <> chain.id AND depth < ${treeDepthMax}
  )
  UPDATE staged SET code = 'cycle', outcome = NULL, holds = NULL, pointer = '/parent', message = 'The record would be its own ancestor'
  FROM (SELECT DISTINCT type, id, line FROM chain WHERE at = id) AS closed
  WHERE staged.batch = ?1 AND staged.type = closed.type AND staged.id = closed.id AND staged.line = closed.line`;
}
