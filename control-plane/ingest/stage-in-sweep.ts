import { stagedAnswer } from "./apply/answer.ts";
import { listInvalid } from "./apply/keep-problems.ts";
import { guardReservation } from "./reservation.ts";
import { guardOpenSweep, type Sweep } from "./sweep.ts";

// Lines of all requests of a sweep stand in one order: by request, then by line.
const linesARequestMax = 10 ** 9;

/** Hands the good lines of a request over to a sweep; they take effect when it is committed. */
export async function stageInSweep(
  db: D1Database,
  batch: number,
  { sweep, digest, now }: { sweep: Sweep; digest: string; now: number },
): Promise<string> {
  const results = await db.batch<{ answer: string }>([
    guardReservation(db, batch),
    guardOpenSweep(db, sweep.batch, now),
    ...listInvalid(db, batch),
    db
      .prepare(
        `UPDATE batches SET state = 'staged', lease_until = NULL, digest = ?2, answer = ${stagedAnswer}
         WHERE number = ?1`,
      )
      .bind(batch, digest),
    db
      .prepare("UPDATE staged SET batch = ?2, line = ?1 * ?3 + line WHERE batch = ?1 AND code IS NULL")
      .bind(batch, sweep.batch, linesARequestMax),
    db.prepare("DELETE FROM staged WHERE batch = ?1").bind(batch),
    db.prepare("SELECT answer FROM batches WHERE number = ?1").bind(batch),
  ]);
  const answer = results.at(-1)?.results[0]?.answer;
  if (answer === undefined) throw new Error(`Batch ${batch} was staged without an answer`);
  return answer;
}
