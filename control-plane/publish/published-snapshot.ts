import { readManifest, type Manifest } from "../../shared/snapshot/manifest.ts";
import type { SegmentReader } from "../../shared/snapshot/placed.ts";
import { openSegment, type Segment, type SegmentKind } from "../../shared/snapshot/segment.ts";
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
  const opened = new Map<string, Segment<unknown>>();
  const read = async <Value>(kind: SegmentKind, hash: string): Promise<Segment<Value>> => {
    const known = opened.get(hash);
    const segment = known ?? openSegment<Value>(kind, await bytesOf(hash));
    opened.delete(hash);
    opened.set(hash, segment);
    const [oldest] = opened.keys();
    if (opened.size > segmentsKeptMax && oldest !== undefined) opened.delete(oldest);
    // A hash stands for one kind of contents for ever.
    return segment as Segment<Value>;
  };
  return {
    manifest: readManifest(await bytesOf(manifest)),
    reader: {
      prices: (hash) => read("prices", hash),
      products: (hash) => read("products", hash),
      customers: (hash) => read("customers", hash),
    },
  };
}
