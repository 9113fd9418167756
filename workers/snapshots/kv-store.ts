import { contentHash } from "../../shared/snapshot/hash.ts";
import { segmentKey } from "../../shared/snapshot/keys.ts";
import type { SegmentStore } from "./segment-store.ts";

// A segment's bytes never change, so KV may keep them at the edge for as long as it likes.
const cacheTtlSeconds = 86_400;

/** The fast copy. It may not have a segment yet that was written a moment ago. */
export function kvStore(kv: KVNamespace): SegmentStore {
  return {
    name: "kv",
    async get(hash) {
      const buffer = await kv.get(segmentKey(hash), { type: "arrayBuffer", cacheTtl: cacheTtlSeconds });
      if (buffer === null) return undefined;
      const bytes = new Uint8Array(buffer);
      return contentHash(bytes) === hash ? bytes : undefined;
    },
  };
}
