import { shardOf } from "../../shared/snapshot/partition.ts";
import type { SnapshotContents } from "../../shared/snapshot/shard-pages.ts";

/** Which bucket each product is in. */
export class ProductBuckets {
  readonly side: SnapshotContents;
  #around: string | undefined;
  #known = new Map<string, string | undefined>();

  constructor(side: SnapshotContents) {
    this.side = side;
  }

  /** @param around the bucket that is looked at: as long as it is the same, what was found is remembered */
  async of(sku: string, around: string | undefined): Promise<string | undefined> {
    if (around !== this.#around) this.#known = new Map();
    this.#around = around;
    if (this.#known.has(sku)) return this.#known.get(sku);
    const { manifest, reader } = this.side;
    const hash = manifest.products.segments[shardOf(sku, manifest.products.bits)];
    const bucket = hash === undefined ? undefined : (await reader.products(hash)).find(sku)?.bucket;
    this.#known.set(sku, bucket);
    return bucket;
  }
}
