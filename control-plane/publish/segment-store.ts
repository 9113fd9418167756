import { bytesToHex } from "@noble/hashes/utils.js";
import { contentHash } from "../../shared/snapshot/hash.ts";
import { segmentBytesMax } from "../compile/fit-prices.ts";
import { segmentKey } from "../../shared/snapshot/keys.ts";
import { bytesOfParts, selectParts, type PartRow } from "../../shared/snapshot/parts.ts";
import type { EncodedSegment } from "../../shared/snapshot/segment.ts";

// D1 takes a bound text of at most 2 MB, and bytes are bound as hexadecimal digits: as an array of numbers,
// the way D1 takes a blob, they would be twice that.
const bytesPerStatement = 900_000;
const namesPerStatement = 20_000;

export interface Written {
  readonly written: number;
  readonly reused: number;
  readonly bytesWritten: number;
}

/**
 * Writes the segments that the store of record does not have yet.
 * @param beforeWrite is told their names first, so that none is forgotten if this ends halfway
 */
export async function writeSegments(
  database: D1Database,
  segments: readonly EncodedSegment[],
  beforeWrite: (hashes: readonly string[]) => void | Promise<void>,
): Promise<Written> {
  const distinct = new Map(segments.map((segment) => [segment.hash, segment]));
  const stored = await storedOf(database, [...distinct.keys()]);
  const fresh = [...distinct.values()].filter(({ hash }) => !stored.has(hash));
  if (fresh.length > 0) {
    const statements = insertions(database, fresh);
    await beforeWrite(fresh.map(({ hash }) => hash));
    await database.batch(statements);
  }
  return {
    written: fresh.length,
    reused: stored.size,
    bytesWritten: fresh.reduce((sum, { bytes }) => sum + bytes.length, 0),
  };
}

function insertions(database: D1Database, segments: readonly EncodedSegment[]): D1PreparedStatement[] {
  const statements: D1PreparedStatement[] = [];
  let rows: (readonly [hash: string, part: number, parts: number, hex: string])[] = [];
  let size = 0;
  const flush = () => {
    if (rows.length > 0) statements.push(database.prepare(insertParts).bind(JSON.stringify(rows)));
    rows = [];
    size = 0;
  };
  for (const { hash, bytes } of segments) {
    if (bytes.length > segmentBytesMax) throw new SegmentTooLarge(bytes.length);
    // What KV takes as one value D1 gets in parts.
    const parts = Math.max(1, Math.ceil(bytes.length / bytesPerStatement));
    for (let part = 0; part < parts; part++) {
      const some = bytes.subarray(part * bytesPerStatement, (part + 1) * bytesPerStatement);
      if (size + some.length > bytesPerStatement) flush();
      rows.push([hash, part, parts, bytesToHex(some)]);
      size += some.length;
    }
  }
  flush();
  return statements;
}

const insertParts = `INSERT INTO segments (hash, part, parts, bytes)
  SELECT value ->> 0, value ->> 1, value ->> 2, unhex(value ->> 3) FROM json_each(?1) WHERE true
  ON CONFLICT (hash, part) DO NOTHING`;

/** A segment that can't be published: too many prices of one customer or product group. */
export class SegmentTooLarge extends Error {
  override readonly name = "SegmentTooLarge";

  constructor(bytes: number) {
    super(`Cannot store a segment of ${bytes} bytes, as the most is ${segmentBytesMax}`);
  }
}

/** Those of the segments that the store of record has whole. */
export async function storedOf(database: D1Database, hashes: readonly string[]): Promise<Set<string>> {
  const { results } = await database
    .prepare(
      `SELECT hash FROM segments WHERE hash IN (SELECT value FROM json_each(?1))
       GROUP BY hash HAVING count(*) = max(parts)`,
    )
    .bind(JSON.stringify(hashes))
    .all<{ hash: string }>();
  return new Set(results.map(({ hash }) => hash));
}

/** @throws {SegmentDamaged} unless the store of record has all of the segments */
export async function requireStored(database: D1Database, hashes: readonly string[]): Promise<void> {
  for (let start = 0; start < hashes.length; start += namesPerStatement) {
    const some = hashes.slice(start, start + namesPerStatement);
    const stored = await storedOf(database, some);
    const missing = some.filter((hash) => !stored.has(hash));
    if (missing.length > 0) {
      throw new SegmentDamaged(`The store of record lacks ${missing.length} segments, ${missing[0]} for one`);
    }
  }
}

/**
 * The bytes of a segment from the store of record.
 * @throws {SegmentDamaged} when it is missing or its bytes do not have its hash
 */
export async function readSegment(database: D1Database, hash: string): Promise<Uint8Array<ArrayBuffer>> {
  const { results } = await database.prepare(selectParts).bind(hash).all<PartRow>();
  const bytes = bytesOfParts(results);
  if (contentHash(bytes) === hash) return bytes;
  throw new SegmentDamaged(`The store of record does not have the segment ${hash} whole`);
}

/**
 * Copies a segment to KV and reads it back: only then may a manifest name it.
 * @throws {Error} when KV gives back something else, which it may for a while and then not any more
 */
export async function copyToKv(kv: KVNamespace, hash: string, bytes: Uint8Array): Promise<void> {
  await kv.put(segmentKey(hash), bytes);
  const copy = await kv.get(segmentKey(hash), "arrayBuffer");
  if (copy === null || contentHash(new Uint8Array(copy)) !== hash) {
    throw new Error(`KV did not give back the segment ${hash} as it was written`);
  }
}

export class SegmentDamaged extends Error {
  override readonly name = "SegmentDamaged";
}
