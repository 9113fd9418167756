import type { Manifest, Shards } from "./manifest.ts";
import type { CustomerPage, ProductPage } from "./page.ts";
import { shardOf } from "./partition.ts";
import type { Opened, SegmentReader } from "./placed.ts";
import type { PageSegment } from "./page-segment.ts";

/** A snapshot that can be read. */
export interface SnapshotContents {
  readonly manifest: Manifest;
  readonly reader: SegmentReader;
}

/** The segment with one of 2^bits shards, which may be a part of it; `bits` is at least the snapshot's own. */
export function segmentOfShard(shard: number, bits: number, own: Shards): string | undefined {
  return own.segments[shard >> (bits - own.bits)];
}

/** The customers' pages of one of 2^bits shards. */
export function customersOfShard(
  shard: number,
  bits: number,
  { manifest, reader }: SnapshotContents,
): Promise<Map<string, CustomerPage>> {
  return pagesOf(shard, bits, manifest.customers, (hash) => reader.customers(hash));
}

/** The products' pages of one of 2^bits shards. */
export function productsOfShard(
  shard: number,
  bits: number,
  { manifest, reader }: SnapshotContents,
): Promise<Map<string, ProductPage>> {
  return pagesOf(shard, bits, manifest.products, (hash) => reader.products(hash));
}

async function pagesOf<Page>(
  shard: number,
  bits: number,
  shards: Shards,
  read: (hash: string) => Opened<PageSegment<Page>>,
): Promise<Map<string, Page>> {
  const hash = segmentOfShard(shard, bits, shards);
  const segment = hash === undefined ? undefined : await read(hash);
  const pages = new Map<string, Page>();
  for (const key of segment?.keys() ?? []) {
    const page = shardOf(key, bits) === shard ? segment?.find(key) : undefined;
    if (page !== undefined) pages.set(key, page);
  }
  return pages;
}
