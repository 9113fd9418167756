import { contentHash } from "../../shared/snapshot/hash.ts";
import type { SegmentStore } from "./segment-store.ts";

/** The store of record: it has every segment of every kept snapshot. */
export function d1Store(database: D1Database): SegmentStore {
  return {
    name: "d1",
    async get(hash) {
      const row = await database
        .prepare("SELECT bytes FROM segments WHERE hash = ?1")
        .bind(hash)
        .first<{ bytes: number[] }>();
      if (row === null) return undefined;
      const bytes = new Uint8Array(row.bytes);
      return contentHash(bytes) === hash ? bytes : undefined;
    },
  };
}
