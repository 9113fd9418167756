import { answerKeptMilliseconds } from "./limits.ts";

/**
 * Removes what requests left behind that stopped in the middle, what was sent to sweeps that ended without a
 * commit, and answers that nobody asks for any more. It is safe at any time: a request that lost its
 * reservation here fails when it comes to apply its lines.
 */
export async function tidy(db: D1Database, now: number): Promise<void> {
  await db.batch([
    db.prepare("DELETE FROM batches WHERE state = 'receiving' AND lease_until <= ?1").bind(now),
    db.prepare(forgetStaged).bind(now),
    db
      .prepare(
        `UPDATE batches SET idempotency_key = NULL, digest = NULL, answer = NULL
         WHERE at < ?1 AND idempotency_key IS NOT NULL`,
      )
      .bind(now - answerKeptMilliseconds),
  ]);
}

// Steps from batch to batch, rather than through all of their lines.
const forgetStaged = `
  WITH RECURSIVE held (batch) AS (
    SELECT min(batch) FROM staged
    UNION ALL
    SELECT (SELECT min(batch) FROM staged WHERE batch > held.batch) FROM held WHERE held.batch IS NOT NULL
  )
  DELETE FROM staged WHERE batch IN (
    SELECT batch FROM held
    WHERE NOT EXISTS (SELECT 1 FROM batches WHERE number = held.batch AND state = 'receiving')
      AND NOT EXISTS (SELECT 1 FROM sweeps WHERE sweeps.batch = held.batch AND state = 'open' AND expires_at > ?1)
  )`;
