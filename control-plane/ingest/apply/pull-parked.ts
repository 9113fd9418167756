import { parkedMilliseconds } from "../limits.ts";

const content = "rev, rev_order, body, sku, list, customer, group_id, parent, refs";

/**
 * Parked records join the batch as line -1, before its own lines: those that the batch has a line for, and
 * those that wait for something in the batch, also over several steps. What then still waits is parked again.
 */
export function pullParked(db: D1Database, batch: number, now: number): D1PreparedStatement[] {
  return [
    ...expireParked(db, now),
    joinParked(db, batch),
    db
      .prepare(
        `DELETE FROM problems WHERE state = 'parked' AND (batch, line) IN
           (SELECT origin, origin_line FROM staged WHERE batch = ?1 AND line = -1)`,
      )
      .bind(batch),
    db
      .prepare(
        "DELETE FROM parked WHERE (type, id) IN (SELECT type, id FROM staged WHERE batch = ?1 AND line = -1)",
      )
      .bind(batch),
  ];
}

/** Only lets them join, and takes nothing away: for seeing what a batch would do. */
export function joinParked(db: D1Database, batch: number): D1PreparedStatement {
  return db
    .prepare(
      `WITH RECURSIVE pulled (type, id) AS (
         SELECT type, id FROM staged WHERE batch = ?1 AND code IS NULL AND EXISTS (SELECT 1 FROM parked)
         UNION
         SELECT parked.type, parked.id FROM pulled
         JOIN parked ON parked.waits_type = pulled.type AND parked.waits_id = pulled.id
       )
       INSERT INTO staged (batch, type, id, line, op, origin, origin_line, received_at, ${content})
       SELECT ?1, type, id, -1, 'upsert', origin, origin_line, received_at, ${content}
       FROM pulled CROSS JOIN parked USING (type, id)`,
    )
    .bind(batch);
}

function expireParked(db: D1Database, now: number): D1PreparedStatement[] {
  const before = now - parkedMilliseconds;
  return [
    db
      .prepare(
        `UPDATE problems SET state = 'invalid', message = 'What the record refers to did not come within 48 hours'
         WHERE state = 'parked' AND (batch, line) IN
           (SELECT origin, origin_line FROM parked WHERE received_at < ?1)`,
      )
      .bind(before),
    db.prepare("DELETE FROM parked WHERE received_at < ?1").bind(before),
  ];
}
