import type { PublishState } from "./publish-state.ts";
import { copyToKv, readSegment, storedOf } from "./segment-store.ts";

// KV takes 1,000 operations an invocation, and a copy is a write and a read.
const copiesPerStep = 400;
// As many connections as a Worker may have open at once.
const copiesAtOnce = 6;

/** Copies some of the segments that are noted for it to KV; returns whether there are more. */
export async function copyStep(
  state: PublishState,
  { published, kv }: { readonly published: D1Database; readonly kv: KVNamespace },
): Promise<boolean> {
  const noted = state.outgoing(copiesPerStep);
  // One that was noted and then not written belongs to a step that failed. It may still be written, by an
  // isolate that was given the bucket and is slow.
  const stored = await storedOf(published, noted);
  const hashes = noted.filter((hash) => stored.has(hash));
  const late = noted.filter((hash) => !stored.has(hash));
  state.setAsideOutgoing(late, Date.now());
  for (let start = 0; start < hashes.length; start += copiesAtOnce) {
    const some = hashes.slice(start, start + copiesAtOnce);
    await Promise.all(some.map(async (hash) => copyToKv(kv, hash, await readSegment(published, hash))));
    state.removeOutgoing(some);
  }
  return noted.length === copiesPerStep;
}
