import type { PriceRounding } from "../pricing/line-total.ts";
import { ByteReader, ByteWriter, decodeJson, decodeText, encodeText } from "./bytes.ts";
import { encodeFrame } from "./frame-writer.ts";
import { base64url, fromBase64url, segmentNameBytes } from "./hash.ts";
import { SegmentError } from "./segment-error.ts";
import { SegmentFrame, type EncodedSegment } from "./segment.ts";

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
  /** The segments of all pages, where they are few bytes: who has the manifest need not read them. */
  readonly pages: readonly Uint8Array[];
}

/** Keys spread over 2^bits segments; an empty shard is left out. */
export interface Shards {
  readonly bits: number;
  readonly segments: Readonly<Record<string, string>>;
}

/** Writes the manifest as format.md describes. */
export function encodeManifest(manifest: Manifest): EncodedSegment {
  const { sequence, rounding, currencies, products, customers, buckets, pages } = manifest;
  return encodeFrame("manifest", [
    ["about", encodeText(JSON.stringify({ sequence, rounding, currencies }))],
    ["products", encodeShards(products)],
    ["customers", encodeShards(customers)],
    ["buckets", encodeBuckets(buckets)],
    ["pages", encodePageSegments(pages)],
  ]);
}

/** @throws {SegmentError} when the bytes are no manifest */
export function readManifest(bytes: Uint8Array): Manifest {
  const frame = new SegmentFrame("manifest", bytes);
  const { start, end } = partOf(frame, "about");
  // The content hash of the bytes vouches for it: only the compiler writes it.
  const about = decodeJson(bytes, start, end) as Pick<Manifest, "sequence" | "rounding" | "currencies">;
  return {
    ...about,
    products: readShards(readerOf(frame, "products")),
    customers: readShards(readerOf(frame, "customers")),
    buckets: readBuckets(readerOf(frame, "buckets")),
    pages: readPageSegments(readerOf(frame, "pages")),
  };
}

/** Every segment that the manifest names, and none twice; overlays are named by the customer pages. */
export function segmentsOf(manifest: Manifest): Set<string> {
  return new Set([
    ...Object.values(manifest.products.segments),
    ...Object.values(manifest.customers.segments),
    ...Object.values(manifest.buckets).flatMap((variants) => Object.values(variants)),
  ]);
}

function partOf(frame: SegmentFrame, name: string) {
  const body = frame.find(name);
  if (body === undefined) throw new SegmentError(`The manifest has no ${name}`);
  return body;
}

function readerOf(frame: SegmentFrame, name: string): ByteReader {
  return new ByteReader(frame.bytes, partOf(frame, name).start);
}

function encodeShards({ bits, segments }: Shards): Uint8Array {
  const writer = new ByteWriter();
  writer.byte(bits);
  encodeNames(
    writer,
    Array.from({ length: 2 ** bits }, (_, shard) => segments[shard]),
  );
  return writer.done();
}

const bitsMax = 24;

function readShards(reader: ByteReader): Shards {
  const bits = reader.byte();
  if (bits > bitsMax) throw new SegmentError("The manifest has more shards than can be");
  const segments: Record<string, string> = {};
  for (const [shard, name] of readNames(reader, 2 ** bits).entries()) {
    if (name !== undefined) segments[shard] = name;
  }
  return { bits, segments };
}

/** Names of which some are absent: a bit for each, then those that there are. */
function encodeNames(writer: ByteWriter, names: readonly (string | undefined)[]): void {
  for (let start = 0; start < names.length; start += 8) {
    let present = 0;
    for (let bit = 0; bit < 8; bit++) if (names[start + bit] !== undefined) present |= 1 << bit;
    writer.byte(present);
  }
  for (const name of names) if (name !== undefined) writer.raw(fromBase64url(name));
}

function readNames(reader: ByteReader, count: number): (string | undefined)[] {
  const present = reader.raw(Math.ceil(count / 8));
  const names: (string | undefined)[] = [];
  for (let index = 0; index < count; index++) {
    const isPresent = ((present[index >> 3] ?? 0) & (1 << (index & 7))) !== 0;
    names.push(isPresent ? base64url(reader.raw(segmentNameBytes)) : undefined);
  }
  return names;
}

// The buckets of a class have nearly all the same variants, so these are named once a class.
function encodeBuckets(buckets: Manifest["buckets"]): Uint8Array {
  const writer = new ByteWriter();
  const ids = Object.keys(buckets).sort();
  const classes = Map.groupBy(ids, (id) => id.slice(0, id.lastIndexOf(".")));
  writer.varint(classes.size);
  for (const [pricingClass, own] of classes) {
    const variants = [...new Set(own.flatMap((id) => Object.keys(buckets[id] ?? {})))].sort();
    writer.text(pricingClass);
    writer.varint(variants.length);
    for (const variant of variants) writer.text(variant);
    writer.varint(own.length);
    for (const id of own) {
      writer.text(id.slice(pricingClass.length + 1));
      encodeNames(
        writer,
        variants.map((variant) => buckets[id]?.[variant]),
      );
    }
  }
  return writer.done();
}

function readBuckets(reader: ByteReader): Manifest["buckets"] {
  const buckets: Record<string, Record<string, string>> = {};
  for (let classes = reader.count(); classes > 0; classes--) {
    const pricingClass = readText(reader);
    const variants = Array.from({ length: boundedCount(reader) }, () => readText(reader));
    for (let left = reader.count(); left > 0; left--) {
      const id = `${pricingClass}.${readText(reader)}`;
      const names: Record<string, string> = {};
      for (const [index, name] of readNames(reader, variants.length).entries()) {
        if (name !== undefined) names[variants[index] ?? ""] = name;
      }
      buckets[id] = names;
    }
  }
  return buckets;
}

function encodePageSegments(pages: readonly Uint8Array[]): Uint8Array {
  const writer = new ByteWriter();
  writer.varint(pages.length);
  for (const bytes of pages) {
    writer.varint(bytes.length);
    writer.raw(bytes);
  }
  return writer.done();
}

function readPageSegments(reader: ByteReader): Uint8Array[] {
  return Array.from({ length: boundedCount(reader) }, () => reader.raw(reader.count()));
}

function readText(reader: ByteReader): string {
  const bytes = reader.raw(reader.count());
  return decodeText(bytes, 0, bytes.length);
}

/** A number of things of a byte at least: more than there are bytes is damage. */
function boundedCount(reader: ByteReader): number {
  const count = reader.count();
  if (count > reader.bytes.length) throw new SegmentError("The manifest has a number that can't be");
  return count;
}
