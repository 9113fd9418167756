import type { Price, Product } from "../../shared/pricing/records.ts";
import type { EncodedSegment } from "../../shared/snapshot/segment.ts";
import {
  compileBucket,
  type BucketRecords,
  type CompileContext,
  type OverlayFragment,
} from "../compile/bucket.ts";
import type { BucketNames } from "../compile/manifest-of.ts";
import type { Bucket } from "../compile/plan.ts";
import { readPricesOf, readProducts } from "../queries/read-records.ts";
import { recordOf } from "./load-plan.ts";
import { writeSegments, type Written } from "./segment-store.ts";

/** What a compiled bucket leaves behind, besides its segments in the store of record. */
export interface BucketResult {
  readonly id: string;
  readonly names: BucketNames;
  readonly fragments: readonly OverlayFragment[];
  readonly accounts: readonly string[];
  readonly unpriced: readonly string[];
}

/** Where segments are noted before they are written, so that none is forgotten. */
export type NoteOutgoing = (hashes: readonly string[]) => void | Promise<void>;

export interface CompileDatabases {
  readonly catalog: D1Database;
  readonly published: D1Database;
}

/** Compiles buckets of the catalogue as it was at a sequence, and writes their segments. */
export async function compileBuckets(
  buckets: readonly Bucket[],
  context: CompileContext,
  sequence: number,
  { catalog, published }: CompileDatabases,
  note: NoteOutgoing,
): Promise<{ readonly results: readonly BucketResult[]; readonly written: Written }> {
  const records = await readBuckets(buckets, sequence, catalog);
  const compiled = records.map(([bucket, own]) => ({ bucket, result: compileBucket(bucket, own, context) }));
  const segments = compiled.flatMap(({ result }) => [...result.segments.values()]);
  const written = await writeInBatches(published, segments, note);
  const results = compiled.map(({ bucket, result }) => ({
    id: bucket.id,
    names: {
      segments: Object.fromEntries([...result.segments].map(([key, { hash }]) => [key, hash])),
      currencies: [...result.currencies],
    },
    fragments: result.fragments,
    accounts: result.accounts,
    unpriced: result.unpriced,
  }));
  return { results, written };
}

/** The records of buckets as they were at a sequence. */
export async function readBuckets(
  buckets: readonly Bucket[],
  sequence: number,
  catalog: D1Database,
): Promise<(readonly [Bucket, BucketRecords])[]> {
  const skus = buckets.flatMap((bucket) => bucket.skus);
  const [productRows, priceRows] = await Promise.all([
    readProducts(catalog, { skus, sequence }),
    readPricesOf(catalog, { skus, sequence }),
  ]);
  const products = new Map(productRows.map((row) => [row.id, recordOf<Product>(row)]));
  const prices = Map.groupBy(
    priceRows.map((row) => recordOf<Price>(row)),
    ({ sku }) => sku,
  );
  return buckets.map((bucket) => [
    bucket,
    {
      products: bucket.skus.flatMap((sku) => products.get(sku) ?? []),
      prices: bucket.skus.flatMap((sku) => prices.get(sku) ?? []),
    },
  ]);
}

const segmentsAtOnce = 200;
const bytesAtOnce = 8_000_000;

/** Writes the segments that the store of record does not have, a few megabytes at a time. */
export async function writeInBatches(
  published: D1Database,
  segments: readonly EncodedSegment[],
  note: NoteOutgoing,
): Promise<Written> {
  const total = { written: 0, reused: 0, bytesWritten: 0 };
  for (const some of byTheMegabyte(segments)) {
    const result = await writeSegments(published, some, note);
    total.written += result.written;
    total.reused += result.reused;
    total.bytesWritten += result.bytesWritten;
  }
  return total;
}

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
