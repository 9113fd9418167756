import { applyBatch } from "../ingest/apply-batch.ts";
import { leaseMilliseconds } from "../ingest/limits.ts";
import { guardReservation, isGuardFailure, release } from "../ingest/reservation.ts";
import { draftIdOf, findDraft, guardDraft, type DraftRow } from "./draft-log.ts";
import { demandAll, guardConflicts, judgeDraft, stageDraft } from "./judge-draft.ts";
import type { DraftRefusal } from "./refused-draft.ts";

export type DraftApplication =
  | { readonly kind: "applied"; readonly draft: DraftRow }
  | ({ readonly kind: "refused" } & DraftRefusal)
  /** Somebody changed the draft, or applied it. */
  | { readonly kind: "overtaken" };

interface ApplyOptions {
  readonly force: boolean;
  readonly confirmed: boolean;
  readonly now: number;
  readonly replaced: string | null;
}

const attemptsMax = 4;

/**
 * Makes all of a draft's records the catalogue's, as one batch, or none. That it was done is noted in the same
 * transaction, so that a draft is applied once at most.
 * @param force also over what others have changed since the records came into the draft
 * @param confirmed whether its snapshot goes live whatever the guard would say
 * @param replaced the snapshot that is live
 */
export async function applyDraft(
  db: D1Database,
  draft: DraftRow,
  options: ApplyOptions,
): Promise<DraftApplication> {
  const { force, now } = options;
  for (let attempt = 1; ; attempt++) {
    const { conflicts, problems } = await judgeDraft(db, draft.number, now);
    if (problems.length > 0 || (conflicts.length > 0 && !force)) {
      return { kind: "refused", conflicts: force ? [] : conflicts, problems };
    }
    try {
      await applyOnce(db, draft, options);
      const applied = await findDraft(db, draft.number);
      if (applied === undefined) throw new Error(`The draft ${draft.number} was applied and is not there`);
      return { kind: "applied", draft: applied };
    } catch (error) {
      if (!isGuardFailure(error)) throw error;
      const current = await findDraft(db, draft.number);
      if (current?.version !== draft.version) return { kind: "overtaken" };
      // Records came in between judging and applying: judge again.
      if (attempt === attemptsMax) throw error;
    }
  }
}

async function applyOnce(
  db: D1Database,
  draft: DraftRow,
  { force, confirmed, now, replaced }: ApplyOptions,
): Promise<void> {
  const { number } = draft;
  const row = await db
    .prepare(
      `INSERT INTO batches (key_id, target, state, lease_until, at)
       VALUES (?1, '', 'receiving', ?2, ?3) RETURNING number`,
    )
    .bind(`draft:${draftIdOf(number)}`, now + leaseMilliseconds, now)
    .first<{ number: number }>();
  if (row === null) throw new Error("A new batch gave no row");
  const batch = row.number;
  try {
    await applyBatch(db, batch, {
      now,
      ready: { kind: "draft", demands: [demandAll(db, batch)] },
      guards: [
        guardReservation(db, batch),
        guardDraft(db, draft),
        ...(force ? [] : [guardConflicts(db, number)]),
        stageDraft(db, batch, { draft: number, now }),
        db
          .prepare(
            `UPDATE drafts SET state = 'applied', version = version + 1, changed_at = ?2, publish_at = NULL,
               failure = NULL, forced = ?3, batch = ?4, snapshot = ?5, replaced = ?6, confirmed = ?7
             WHERE number = ?1`,
          )
          .bind(number, now, force ? 1 : 0, batch, crypto.randomUUID(), replaced, confirmed ? 1 : 0),
      ],
    });
  } catch (error) {
    await release(db, batch);
    throw error;
  }
}
