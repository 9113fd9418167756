import { log } from "../../shared/api/log.ts";
import type { ControlEnv } from "../env.ts";
import { draftIdOf } from "./draft-log.ts";

const draftsAtOnce = 100;

/** Sees to the drafts whose time has come, or which stopped halfway, should their alarms have been lost. */
export async function wakeDrafts({ CATALOG, DRAFTS }: ControlEnv, now: number): Promise<void> {
  const { results } = await CATALOG.prepare(
    `SELECT number FROM drafts INDEXED BY drafts_underway
     WHERE state IN ('scheduled', 'applied') AND (publish_at IS NULL OR publish_at <= ?1) LIMIT ${draftsAtOnce}`,
  )
    .bind(now)
    .all<{ number: number }>();
  for (const { number } of results) {
    try {
      await DRAFTS.getByName(draftIdOf(number)).goOn(number);
    } catch (error) {
      log("draft_not_woken", { draft: draftIdOf(number), error });
    }
  }
}
