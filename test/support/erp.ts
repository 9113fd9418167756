import { expect } from "vitest";
import type { Planes } from "./planes.ts";

/** What a batch's answer says. */
export interface Batch {
  readonly batch: string;
  readonly sequence: number;
  readonly token: string;
  readonly received: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly problems: readonly { readonly line: number; readonly code: string }[];
}

let pushes = 0;

/** Pushes records as the ERP does, and expects that none is refused. */
export async function push({ control, keys }: Planes, records: readonly object[] | string): Promise<Batch> {
  const response = await control.fetch("/v1/erp/records", {
    method: "POST",
    headers: {
      Authorization: `Bearer ${keys.erp.key}`,
      "Content-Type": "application/x-ndjson",
      "Idempotency-Key": `push-${++pushes}`,
    },
    body: typeof records === "string" ? records : records.map((record) => JSON.stringify(record)).join("\n"),
  });
  const batch = await response.json<Batch>();
  expect([response.status, batch.problems]).toEqual([200, []]);
  return batch;
}

/** What is told of a snapshot. */
export interface Published {
  readonly id: string;
  readonly sequence: number;
  readonly status: string;
  readonly token: string;
  readonly buckets: { readonly total: number; readonly compiled: number; readonly reused: number };
  readonly segments: { readonly written: number; readonly reused: number };
}

/** Publishes the records as they are, and waits until they are live. */
export async function publish({ control, keys }: Planes): Promise<Published> {
  const response = await control.fetch("/v1/snapshots", {
    method: "POST",
    headers: { Authorization: `Bearer ${keys.manager.key}`, "Content-Type": "application/json" },
    body: JSON.stringify({ wait: true }),
  });
  const snapshot = await response.json<Published>();
  expect([response.status, snapshot.status]).toEqual([201, "live"]);
  return snapshot;
}
