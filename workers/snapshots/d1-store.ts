import { contentHash } from "../../shared/snapshot/hash.ts";
import { bytesOfParts, selectParts, type PartRow } from "../../shared/snapshot/parts.ts";
import type { SegmentStore } from "./segment-store.ts";

/** The store of record: it has every segment of every kept snapshot. */
export function d1Store(database: D1Database): SegmentStore {
  return {
    name: "d1",
    async get(hash) {
      const { results } = await database.prepare(selectParts).bind(hash).all<PartRow>();
      const bytes = bytesOfParts(results);
      return contentHash(bytes) === hash ? bytes : undefined;
    },
  };
}
