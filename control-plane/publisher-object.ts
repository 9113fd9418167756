import { DurableObject } from "cloudflare:workers";
import { log } from "../shared/api/log.ts";
import type { Head } from "../shared/snapshot/head.ts";
import { readManifest, segmentsOf } from "../shared/snapshot/manifest.ts";
import type { ControlEnv } from "./env.ts";
import { headName } from "./head-object.ts";
import { PruneState } from "./prune/prune-state.ts";
import { Pruner } from "./prune/pruner.ts";
import type { Retention } from "./prune/retention.ts";
import { CompileMemory } from "./publish/compile-memory.ts";
import { copyStep } from "./publish/copy-step.ts";
import type { BucketResult } from "./publish/compile-buckets.ts";
import { CompileRun, type WantedTask } from "./publish/compile-run.ts";
import type { GuardSettings } from "./guard/guard-settings.ts";
import { beginJudging } from "./guard/judge-run.ts";
import type { FiredCheck } from "./guard/verdict.ts";
import { HandOut } from "./publish/hand-out.ts";
import { HeadMover } from "./publish/head-mover.ts";
import { judgeStep } from "./publish/judge-step.ts";
import { PublishState, type Job } from "./publish/publish-state.ts";
import {
  readSegment,
  requireStored,
  SegmentDamaged,
  SegmentTooLarge,
  type Written,
} from "./publish/segment-store.ts";
import { Turns } from "./publish/turns.ts";
import { findSnapshot, insertSnapshot, updateSnapshot } from "./publish/snapshot-log.ts";
import { currentSequence } from "./queries/read-records.ts";
import type { SnapshotProgress } from "./tables/snapshots.ts";
import { wakeWebhooks } from "./webhook-object.ts";

/** The name of the one publisher object. */
export const publisherName = "publisher";

export type Activation =
  | { readonly kind: "activated"; readonly head: Head }
  | { readonly kind: "unknown" }
  | { readonly kind: "pruned" }
  | { readonly kind: "incomplete"; readonly status: string };

/** A snapshot that is asked for. */
interface Wish {
  readonly note: string | undefined;
  /** Whether it is only to be made. */
  readonly hold: boolean;
  /** Whether it is meant, whatever the guard would say. */
  readonly confirmed?: boolean;
  /** Makes the request one that may be repeated: a snapshot of that id is made once. */
  readonly id?: string;
}

interface CurrentRun {
  readonly snapshot: string;
  readonly run: CompileRun;
  readonly handOut: HandOut;
}

const stepBudgetMilliseconds = 10_000;
// How often to look whether the buckets that were handed out are compiled; the last one's result rings at once.
const lookMilliseconds = 3_000;
const debounceMilliseconds = 50;
// KV takes one write of a key a second.
const copyPauseMilliseconds = 1_000;
// With the pauses between them, a step is tried for about a minute.
const failuresMax = 10;

/**
 * Makes snapshots, one after another: compile, copy to KV, judge, move the head. Each alarm takes one bounded step
 * and leaves its result in storage, so a crash at any point goes on with the next alarm, and the old snapshot stays
 * live and whole until the head moves. It guarantees that a snapshot goes live only when all its segments were
 * written and read back and the guard has no objection to how it differs from the live one, that only the newest
 * head is copied to KV, and that nothing is deleted while a snapshot is made.
 */
export class PublisherObject extends DurableObject<ControlEnv> {
  readonly #state: PublishState;
  readonly #head: HeadMover;
  readonly #pruner: Pruner;
  readonly #activations = new Turns();
  #run: CurrentRun | undefined;
  #memory = new CompileMemory();

  constructor(context: DurableObjectState, env: ControlEnv) {
    super(context, env);
    this.#state = new PublishState(context.storage);
    this.#head = new HeadMover(env);
    const head = {
      current: () => this.#head.live(),
      snapshotsSince: (since: string, headsMin: number) =>
        env.HEAD.getByName(headName).snapshotsSince(since, headsMin),
    };
    const stores = { published: env.PUBLISHED, kv: env.SNAPSHOTS, head };
    this.#pruner = new Pruner(stores, new PruneState(context.storage), this.#state);
  }

  /** Records were applied up to this sequence: publishes them a moment later, unless that is turned off. */
  async recordsApplied(sequence: number): Promise<void> {
    if (!this.#state.autoPublish()) return;
    // A job that was queued with these records in it publishes them; a second one would publish nothing new.
    const isUnderway = this.#state.jobs().some((job) => !job.hold && job.sequence >= sequence);
    if (!isUnderway) this.#state.setWanted(Math.max(sequence, this.#state.wanted() ?? 0));
    await this.#wake(debounceMilliseconds);
  }

  /** Sees to it that what was applied gets published, should the word of it have been lost, or a publish failed. */
  async catchUp(): Promise<void> {
    if (this.#state.jobs().length > 0) await this.#wake(0);
    const sequence = await currentSequence(this.env.CATALOG);
    const head = await this.#head.repairCopy();
    // What the guard holds would only be held again.
    const settled = Math.max(head?.through ?? 0, this.#state.heldThrough());
    if (sequence > settled) await this.recordsApplied(sequence);
  }

  /** Queues a snapshot of the records as they are now, to go live or to be held. Returns its id. */
  async publish(wish: Wish): Promise<string> {
    const { id } = wish;
    const isMade = id !== undefined && (await findSnapshot(this.env.PUBLISHED, id)) !== undefined;
    const sequence = await currentSequence(this.env.CATALOG);
    const queued = this.#state.jobs().find(({ snapshot }) => snapshot === id);
    if (isMade && queued === undefined) return id;
    const job = queued ?? this.#enqueue(sequence, wish);
    await insertSnapshot(this.env.PUBLISHED, job);
    await this.#wake(0);
    return job.snapshot;
  }

  /** What it takes to compile a bucket that was handed out; undefined when it is not wanted any more. */
  async taskFor(snapshot: string, bucket: string): Promise<WantedTask | undefined> {
    const job = this.#state.jobs()[0];
    if (job?.snapshot !== snapshot || job.phase !== "compile") return undefined;
    return this.#run?.snapshot === snapshot ? this.#run.run.taskFor(bucket) : undefined;
  }

  /** Segments that are about to be written by somebody else. */
  noteOutgoing(hashes: readonly string[]): void {
    this.#state.addOutgoing(hashes);
  }

  /** Takes what a bucket that was handed out gave; what is not wanted any more is left. */
  async bucketCompiled(snapshot: string, result: BucketResult, written: Written): Promise<void> {
    if (this.#run?.snapshot !== snapshot) return;
    this.#run.run.take(result, written);
    if (this.#run.run.pending === 0) await this.#wake(0);
  }

  /** How far the snapshot is that is being compiled just now. */
  progressOf(id: string): SnapshotProgress | undefined {
    return this.#run?.snapshot === id ? this.#run.run.progress() : undefined;
  }

  autoPublish(): boolean {
    return this.#state.autoPublish();
  }

  async setAutoPublish(value: boolean): Promise<void> {
    this.#state.setAutoPublish(value);
    if (value) await this.catchUp();
  }

  guard(): GuardSettings {
    return this.#state.guard();
  }

  /** From now on; what is held by the settings before is judged by these when it is published again. */
  async setGuard(settings: GuardSettings): Promise<void> {
    this.#state.setGuard(settings);
    this.#state.setHeldThrough(0);
    await this.catchUp();
  }

  retention(): Retention {
    return this.#state.retention();
  }

  setRetention(retention: Retention): void {
    this.#state.setRetention(retention);
  }

  /** What the clock does: begins to prune once a day, and sees to it that what was begun goes on. */
  async tidy(): Promise<void> {
    this.#pruner.beginIfDue(Date.now());
    if (this.#pruner.isUnderway) await this.#wake(0);
  }

  /** Makes a complete snapshot live, again or for the first time. Who asks for it has seen it: nothing is judged. */
  async activate(id: string): Promise<Activation> {
    const activation = await this.#activations.take(() => this.#activate(id));
    if (activation.kind === "activated") await wakeWebhooks(this.env);
    return activation;
  }

  async #activate(id: string): Promise<Activation> {
    const snapshot = await findSnapshot(this.env.PUBLISHED, id);
    if (snapshot === undefined) return { kind: "unknown" };
    if (snapshot.prunedAt !== null) return { kind: "pruned" };
    if (snapshot.status !== "complete" || snapshot.manifest === null) {
      return { kind: "incomplete", status: snapshot.status };
    }
    await this.#verify(snapshot.manifest);
    const { sequence, manifest } = snapshot;
    const { head, isCopied } = await this.#head.activate({ snapshot: id, sequence, manifest });
    if (!isCopied) {
      this.#state.setCopyDue(true);
      await this.#wake(copyPauseMilliseconds);
    }
    await updateSnapshot(this.env.PUBLISHED, id, { liveAt: snapshot.liveAt ?? head.movedAt });
    return { kind: "activated", head };
  }

  override async alarm(): Promise<void> {
    if (this.#state.isCopyDue()) await this.#copyHead();
    const wanted = this.#state.wanted();
    const job =
      this.#state.jobs()[0] ??
      (wanted === undefined ? undefined : this.#enqueue(wanted, { note: undefined, hold: false }));
    // Only where nothing is made: segments that a compile counts on must not be deleted meanwhile.
    const pauseMilliseconds = job === undefined ? await this.#prune() : await this.#step(job);
    const isDone = !this.#state.jobs().some(({ snapshot }) => snapshot === job?.snapshot);
    if (job !== undefined && isDone) await wakeWebhooks(this.env);
    const hasMore = this.#state.jobs().length > 0 || this.#state.wanted() !== undefined;
    if (hasMore || this.#pruner.isUnderway) await this.#wake(pauseMilliseconds);
    else if (this.#state.isCopyDue()) await this.#wake(copyPauseMilliseconds);
  }

  async #copyHead(): Promise<void> {
    try {
      await this.#head.repairCopy();
      this.#state.setCopyDue(false);
    } catch (error) {
      log("head_not_copied", { error });
    }
  }

  /** Returns how long to wait before the next step. */
  async #prune(): Promise<number> {
    const step = () => this.#pruner.step();
    const taken = this.#pruner.isToDecide ? await this.#activations.take(step) : await step();
    // It may know the names of pages that are gone, and would not write them again.
    if (taken.hasDeleted) this.#memory = new CompileMemory();
    return taken.pauseMilliseconds;
  }

  /** Returns how long to wait before the next step. */
  async #step(job: Job): Promise<number> {
    try {
      return await this.#advance(job);
    } catch (error) {
      return this.#failed(job, error);
    }
  }

  #enqueue(sequence: number, wish: Wish): Job {
    const { note, hold, confirmed = false, id = crypto.randomUUID() } = wish;
    const job: Job = {
      snapshot: id,
      sequence,
      note,
      hold,
      confirmed,
      createdAt: new Date().toISOString(),
      phase: "compile",
      manifest: null,
      judging: null,
      failures: 0,
    };
    this.#state.addJob(job);
    const wanted = this.#state.wanted();
    if (!hold && wanted !== undefined && wanted <= sequence) this.#state.setWanted(undefined);
    return job;
  }

  /** Returns how long to wait before the next step. */
  async #advance(job: Job): Promise<number> {
    await this.#pruner.makeWay();
    switch (job.phase) {
      case "compile":
        return this.#compile(job);
      case "copy":
        await this.#copy(job);
        return 0;
      case "judge":
        await this.#judge(job);
        return 0;
      case "move":
        await this.#finish(job);
        return 0;
    }
  }

  async #compile(job: Job): Promise<number> {
    const until = Date.now() + stepBudgetMilliseconds;
    const { run, handOut } = await this.#runOf(job);
    const isWaiting = await handOut.isUnderway();
    const hasTime = () => Date.now() < until;
    let more = true;
    while (!isWaiting && more && hasTime())
      more = (await run.compileSome()) || (await run.assembleSomeOverlays());
    const manifest = more ? null : await run.finish();
    await updateSnapshot(this.env.PUBLISHED, job.snapshot, { progress: run.progress() });
    if (manifest !== null) {
      this.#state.recallLate(Date.now());
      this.#state.saveJob({ ...job, phase: "copy", manifest, judging: null, failures: 0 });
    }
    return isWaiting ? lookMilliseconds : 0;
  }

  async #runOf(job: Job): Promise<CurrentRun> {
    if (this.#run?.snapshot === job.snapshot) return this.#run;
    await insertSnapshot(this.env.PUBLISHED, job);
    const stores = { catalog: this.env.CATALOG, published: this.env.PUBLISHED, state: this.#state };
    const run = await CompileRun.begin(stores, job.sequence, this.#memory);
    const handOut = new HandOut(this.env.COMPILE, job.snapshot, run);
    this.#run = { snapshot: job.snapshot, run, handOut };
    return this.#run;
  }

  async #copy(job: Job): Promise<void> {
    const stores = { published: this.env.PUBLISHED, kv: this.env.SNAPSHOTS };
    const hasMore = await copyStep(this.#state, stores);
    if (!hasMore) this.#state.saveJob({ ...job, phase: "judge", failures: 0 });
  }

  async #judge(job: Job): Promise<void> {
    const { hold, confirmed, manifest } = job;
    const settings = this.#state.guard();
    const live = hold || confirmed || !settings.on ? undefined : await this.#head.live();
    if (manifest === null || live === undefined || live.manifest === manifest) {
      this.#state.saveJob({ ...job, phase: "move", judging: null, failures: 0 });
      return;
    }
    const isBegun = job.judging?.manifest === live.manifest;
    const begun = isBegun ? job.judging : beginJudging(live, Date.now(), settings);
    const until = Date.now() + stepBudgetMilliseconds;
    const judging = await judgeStep(begun, manifest, { published: this.env.PUBLISHED, until });
    const phase = judging.fired === undefined ? "judge" : "move";
    this.#state.saveJob({ ...job, phase, judging, failures: 0 });
  }

  async #finish(job: Job): Promise<void> {
    const { hold, judging, manifest, sequence, snapshot } = job;
    if (manifest === null) throw new Error(`Cannot publish ${snapshot}: it has no manifest`);
    await this.#verify(manifest);
    const fired = judging?.fired ?? [];
    if (hold || fired.length > 0) return this.#hold({ ...job, manifest }, fired);
    const head = await this.#head.publish({ snapshot, sequence, manifest }, judging?.manifest);
    if (head === undefined) {
      // Another one was activated meanwhile.
      this.#state.saveJob({ ...job, phase: "judge", judging: null, failures: 0 });
      return;
    }
    await updateSnapshot(this.env.PUBLISHED, snapshot, {
      status: "complete",
      manifest,
      liveAt: head.movedAt,
    });
    log("snapshot_made", { snapshot, sequence, head: head.number });
    this.#done(snapshot);
  }

  async #hold(job: Job & { readonly manifest: string }, fired: readonly FiredCheck[]): Promise<void> {
    const { judging, manifest, sequence, snapshot } = job;
    const isGuarded = judging !== null && fired.length > 0;
    await updateSnapshot(this.env.PUBLISHED, snapshot, {
      status: "complete",
      manifest,
      ...(isGuarded ? { guard: { live: judging.live, checks: fired } } : {}),
    });
    log("snapshot_held", { snapshot, sequence, checks: fired.map(({ check }) => check) });
    if (isGuarded) this.#state.setHeldThrough(Math.max(sequence, this.#state.heldThrough()));
    this.#done(snapshot);
  }

  #done(snapshot: string): void {
    this.#state.removeJob(snapshot);
    this.#run = undefined;
  }

  /** Throws unless the store of record has every segment that the manifest names. */
  async #verify(manifest: string): Promise<void> {
    const named = segmentsOf(readManifest(await readSegment(this.env.PUBLISHED, manifest)));
    await requireStored(this.env.PUBLISHED, [...named]);
  }

  /** Returns how long to wait before the step is tried again, or the next job begins. */
  async #failed(job: Job, error: unknown): Promise<number> {
    const failures = job.failures + 1;
    this.#run = undefined;
    // A copy that failed has nothing to do with it, and KV refuses a second write of a key within a second.
    if (job.phase === "compile" || error instanceof SegmentDamaged) this.#memory = new CompileMemory();
    log("publish_step_failed", { snapshot: job.snapshot, phase: job.phase, failures, error });
    // What was compiled before may be what is lost.
    if (error instanceof SegmentDamaged) this.#state.forgetCompiled();
    if (failures < failuresMax && !(error instanceof SegmentTooLarge)) {
      const phase = error instanceof SegmentDamaged ? "compile" : job.phase;
      this.#state.saveJob({ ...job, phase, failures });
      return 100 * 2 ** failures;
    }
    // A driver's message is for the log; what is wrong with the snapshot itself is for the one who reads this.
    const isOurs = error instanceof SegmentDamaged || error instanceof SegmentTooLarge;
    const failure = isOurs ? error.message : "An error that the log describes";
    // While even this can't be noted the job stays, else its snapshot would seem to be compiling for ever.
    await updateSnapshot(this.env.PUBLISHED, job.snapshot, { status: "failed", failure });
    this.#state.removeJob(job.snapshot);
    return 0;
  }

  async #wake(milliseconds: number): Promise<void> {
    const at = Date.now() + milliseconds;
    const set = await this.ctx.storage.getAlarm();
    if (set === null || set > at) await this.ctx.storage.setAlarm(at);
  }
}
