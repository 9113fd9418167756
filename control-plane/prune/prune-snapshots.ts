import type { Head } from "../../shared/snapshot/head.ts";

/** What decides which snapshots are kept. */
export interface KeepWhat {
  readonly live: Head;
  /** The snapshots that were live within the retention, and those of the last heads. */
  readonly ofHeads: readonly string[];
  /** The beginning of the retention, RFC 3339. What was made since is kept, whatever it is. */
  readonly since: string;
  /** RFC 3339. */
  readonly now: string;
}

/**
 * Notes of the snapshots that nothing keeps that they are pruned: from then on they can't be activated or compared,
 * and their segments may go. Kept are also those that are pinned, and those that are held while nothing newer has been
 * live. One statement, so that a pin is there before it or sees it done.
 * @returns how many
 */
export async function pruneSnapshots(
  published: D1Database,
  { live, ofHeads, since, now }: KeepWhat,
): Promise<number> {
  const { meta } = await published
    .prepare(
      `UPDATE snapshots SET pruned_at = ?1
        WHERE status = 'complete' AND pruned_at IS NULL AND created_at < ?2
          AND id NOT IN (SELECT value FROM json_each(?3))
          AND NOT (live_at IS NULL AND sequence > ?4)
          AND NOT EXISTS (
            SELECT 1 FROM pins
             WHERE pins.snapshot = snapshots.id AND (until IS NULL OR julianday(until) > julianday(?1)))`,
    )
    .bind(now, since, JSON.stringify([live.snapshot, ...ofHeads]), live.through)
    .run();
  return meta.changes;
}

/** The manifests of the snapshots that are kept. */
export async function keptManifests(published: D1Database): Promise<readonly string[]> {
  const { results } = await published
    .prepare("SELECT DISTINCT manifest FROM snapshots WHERE manifest IS NOT NULL AND pruned_at IS NULL")
    .all<{ manifest: string }>();
  return results.map(({ manifest }) => manifest);
}
