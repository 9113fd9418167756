import { readManifest, type Manifest } from "../../shared/snapshot/manifest.ts";
import type { SegmentReader } from "../../shared/snapshot/placed.ts";
import type { CustomerPage, ProductPage } from "../../shared/snapshot/page.ts";
import { openPages, type PageSegment } from "../../shared/snapshot/page-segment.ts";
import { openPrices } from "../../shared/snapshot/price-segment.ts";
import { readSegment } from "./segment-store.ts";

/** A published snapshot, read from the store of record. */
export interface PublishedSnapshot {
  readonly manifest: Manifest;
  readonly reader: SegmentReader;
}

// Enough for a run of questions about one customer or product group; the store is asked for the others again.
const segmentsKeptMax = 64;

/** @param manifest the content hash of the snapshot's manifest */
export function openPublished(database: D1Database, manifest: string): Promise<PublishedSnapshot> {
  return openSnapshot((hash) => readSegment(database, hash), manifest);
}

/** A snapshot whose segments are read from somewhere else. */
export async function openSnapshot(
  bytesOf: (hash: string) => Promise<Uint8Array>,
  manifest: string,
): Promise<PublishedSnapshot> {
  const opened = new Map<string, unknown>();
  const read = async <Segment>(hash: string, open: (bytes: Uint8Array) => Segment): Promise<Segment> => {
    const known = opened.get(hash);
    const segment = known ?? open(await bytesOf(hash));
    opened.delete(hash);
    opened.set(hash, segment);
    const [oldest] = opened.keys();
    if (opened.size > segmentsKeptMax && oldest !== undefined) opened.delete(oldest);
    // A hash stands for one kind of contents for ever.
    return segment as Segment;
  };
  return {
    manifest: readManifest(await bytesOf(manifest)),
    reader: {
      prices: (hash) => read(hash, openPrices),
      products: (hash) => read(hash, (bytes): PageSegment<ProductPage> => openPages("products", bytes)),
      customers: (hash) => read(hash, (bytes): PageSegment<CustomerPage> => openPages("customers", bytes)),
    },
  };
}
