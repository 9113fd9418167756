import { bytesToHex } from "@noble/hashes/utils.js";
import { contentHash } from "../../shared/snapshot/hash.ts";
import { segmentKey } from "../../shared/snapshot/keys.ts";
import type { EncodedSegment } from "../../shared/snapshot/segment.ts";

// D1 takes a bound text of at most 2 MB, and bytes are bound as hexadecimal digits: as an array of numbers,
// the way D1 takes a blob, they would be twice that.
const bytesPerStatement = 900_000;
const segmentBytesMax = 1_900_000;
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
  beforeWrite: (hashes: readonly string[]) => void,
): Promise<Written> {
  const distinct = new Map(segments.map((segment) => [segment.hash, segment]));
  const known = await storedSizes(database, [...distinct.keys()]);
  const fresh = [...distinct.values()].filter(({ hash }) => !known.has(hash));
  if (fresh.length > 0) {
    beforeWrite(fresh.map(({ hash }) => hash));
    await database.batch(insertions(database, fresh));
  }
  return {
    written: fresh.length,
    reused: known.size,
    bytesWritten: fresh.reduce((sum, { bytes }) => sum + bytes.length, 0),
  };
}

function insertions(database: D1Database, segments: readonly EncodedSegment[]): D1PreparedStatement[] {
  const statements: D1PreparedStatement[] = [];
  let rows: string[][] = [];
  let size = 0;
  const flush = () => {
    if (rows.length > 0) statements.push(database.prepare(insertSegments).bind(JSON.stringify(rows)));
    rows = [];
    size = 0;
  };
  for (const { hash, bytes } of segments) {
    if (bytes.length > segmentBytesMax) throw new SegmentTooLarge(bytes.length);
    if (bytes.length > bytesPerStatement) {
      statements.push(database.prepare(insertSegment).bind(hash, bytes));
      continue;
    }
    if (size + bytes.length > bytesPerStatement) flush();
    rows.push([hash, bytesToHex(bytes)]);
    size += bytes.length;
  }
  flush();
  return statements;
}

const insertSegments = `INSERT INTO segments (hash, bytes)
  SELECT value ->> 0, unhex(value ->> 1) FROM json_each(?1) WHERE true
  ON CONFLICT (hash) DO NOTHING`;

const insertSegment = "INSERT INTO segments (hash, bytes) VALUES (?1, ?2) ON CONFLICT (hash) DO NOTHING";

export class SegmentTooLarge extends Error {
  override readonly name = "SegmentTooLarge";

  constructor(bytes: number) {
    super(`Cannot store a segment of ${bytes} bytes: the database takes at most ${segmentBytesMax}`);
  }
}

/** The sizes in bytes of those of the segments that the store of record has. */
async function storedSizes(database: D1Database, hashes: readonly string[]): Promise<Map<string, number>> {
  const { results } = await database
    .prepare(
      "SELECT hash, length(bytes) AS size FROM segments WHERE hash IN (SELECT value FROM json_each(?1))",
    )
    .bind(JSON.stringify(hashes))
    .all<{ hash: string; size: number }>();
  return new Map(results.map(({ hash, size }) => [hash, size]));
}

/** @throws {SegmentDamaged} unless the store of record has all of the segments */
export async function requireStored(database: D1Database, hashes: readonly string[]): Promise<void> {
  for (let start = 0; start < hashes.length; start += namesPerStatement) {
    const some = hashes.slice(start, start + namesPerStatement);
    const stored = await storedSizes(database, some);
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
  const row = await database
    .prepare("SELECT bytes FROM segments WHERE hash = ?1")
    .bind(hash)
    .first<{ bytes: ArrayBuffer | number[] }>();
  if (row === null) throw new SegmentDamaged(`The store of record has no segment ${hash}`);
  const bytes = new Uint8Array(row.bytes);
  if (contentHash(bytes) !== hash)
    throw new SegmentDamaged(`The store of record's segment ${hash} is damaged`);
  return bytes;
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
