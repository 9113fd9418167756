import { log } from "../../shared/api/log.ts";
import type { SegmentStore } from "./segment-store.ts";

/** Asks one store after the other; one that fails is passed over, and only if none has the segment does it count. */
export function layeredStore(stores: readonly SegmentStore[]): SegmentStore {
  return {
    name: stores.map(({ name }) => name).join("+"),
    async get(hash) {
      let failure: { readonly error: unknown } | undefined;
      for (const store of stores) {
        try {
          const bytes = await store.get(hash);
          if (bytes !== undefined) return bytes;
        } catch (error) {
          failure = { error };
          log("segment_store_failed", { store: store.name, hash, error });
        }
      }
      if (failure !== undefined) throw failure.error;
      return undefined;
    },
  };
}
