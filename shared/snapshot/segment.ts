import { contentHash } from "./hash.ts";

/**
 * The one place that knows how a segment's bytes are laid out: JSON, with the keys in code-unit order so that
 * equal contents are equal bytes. Readers see only `Segment`.
 */
export interface Segment<Value> {
  readonly kind: SegmentKind;
  /** How much memory it takes, roughly: the size of its bytes. */
  readonly size: number;
  keys(): Iterable<string>;
  find(key: string): Value | undefined;
}

export type SegmentKind = "prices" | "products" | "customers" | "manifest";

export interface EncodedSegment {
  readonly hash: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const format = 1;

export function encodeSegment<Value>(kind: SegmentKind, values: ReadonlyMap<string, Value>): EncodedSegment {
  const sorted = [...values].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const bytes = new TextEncoder().encode(JSON.stringify({ format, kind, entries: sorted }));
  return { hash: contentHash(bytes), bytes };
}

/**
 * Opens a segment's bytes.
 * @throws {SegmentError} when they are no segment of this kind
 */
export function openSegment<Value>(kind: SegmentKind, bytes: Uint8Array): Segment<Value> {
  let parsed: { format?: unknown; kind?: unknown; entries?: unknown };
  try {
    parsed = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as typeof parsed;
  } catch (error) {
    throw new SegmentError("The bytes are no segment", { cause: error });
  }
  if (parsed.format !== format || parsed.kind !== kind || !Array.isArray(parsed.entries)) {
    throw new SegmentError(`The bytes are no segment of the kind ${kind} in format ${format}`);
  }
  // The content hash of the bytes vouches for the values: only the compiler writes them.
  const entries = new Map(parsed.entries as [string, Value][]);
  return { kind, size: bytes.length, keys: () => entries.keys(), find: (key) => entries.get(key) };
}

export class SegmentError extends Error {
  override readonly name = "SegmentError";
}
