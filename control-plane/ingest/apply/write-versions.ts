import { isLastApplied } from "./refuse-cycles.ts";

/**
 * Takes the next sequence if anything changes, closes the versions that end with it and writes the new ones.
 * A record that several lines changed and changed back gets no version.
 */
export function writeVersions(db: D1Database, batch: number): D1PreparedStatement[] {
  return [
    db
      .prepare(`UPDATE catalog_state SET sequence = sequence + 1 WHERE EXISTS (SELECT 1 ${changes})`)
      .bind(batch),
    db.prepare(insertNew).bind(batch),
    db.prepare(closeOld),
    db.prepare(raiseRevs).bind(batch),
  ];
}

/** SQL: the lines that make a version, each with what is stored. */
export const changes = `
  FROM staged AS line
  LEFT JOIN records AS stored ON stored.type = line.type AND stored.id = line.id AND stored.until IS NULL
  WHERE line.batch = ?1 AND ${isLastApplied("line")} AND line.body IS NOT stored.body`;

/** SQL: a column of the last earlier line of the same record that brought a rev. */
function earlier(column: string): string {
  return `(SELECT before.${column} FROM staged AS before
    WHERE before.batch = line.batch AND before.type = line.type AND before.id = line.id
    AND before.line < line.line AND before.rev_order IS NOT NULL AND before.outcome IN ('applied', 'unchanged')
    ORDER BY before.line DESC LIMIT 1)`;
}

// A line without a rev claims to be the newest and leaves the rev as it was.
const insertNew = `
  INSERT INTO records (type, id, since, deleted, rev, rev_order, body, sku, list, customer, group_id, parent)
  SELECT line.type, line.id, (SELECT sequence FROM catalog_state), line.op = 'delete',
    coalesce(line.rev, ${earlier("rev")}, stored.rev),
    coalesce(line.rev_order, ${earlier("rev_order")}, stored.rev_order),
    line.body, line.sku, line.list, line.customer, line.group_id, line.parent
  ${changes}`;

// Where nothing is older, as on a first load, there is no sequence whose versions could follow others.
const closeOld = `
  UPDATE records SET until = fresh.since
  FROM (SELECT type, id, since FROM records WHERE since = (SELECT sequence FROM catalog_state
    WHERE (SELECT min(since) FROM records) < sequence)) AS fresh
  WHERE records.type = fresh.type AND records.id = fresh.id AND records.until IS NULL AND records.since < fresh.since`;

// The same content with a newer rev is no new version: the rev is raised in place.
const raiseRevs = `
  UPDATE records SET rev = line.rev, rev_order = line.rev_order
  FROM staged AS line
  WHERE line.batch = ?1 AND line.rev_order IS NOT NULL AND line.outcome IN ('applied', 'unchanged')
    AND NOT EXISTS (SELECT 1 FROM staged AS later
      WHERE later.batch = line.batch AND later.type = line.type AND later.id = line.id AND later.line > line.line
      AND later.rev_order IS NOT NULL AND later.outcome IN ('applied', 'unchanged'))
    AND records.type = line.type AND records.id = line.id AND records.until IS NULL
    AND (records.rev_order IS NULL OR records.rev_order < line.rev_order)`;
