import type { Price, Product } from "../../shared/pricing/records.ts";
import { encodeManifest, type Shards } from "../../shared/snapshot/manifest.ts";
import type { EncodedSegment } from "../../shared/snapshot/segment.ts";
import { compileBucket } from "../compile/bucket.ts";
import { manifestOf, type BucketNames } from "../compile/manifest-of.ts";
import { encodeOverlays } from "../compile/overlays.ts";
import { IndividualDigests } from "../compile/individuals.ts";
import { bucketKey, type Bucket } from "../compile/plan.ts";
import { changedSkus } from "../queries/read-changes.ts";
import { readPricesOf, readProducts } from "../queries/read-records.ts";
import type { SnapshotProgress } from "../tables/snapshots.ts";
import { recordOf, type LoadedPlan } from "./load-plan.ts";
import type { CompileMemory } from "./compile-memory.ts";
import type { BucketOrigin, PublishState } from "./publish-state.ts";
import { requireStored, writeSegments } from "./segment-store.ts";

/** Where a run reads and writes. */
export interface CompileStores {
  readonly catalog: D1Database;
  readonly published: D1Database;
  readonly state: PublishState;
}

const bucketsAtOnce = 4;
const segmentsAtOnce = 200;

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
  readonly #pending: Bucket[];
  readonly #reused: number;
  #segmentsWritten = 0;
  #segmentsReused = 0;
  #bytesWritten = 0;

  private constructor(
    stores: CompileStores,
    sequence: number,
    memory: CompileMemory,
    loaded: LoadedPlan,
    { pending, reused }: { readonly pending: Bucket[]; readonly reused: number },
  ) {
    this.#stores = stores;
    this.#sequence = sequence;
    this.#memory = memory;
    this.#loaded = loaded;
    this.#individuals = new IndividualDigests(loaded.plan);
    this.#pending = pending;
    this.#reused = reused;
  }

  /** Plans the work and finds which buckets are the same as before. */
  static async begin(stores: CompileStores, sequence: number, memory: CompileMemory): Promise<CompileRun> {
    const loaded = await memory.planAt(stores.catalog, sequence);
    const { plan, companyDigest } = loaded;
    stores.state.retainBuckets(new Set(plan.buckets.keys()));
    const origins = stores.state.origins();
    const isSame = sameness(loaded);
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
    return new CompileRun(stores, sequence, memory, loaded, { pending, reused: same.length });
  }

  progress(): SnapshotProgress {
    const total = this.#loaded.plan.buckets.size;
    return {
      buckets: { total, compiled: total - this.#reused - this.#pending.length, reused: this.#reused },
      segments: { written: this.#segmentsWritten, reused: this.#segmentsReused },
      bytesWritten: this.#bytesWritten,
    };
  }

  /** Compiles a few buckets; false when none was left. */
  async compileSome(): Promise<boolean> {
    const buckets = this.#pending.slice(0, bucketsAtOnce);
    if (buckets.length === 0) return false;
    const { catalog, state } = this.#stores;
    const skus = buckets.flatMap((bucket) => bucket.skus);
    const [productRows, priceRows] = await Promise.all([
      readProducts(catalog, { skus, sequence: this.#sequence }),
      readPricesOf(catalog, { skus, sequence: this.#sequence }),
    ]);
    const products = new Map(productRows.map((row) => [row.id, recordOf<Product>(row)]));
    const prices = Map.groupBy(
      priceRows.map((row) => recordOf<Price>(row)),
      ({ sku }) => sku,
    );
    const compiled = buckets.map((bucket) => ({
      bucket,
      result: compileBucket(
        bucket,
        {
          products: bucket.skus.flatMap((sku) => products.get(sku) ?? []),
          prices: bucket.skus.flatMap((sku) => prices.get(sku) ?? []),
        },
        this.#loaded.plan,
      ),
    }));
    await this.#write(compiled.flatMap(({ result }) => [...result.segments.values()]));
    for (const { bucket, result } of compiled) {
      const names: BucketNames = {
        segments: Object.fromEntries([...result.segments].map(([key, { hash }]) => [key, hash])),
        currencies: [...result.currencies],
      };
      const { accounts } = result;
      const origin: BucketOrigin = {
        key: bucketKey(bucket),
        company: this.#loaded.companyDigest,
        shared: this.#loaded.sharedDigest,
        individuals: this.#individuals.of(bucket, accounts),
        accounts,
        sequence: this.#sequence,
      };
      state.saveBucket(bucket.id, origin, names, result.fragments);
    }
    this.#pending.splice(0, buckets.length);
    return true;
  }

  /** Puts together the overlays of a few customers; false when none was left. */
  async assembleSomeOverlays(): Promise<boolean> {
    const { state } = this.#stores;
    const customers = state.customersWithoutOverlay(segmentsAtOnce);
    const encoded = customers.map((customer) => ({
      customer,
      overlays: encodeOverlays(state.fragmentsOf(customer)),
    }));
    await this.#write(encoded.flatMap(({ overlays }) => overlays.segments));
    for (const { customer, overlays } of encoded) state.saveOverlay(customer, overlays.names);
    return customers.length > 0;
  }

  /** Writes the pages, then the manifest. Returns its content hash. */
  async finish(): Promise<string> {
    const { plan } = this.#loaded;
    const { state } = this.#stores;
    const overlays = state.overlays();
    // The customers' pages name the overlays; no manifest does, so they are looked for here.
    const names = [...overlays.values()].flatMap((byChannel) =>
      [...byChannel.values()].flatMap((byCurrency) => Object.values(byCurrency)),
    );
    await requireStored(this.#stores.published, [...new Set(names)]);
    const { products, customers } = this.#memory.encodePages(this.#loaded, overlays);
    await this.#write([...products.segments, ...customers.segments]);
    const parts: { products: Shards; customers: Shards; buckets: ReadonlyMap<string, BucketNames> } = {
      products: products.shards,
      customers: customers.shards,
      buckets: state.bucketNames(),
    };
    const manifest = encodeManifest(manifestOf(plan, this.#sequence, parts));
    await this.#write([manifest]);
    return manifest.hash;
  }

  async #write(segments: readonly EncodedSegment[]): Promise<void> {
    const { published, state } = this.#stores;
    for (const some of byTheMegabyte(segments)) {
      const result = await writeSegments(published, some, (hashes) => state.addOutgoing(hashes));
      this.#segmentsWritten += result.written;
      this.#segmentsReused += result.reused;
      this.#bytesWritten += result.bytesWritten;
    }
  }
}

/** Whether a bucket's segments can only differ by its products and prices from what was compiled before. */
function sameness({
  plan,
  companyDigest,
  sharedDigest,
}: LoadedPlan): (bucket: Bucket, origin: BucketOrigin) => boolean {
  const individuals = new IndividualDigests(plan);
  return (bucket, origin) =>
    origin.key === bucketKey(bucket) &&
    (origin.company === companyDigest ||
      (origin.shared === sharedDigest && origin.individuals === individuals.of(bucket, origin.accounts)));
}

const bytesAtOnce = 8_000_000;

function* byTheMegabyte(segments: readonly EncodedSegment[]): Generator<EncodedSegment[]> {
  let some: EncodedSegment[] = [];
  let size = 0;
  for (const segment of segments) {
    if (some.length === segmentsAtOnce || (some.length > 0 && size + segment.bytes.length > bytesAtOnce)) {
      yield some;
      some = [];
      size = 0;
    }
    some.push(segment);
    size += segment.bytes.length;
  }
  if (some.length > 0) yield some;
}
