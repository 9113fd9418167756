import { log } from "../../shared/api/log.ts";
import { judgeSome, type Judging } from "../guard/judge-run.ts";
import { openSnapshot } from "./published-snapshot.ts";
import { readSegment, SegmentDamaged } from "./segment-store.ts";

// A read is one query, and D1 takes 1,000 of them an invocation. A unit that begins when there is just time may read
// several hundred more: the pages of its products, and what their prices are compared with.
const readsPerStep = 180;

/**
 * Goes on with judging a snapshot, as far as one step may go.
 * @param manifest the snapshot's own
 * @param until when the step's time is over, in milliseconds since 1970
 */
export async function judgeStep(
  judging: Judging,
  manifest: string,
  { published, until }: { readonly published: D1Database; readonly until: number },
): Promise<Judging> {
  let reads = 0;
  const bytesOf = (hash: string) => {
    reads++;
    return readSegment(published, hash);
  };
  const hasTime = () => reads < readsPerStep && Date.now() < until;
  const after = await openSnapshot(bytesOf, manifest);
  try {
    const before = await openSnapshot((hash) => ofLive(bytesOf(hash)), judging.manifest);
    return await judgeSome(judging, before, after, hasTime);
  } catch (error) {
    if (!(error instanceof LiveDamaged)) throw error;
    // Nobody can be answered from such a snapshot for much longer: what takes its place must not wait.
    log("live_snapshot_damaged", { live: judging.live, error });
    return { ...judging, fired: [] };
  }
}

/** The live snapshot is not whole any more, so nothing can be compared with it. */
class LiveDamaged extends Error {
  override readonly name = "LiveDamaged";
}

async function ofLive(reading: Promise<Uint8Array>): Promise<Uint8Array> {
  try {
    return await reading;
  } catch (cause) {
    throw cause instanceof SegmentDamaged ? new LiveDamaged("A segment is lost", { cause }) : cause;
  }
}
