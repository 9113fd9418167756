import { Problem } from "../../shared/api/problem.ts";
import { leaseMilliseconds } from "./limits.ts";

/** What makes a request the same as another. */
export interface RequestIdentity {
  /** The caller's key; two callers may use the same idempotency key. */
  readonly keyId: string;
  readonly idempotencyKey: string;
  /** What the records are sent to: empty, or a sweep. */
  readonly target: string;
}

export type Reservation =
  /** The request is to be carried out, as this batch. */
  | { readonly kind: "mine"; readonly batch: number }
  /** It was carried out before; whether it is the same shows when its digest is known. */
  | { readonly kind: "done"; readonly target: string; readonly digest: string; readonly answer: string };

interface Row {
  number: number;
  state: string;
  target: string;
  digest: string | null;
  answer: string | null;
  lease_until: number | null;
}

/**
 * Reserves an idempotency key for one request at a time. A request that stopped in the middle holds it until
 * its lease ends; the next one then gets a batch of its own, so that the two cannot mix their lines.
 */
export async function reserve(db: D1Database, identity: RequestIdentity, now: number): Promise<Reservation> {
  const { keyId, idempotencyKey, target } = identity;
  const [, inserted, found] = await db.batch<Row>([
    db
      .prepare(
        "DELETE FROM batches WHERE key_id = ?1 AND idempotency_key = ?2 AND state = 'receiving' AND lease_until <= ?3",
      )
      .bind(keyId, idempotencyKey, now),
    db
      .prepare(
        `INSERT INTO batches (key_id, idempotency_key, target, state, lease_until, at)
         VALUES (?1, ?2, ?3, 'receiving', ?4, ?5) ON CONFLICT DO NOTHING RETURNING *`,
      )
      .bind(keyId, idempotencyKey, target, now + leaseMilliseconds, now),
    db
      .prepare("SELECT * FROM batches WHERE key_id = ?1 AND idempotency_key = ?2")
      .bind(keyId, idempotencyKey),
  ]);
  const mine = inserted?.results[0];
  if (mine !== undefined) return { kind: "mine", batch: mine.number };
  const other = found?.results[0];
  if (other === undefined) throw new Error("An idempotency key was neither free nor taken");
  if (other.digest === null || other.answer === null) throw inFlight();
  return { kind: "done", target: other.target, digest: other.digest, answer: other.answer };
}

export function inFlight(): Problem {
  return new Problem("idempotency_in_flight", { headers: { "Retry-After": "2" } });
}

/** Frees the key of a request that was refused or failed, and forgets what it brought. */
export async function release(db: D1Database, batch: number): Promise<void> {
  await db.batch([
    db.prepare("DELETE FROM batches WHERE number = ?1 AND state = 'receiving'").bind(batch),
    db.prepare("DELETE FROM staged WHERE batch = ?1").bind(batch),
  ]);
}

const takenOver = "NOT NULL constraint failed: batches.state";

/** Fails a transaction if the batch lost its reservation meanwhile. */
export function guardReservation(db: D1Database, batch: number): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO batches (key_id, target, state, at) SELECT '', '', NULL, 0
       WHERE NOT EXISTS (SELECT 1 FROM batches WHERE number = ?1 AND state = 'receiving')`,
    )
    .bind(batch);
}

export function isGuardFailure(error: unknown): boolean {
  return error instanceof Error && error.message.includes(takenOver);
}
