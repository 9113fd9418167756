import { log } from "../../shared/api/log.ts";
import type { Head } from "../../shared/snapshot/head.ts";
import type { PublishState } from "../publish/publish-state.ts";
import { SegmentDamaged } from "../publish/segment-store.ts";
import { markSnapshot } from "./mark.ts";
import { keptManifests, pruneSnapshots } from "./prune-snapshots.ts";
import type { PruneState, Pruning } from "./prune-state.ts";
import { beginSweep, deleteSegments, endSweep, segmentsAfter } from "./sweep.ts";

export interface PruneStores {
  readonly published: D1Database;
  readonly kv: KVNamespace;
  readonly head: {
    current(): Promise<Head | undefined>;
    snapshotsSince(since: string, headsMin: number): Promise<readonly string[]>;
  };
}

const dayMilliseconds = 86_400_000;
// D1 and KV take 1,000 operations an invocation.
const readsPerStep = 400;
const deletesPerStep = 400;
const segmentsPerStep = 2_000;
const stepMilliseconds = 5_000;
// With the pauses between them, a step is tried for about a minute.
const failuresMax = 10;

/**
 * Prunes snapshots and deletes the segments that nothing needs any more, in steps that the publisher takes when it
 * makes no snapshot: mark and sweep. First the snapshots that are not kept are noted as pruned. Then it is noted what
 * each of the others needs, and the segments are gone through: one goes if no snapshot and nothing that the publisher
 * remembers names it. Snapshots that are made between two steps are marked before the next segment goes.
 */
export class Pruner {
  readonly #stores: PruneStores;
  readonly #state: PruneState;
  readonly #publishing: PublishState;

  constructor(stores: PruneStores, state: PruneState, publishing: PublishState) {
    this.#stores = stores;
    this.#state = state;
    this.#publishing = publishing;
  }

  get isUnderway(): boolean {
    return this.#state.current() !== undefined;
  }

  /** Begins a pruning if the last one is a day ago. */
  beginIfDue(now: number): void {
    const isDue = now - (this.#state.endedAt() ?? -Infinity) >= dayMilliseconds;
    if (isDue && !this.isUnderway) this.#state.begin();
  }

  /** Before segments are compiled: sees to it that none is deleted from now on, until the next step. */
  async makeWay(): Promise<void> {
    if (!this.#state.isSweeping()) return;
    await endSweep(this.#stores.published);
    // What was being deleted may be needed again; what of it is left is found again, and is copied to KV until then.
    const pruning = this.#state.current();
    if (pruning !== undefined) this.#state.save({ ...pruning, deleting: [] });
    this.#state.setSweeping(false);
  }

  /**
   * Whether it is next to decide which snapshots are not kept. While that is done no snapshot may be activated, since
   * it might be one of them.
   */
  get isToDecide(): boolean {
    return this.#state.current()?.isDecided === false;
  }

  /**
   * Takes one step. One that fails is tried again.
   * @returns whether segments were deleted, and how long to wait before the next step
   */
  async step(): Promise<{ readonly hasDeleted: boolean; readonly pauseMilliseconds: number }> {
    const pruning = this.#state.current();
    if (pruning === undefined) return { hasDeleted: false, pauseMilliseconds: 0 };
    try {
      const hasDeleted = pruning.isDecided ? await this.#sweep(pruning) : await this.#decide(pruning);
      return { hasDeleted, pauseMilliseconds: 0 };
    } catch (error) {
      return { hasDeleted: true, pauseMilliseconds: this.#failed(pruning, error) };
    }
  }

  async #decide(pruning: Pruning): Promise<false> {
    const { days, heads } = this.#publishing.retention();
    const now = Date.now();
    const since = new Date(now - days * dayMilliseconds).toISOString();
    const live = await this.#stores.head.current();
    if (live === undefined) {
      this.#state.end(now);
      return false;
    }
    const ofHeads = await this.#stores.head.snapshotsSince(since, heads);
    const snapshots = await pruneSnapshots(this.#stores.published, {
      live,
      ofHeads,
      since,
      now: new Date(now).toISOString(),
    });
    this.#state.save({ ...pruning, isDecided: true, snapshots, failures: 0 });
    return false;
  }

  /** Returns whether segments were deleted. */
  async #sweep(pruning: Pruning): Promise<boolean> {
    const { published } = this.#stores;
    if (pruning.deleting.length > 0) return this.#delete(pruning);
    if (!(await this.#markAll())) return false;
    const page = await segmentsAfter(published, pruning.after, segmentsPerStep);
    const last = page.at(-1);
    if (last === undefined) {
      const { snapshots, segments } = pruning;
      log("pruned", { snapshots, segments });
      this.#state.end(Date.now());
      return false;
    }
    const free = new Set(this.#publishing.notNamed(this.#state.notNeeded(page)));
    const inOrder = page.filter((hash) => free.has(hash));
    const some = inOrder.slice(0, deletesPerStep);
    if (some.length > 0) return this.#delete({ ...pruning, deleting: some });
    this.#state.save({ ...pruning, after: last, failures: 0 });
    return false;
  }

  /** Notes what the kept snapshots need; returns whether all of it is noted. */
  async #markAll(): Promise<boolean> {
    const { published } = this.#stores;
    const until = Date.now() + stepMilliseconds;
    let reads = 0;
    const hasTime = () => ++reads <= readsPerStep && Date.now() < until;
    for (const manifest of this.#state.notNeeded(await keptManifests(published))) {
      if (!hasTime() || !(await markSnapshot(manifest, published, this.#state, hasTime))) return false;
    }
    return true;
  }

  async #delete(pruning: Pruning): Promise<true> {
    const hashes = pruning.deleting;
    this.#state.save(pruning);
    // If this ends halfway, a segment may be left that KV does not have: the next publish copies it again.
    this.#publishing.addOutgoing(hashes);
    this.#state.setSweeping(true);
    const sweep = crypto.randomUUID();
    await beginSweep(this.#stores.published, sweep);
    await deleteSegments(hashes, sweep, this.#stores);
    this.#publishing.removeOutgoing(hashes);
    this.#state.save({
      ...pruning,
      after: hashes.at(-1) ?? pruning.after,
      deleting: [],
      segments: pruning.segments + hashes.length,
      failures: 0,
    });
    return true;
  }

  /** Returns how long to wait before the step is tried again. */
  #failed(pruning: Pruning, error: unknown): number {
    const failures = pruning.failures + 1;
    log("prune_step_failed", { failures, error });
    // Of a snapshot that is not whole nobody can tell what it needs: nothing is deleted until it is not kept any more.
    if (failures < failuresMax && !(error instanceof SegmentDamaged)) {
      this.#state.save({ ...pruning, ...this.#state.current(), failures });
      return 100 * 2 ** failures;
    }
    this.#state.end(Date.now());
    return 0;
  }
}
