import * as z from "zod";
import type { Head } from "../../shared/snapshot/head.ts";
import type { ControlEnv } from "../env.ts";
import { findSnapshots, type SnapshotRow } from "../publish/snapshot-log.ts";
import { liveHead } from "./find-snapshots.ts";

export const snapshotStatus = z.enum(["compiling", "held", "live", "kept", "pruned", "failed"]);
export type SnapshotStatus = z.output<typeof snapshotStatus>;

export function statusOf(
  { id, status, liveAt, prunedAt }: SnapshotRow,
  head: Head | undefined,
): SnapshotStatus {
  if (head?.snapshot === id) return "live";
  if (prunedAt !== null) return "pruned";
  if (status !== "complete") return status;
  return liveAt === null ? "held" : "kept";
}

/** The status of each of the snapshots that there are. */
export async function statusesOf(
  ids: readonly string[],
  env: ControlEnv,
): Promise<ReadonlyMap<string, SnapshotStatus>> {
  if (ids.length === 0) return new Map();
  const rows = await findSnapshots(env.PUBLISHED, ids);
  const head = await liveHead(env);
  return new Map(rows.map((row) => [row.id, statusOf(row, head)]));
}
