import { encodeManifest } from "../../shared/snapshot/manifest.ts";
import type { EncodedSegment } from "../../shared/snapshot/segment.ts";
import { taskOf, type BucketTask } from "../compile/bucket-task.ts";
import { manifestOf } from "../compile/manifest-of.ts";
import { encodeOverlays } from "../compile/overlays.ts";
import { IndividualDigests } from "../compile/individuals.ts";
import { bucketKey, type Bucket } from "../compile/plan.ts";
import { changedSkus } from "../queries/read-changes.ts";
import type { SnapshotProgress } from "../tables/snapshots.ts";
import {
  compileBuckets,
  writeInBatches,
  type BucketResult,
  type CompileDatabases,
} from "./compile-buckets.ts";
import type { CompileMemory } from "./compile-memory.ts";
import type { LoadedPlan } from "./load-plan.ts";
import type { BucketOrigin, PublishState } from "./publish-state.ts";
import { requireStored, type Written } from "./segment-store.ts";

/** Where a run reads and writes. */
export interface CompileStores extends CompileDatabases {
  readonly state: PublishState;
}

/** A bucket to be compiled elsewhere. */
export interface WantedTask {
  readonly task: BucketTask;
  readonly sequence: number;
  readonly companyDigest: string;
}

const bucketsAtOnce = 4;
const overlaysAtOnce = 200;
// Enough to see what is wrong.
const unpricedTold = 100;
const nothingWritten: Written = { written: 0, reused: 0, bytesWritten: 0 };

/**
 * The compile of one sequence, in steps that each leave their result in the stores. A run that is lost between
 * two steps goes on where it stopped when it is made again.
 */
export class CompileRun {
  readonly #stores: CompileStores;
  readonly #sequence: number;
  readonly #memory: CompileMemory;
  readonly #loaded: LoadedPlan;
  readonly #individuals: IndividualDigests;
  /** Of the buckets as they were when the run began. */
  readonly #origins: ReadonlyMap<string, BucketOrigin>;
  readonly #pending: Map<string, Bucket>;
  readonly #reused: number;
  #segmentsWritten = 0;
  #segmentsReused = 0;
  #bytesWritten = 0;

  private constructor(
    stores: CompileStores,
    sequence: number,
    memory: CompileMemory,
    loaded: LoadedPlan,
    origins: ReadonlyMap<string, BucketOrigin>,
    { pending, reused }: { readonly pending: readonly Bucket[]; readonly reused: number },
  ) {
    this.#stores = stores;
    this.#sequence = sequence;
    this.#memory = memory;
    this.#loaded = loaded;
    this.#individuals = new IndividualDigests(loaded.plan);
    this.#origins = origins;
    this.#pending = new Map(pending.map((bucket) => [bucket.id, bucket]));
    this.#reused = reused;
  }

  /** Plans the work and finds which buckets are the same as before. */
  static async begin(stores: CompileStores, sequence: number, memory: CompileMemory): Promise<CompileRun> {
    const loaded = await memory.planAt(stores.catalog, sequence);
    const { plan, companyDigest } = loaded;
    stores.state.retainBuckets(new Set(plan.buckets.keys()));
    const origins = stores.state.origins();
    const isSame = sameness(loaded, stores.state);
    const candidates = [...plan.buckets.values()].flatMap((bucket) => {
      const origin = origins.get(bucket.id);
      const holds = origin !== undefined && origin.sequence <= sequence && isSame(bucket, origin);
      return holds ? [{ bucket, since: origin.sequence }] : [];
    });
    const since = Math.min(...candidates.map((candidate) => candidate.since), sequence);
    const changed = await changedSkus(stores.catalog, { after: since, upTo: sequence });
    const same = candidates.flatMap(({ bucket: { id, skus } }) =>
      skus.some((sku) => changed.has(sku)) ? [] : [id],
    );
    stores.state.keepBuckets(same, sequence, companyDigest);
    const kept = new Set(same);
    const pending = [...plan.buckets.values()].filter(({ id }) => !kept.has(id));
    return new CompileRun(stores, sequence, memory, loaded, origins, { pending, reused: same.length });
  }

  progress(): SnapshotProgress {
    const total = this.#loaded.plan.buckets.size;
    return {
      buckets: { total, compiled: total - this.#reused - this.#pending.size, reused: this.#reused },
      segments: { written: this.#segmentsWritten, reused: this.#segmentsReused },
      bytesWritten: this.#bytesWritten,
      unpriced: this.#stores.state.unpriced(unpricedTold),
    };
  }

  /** How many buckets are still to be compiled. */
  get pending(): number {
    return this.#pending.size;
  }

  /** The buckets that are still to be compiled, by their ids. */
  pendingIds(): readonly string[] {
    return [...this.#pending.keys()];
  }

  /** What another isolate needs to compile a bucket; undefined when it is not to be compiled any more. */
  taskFor(id: string): WantedTask | undefined {
    const bucket = this.#pending.get(id);
    if (bucket === undefined) return undefined;
    const { plan, companyDigest } = this.#loaded;
    return { task: taskOf(bucket, plan.channels), sequence: this.#sequence, companyDigest };
  }

  /** Takes what a bucket gave, once. */
  take(result: BucketResult, written: Written): void {
    const { id, accounts, unpriced } = result;
    const bucket = this.#pending.get(id);
    if (bucket === undefined) return;
    const origin: BucketOrigin = {
      key: bucketKey(bucket),
      company: this.#loaded.companyDigest,
      shared: this.#loaded.sharedDigest,
      individuals: this.#individualsOf(bucket, accounts),
      sequence: this.#sequence,
    };
    this.#stores.state.saveBucket(id, origin, result);
    this.#stores.state.saveUnpriced({ bucket: id, customer: "" }, unpriced);
    this.#pending.delete(id);
    this.#count(written);
  }

  /** @param accounts those that its prices name now */
  #individualsOf(bucket: Bucket, accounts: readonly string[]): string {
    const before = this.#origins.get(bucket.id);
    const isAsBefore =
      before?.key === bucketKey(bucket) &&
      before.company === this.#loaded.companyDigest &&
      JSON.stringify(accounts) === JSON.stringify(this.#stores.state.accountsOf(bucket.id));
    return isAsBefore ? before.individuals : this.#individuals.of(bucket, accounts);
  }

  /** Compiles a few buckets here; false when none was left. */
  async compileSome(): Promise<boolean> {
    const buckets = [...this.#pending.values()].slice(0, bucketsAtOnce);
    if (buckets.length === 0) return false;
    const { results, written } = await compileBuckets(
      buckets,
      this.#loaded.plan,
      this.#sequence,
      this.#stores,
      (hashes) => this.#stores.state.addOutgoing(hashes),
    );
    for (const result of results) this.take(result, nothingWritten);
    this.#count(written);
    return true;
  }

  /** Puts together the overlays of a few customers; false when none was left. */
  async assembleSomeOverlays(): Promise<boolean> {
    const { state } = this.#stores;
    const customers = state.overlays.customersWithout(overlaysAtOnce);
    const encoded = customers.map((customer) => ({
      customer,
      overlays: encodeOverlays(state.overlays.fragmentsOf(customer)),
    }));
    await this.#write(encoded.flatMap(({ overlays }) => overlays.segments));
    for (const { customer, overlays } of encoded) {
      state.overlays.save(customer, overlays.names);
      state.saveUnpriced({ bucket: "", customer }, overlays.unpriced);
    }
    return customers.length > 0;
  }

  /** Writes the pages, then the manifest. Returns its content hash. */
  async finish(): Promise<string> {
    const { plan } = this.#loaded;
    const { state } = this.#stores;
    const overlays = state.overlays.all();
    // The customers' pages name the overlays; no manifest does, so they are looked for here.
    const names = [...overlays.values()].flatMap((byChannel) =>
      [...byChannel.values()].flatMap((byCurrency) => Object.values(byCurrency)),
    );
    await requireStored(this.#stores.published, [...new Set(names)]);
    const { products, customers } = this.#memory.encodePages(this.#loaded, overlays);
    await this.#write([...products.segments, ...customers.segments]);
    const buckets = state.bucketNames();
    const manifest = encodeManifest(manifestOf(plan, this.#sequence, { products, customers, buckets }));
    await this.#write([manifest]);
    return manifest.hash;
  }

  async #write(segments: readonly EncodedSegment[]): Promise<void> {
    const { published, state } = this.#stores;
    this.#count(await writeInBatches(published, segments, (hashes) => state.addOutgoing(hashes)));
  }

  #count({ written, reused, bytesWritten }: Written): void {
    this.#segmentsWritten += written;
    this.#segmentsReused += reused;
    this.#bytesWritten += bytesWritten;
  }
}

/** Whether a bucket's segments can only differ by its products and prices from what was compiled before. */
function sameness(
  { plan, companyDigest, sharedDigest }: LoadedPlan,
  state: PublishState,
): (bucket: Bucket, origin: BucketOrigin) => boolean {
  const individuals = new IndividualDigests(plan);
  return (bucket, origin) =>
    origin.key === bucketKey(bucket) &&
    (origin.company === companyDigest ||
      (origin.shared === sharedDigest &&
        origin.individuals === individuals.of(bucket, state.accountsOf(bucket.id))));
}
