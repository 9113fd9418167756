import { Problem } from "../../shared/api/problem.ts";
import type { Head } from "../../shared/snapshot/head.ts";
import type { ControlEnv } from "../env.ts";
import { headName } from "../head-object.ts";
import { findSnapshot, type SnapshotRow } from "../publish/snapshot-log.ts";

const waitMilliseconds = 25_000;
const pollMilliseconds = 25;

/** @throws {Problem} `not_found` */
export async function findRow(snapshotId: string, env: ControlEnv): Promise<SnapshotRow> {
  const row = await findSnapshot(env.PUBLISHED, snapshotId);
  if (row === undefined) throw new Problem("not_found");
  return row;
}

/** The snapshot when it is made or has failed, or as far as it is after 25 seconds. */
export async function settled(snapshotId: string, env: ControlEnv): Promise<SnapshotRow> {
  const until = Date.now() + waitMilliseconds;
  for (;;) {
    const row = await findRow(snapshotId, env);
    if (row.status !== "compiling" || Date.now() > until) return row;
    await scheduler.wait(pollMilliseconds);
  }
}

export async function liveHead(env: ControlEnv): Promise<Head | undefined> {
  return (await env.HEAD.getByName(headName).current()) ?? undefined;
}
