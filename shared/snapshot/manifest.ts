import type { PriceRounding } from "../pricing/line-total.ts";
import { encodePages, openPages } from "./page-segment.ts";
import type { EncodedSegment } from "./segment.ts";

/** All of a snapshot: what its segments are, by name. What is not in it does not exist in the snapshot. */
export interface Manifest {
  readonly sequence: number;
  /** How unit prices and line values are rounded. */
  readonly rounding: PriceRounding;
  /** The currencies that some price is in. */
  readonly currencies: readonly string[];
  readonly products: Shards;
  readonly customers: Shards;
  /** By bucket, then by `variant/currency`: the segment of prices. An absent one says that there are none. */
  readonly buckets: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Keys spread over 2^bits segments; an empty shard is left out. */
export interface Shards {
  readonly bits: number;
  readonly segments: Readonly<Record<string, string>>;
}

export function encodeManifest(manifest: Manifest): EncodedSegment {
  return encodePages("manifest", new Map(Object.entries(manifest)));
}

export function readManifest(bytes: Uint8Array): Manifest {
  const segment = openPages<unknown>("manifest", bytes);
  return Object.fromEntries(
    [...segment.keys()].map((key) => [key, segment.find(key)]),
  ) as unknown as Manifest;
}

/** Every segment that the manifest names, and none twice; overlays are named by the customer pages. */
export function segmentsOf(manifest: Manifest): Set<string> {
  return new Set([
    ...Object.values(manifest.products.segments),
    ...Object.values(manifest.customers.segments),
    ...Object.values(manifest.buckets).flatMap((variants) => Object.values(variants)),
  ]);
}
