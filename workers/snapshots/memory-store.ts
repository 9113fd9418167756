import type { SegmentStore } from "./segment-store.ts";

/** Segments held in memory, for tests and tools. */
export function memoryStore(segments: ReadonlyMap<string, Uint8Array>): SegmentStore {
  return { name: "memory", get: (hash) => Promise.resolve(segments.get(hash)) };
}
