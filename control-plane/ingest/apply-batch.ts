import { applyAnswer, sweepAnswer } from "./apply/answer.ts";
import { decide } from "./apply/decide.ts";
import { keepProblems } from "./apply/keep-problems.ts";
import { pullParked } from "./apply/pull-parked.ts";
import { writeVersions } from "./apply/write-versions.ts";

/** What a batch came to. */
export interface Applied {
  /** The body of the answer, as it is repeated to whoever sends the same again. */
  readonly answer: string;
  /** The sequence that the batch made, or undefined if it changed nothing. */
  readonly sequence: number | undefined;
}

export type Ready =
  | { readonly kind: "request"; readonly digest: string }
  /** `demands` fail the transaction if what was decided is not as it must be. */
  | { readonly kind: "draft"; readonly demands: readonly D1PreparedStatement[] }
  /** `deletions` adds to the staged lines what the sweep takes away. */
  | {
      readonly kind: "sweep";
      readonly openedSequence: number;
      readonly deletions: readonly D1PreparedStatement[];
    };

/**
 * Applies the staged lines of a batch in one transaction: all of it happens, or nothing. The outcome of a line
 * is decided within it, so a batch that is applied at the same time comes wholly before or wholly after.
 * `guards` fail the transaction if the batch must not be applied any more.
 */
export async function applyBatch(
  db: D1Database,
  batch: number,
  options: { now: number; ready: Ready; guards: readonly D1PreparedStatement[] },
): Promise<Applied> {
  const { now, ready, guards } = options;
  const isSweep = ready.kind === "sweep";
  const results = await db.batch<{ sequence: number; answer: string }>([
    db.prepare("SELECT sequence, '' AS answer FROM catalog_state"),
    ...guards,
    ...(isSweep ? ready.deletions : []),
    ...pullParked(db, batch, now),
    ...decide(db, batch, isSweep ? ready.openedSequence : null),
    ...(ready.kind === "draft" ? ready.demands : []),
    ...writeVersions(db, batch),
    ...keepProblems(db, batch),
    db
      .prepare(
        `UPDATE batches SET state = 'applied', lease_until = NULL, digest = ?2,
           sequence = (SELECT sequence FROM catalog_state), answer = ${isSweep ? sweepAnswer : applyAnswer}
         WHERE number = ?1`,
      )
      .bind(batch, ready.kind === "request" ? ready.digest : null),
    db.prepare("DELETE FROM staged WHERE batch = ?1").bind(batch),
    db.prepare("SELECT sequence, answer FROM batches WHERE number = ?1").bind(batch),
  ]);
  const before = results[0]?.results[0];
  const after = results.at(-1)?.results[0];
  if (before === undefined || after === undefined)
    throw new Error(`Batch ${batch} was applied without an answer`);
  return { answer: after.answer, sequence: after.sequence === before.sequence ? undefined : after.sequence };
}
