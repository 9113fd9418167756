import type { EdgeEnv } from "../../../workers/env.ts";
import type { Head } from "../../../shared/snapshot/head.ts";
import { headKey, manifestKey, segmentKey } from "../../../shared/snapshot/keys.ts";

/** What the Worker is given: a snapshot, and the only key that there is. */
export interface Bindings {
  readonly SNAPSHOT: SnapshotIndex;
  readonly SEGMENTS: ArrayBuffer;
}

export interface SnapshotIndex {
  readonly head: Head;
  readonly keyHash: string;
  readonly segments: readonly (readonly [hash: string, start: number, end: number])[];
}

/**
 * The edge's bindings, answered from memory: workerd by itself has no KV, D1 or Durable Object. They are asked as
 * often as the real ones would be, the head once a second and the caller's key every five.
 */
export function standIns({ SNAPSHOT, SEGMENTS }: Bindings): EdgeEnv {
  const { head, keyHash, segments } = SNAPSHOT;
  const values = new Map(
    segments.map(([hash, start, end]) => [segmentKey(hash), () => SEGMENTS.slice(start, end)] as const),
  );
  const manifest = values.get(segmentKey(head.manifest));
  if (manifest !== undefined) values.set(manifestKey, manifest);
  const kv = {
    get: (key: string) =>
      Promise.resolve(key === headKey ? structuredClone(head) : (values.get(key)?.() ?? null)),
  };
  const keyRow = { id: "bench", role: "storefront", customers: null };
  const d1 = {
    prepare: () => ({
      bind: (hash: string) => ({ first: () => Promise.resolve(hash === keyHash ? keyRow : null) }),
    }),
  };
  return {
    SNAPSHOTS: kv as unknown as KVNamespace, // As much of it as the edge uses.
    PUBLISHED: d1 as unknown as D1Database,
    HEAD: { getByName: () => ({ current: () => Promise.resolve(head) }) },
    EXPLAINER: { explain: () => Promise.reject(new Error("Nothing is explained here")) },
    ...withoutQuotes,
    SIGNING_SECRET: "a secret of the benchmarks, 32 characters at least",
    HEAD_AGE_MAX_SECONDS: "300",
  };
}

// A price has nothing to do with quotes.
const withoutQuotes = {} as Pick<EdgeEnv, "DESK" | "QUOTES" | "INBOXES">;
