import { ByteReader, decodeText, encodeText, uint32At } from "./bytes.ts";
import { spread } from "./hash.ts";
import { SegmentError } from "./segment-error.ts";

/** Where an entry's body is in the segment's bytes. */
export interface Body {
  readonly start: number;
  readonly end: number;
}

export type SegmentKind = "prices" | "products" | "customers" | "manifest";

export interface EncodedSegment {
  readonly hash: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export const frameMagic = 0x47_53_57_50;
export const frameVersion = 2;
export const kindNumbers: Readonly<Record<SegmentKind, number>> = {
  prices: 1,
  products: 2,
  customers: 3,
  manifest: 4,
};
export const frameHeaderBytes = 16;

/** Whether bytes say that they are a segment of this kind. */
export function isOfKind(kind: SegmentKind, bytes: Uint8Array): boolean {
  return bytes[5] === kindNumbers[kind];
}

/**
 * The frame that every segment has: entries by key, found without reading the others. format.md describes the
 * bytes. The contents of an entry's body are up to the kind: see page-segment.ts and price-segment.ts. An isolate
 * holds many frames, which is why this is a class: closures of each frame's own are far slower to call.
 */
export class SegmentFrame {
  readonly bytes: Uint8Array;
  /** Where the part after the entries begins. */
  readonly tail: number;
  readonly #groups: number;
  /** Where the first entry is. */
  readonly #first: number;

  /**
   * Opens a segment's bytes where they are; nothing but the header is read.
   * @throws {SegmentError} when they are no segment of this kind, as do reads of entries that are damaged
   */
  constructor(kind: SegmentKind, bytes: Uint8Array) {
    if (bytes.length < frameHeaderBytes || uint32At(bytes, 0) !== frameMagic)
      throw new SegmentError("The bytes are no segment");
    const bits = bytes[6] ?? 0;
    const tail = uint32At(bytes, 12);
    const first = frameHeaderBytes + 4 * 2 ** bits;
    if (
      bytes[4] !== frameVersion ||
      bytes[5] !== kindNumbers[kind] ||
      bits > 24 ||
      first > tail ||
      tail > bytes.length
    ) {
      throw new SegmentError(`The bytes are no segment of the kind ${kind} in version ${frameVersion}`);
    }
    this.bytes = bytes;
    this.tail = tail;
    this.#groups = 2 ** bits;
    this.#first = first;
  }

  find(key: string): Body | undefined {
    const { bytes, tail } = this;
    const group = groupOf(key, this.#groups);
    const end = Math.min(this.#startOf(group + 1), tail);
    const cursor = new ByteReader(bytes, this.#startOf(group));
    let encoded: Uint8Array | undefined;
    while (cursor.at < end) {
      const keyLength = cursor.count();
      const keyStart = cursor.at;
      let same: boolean | undefined;
      if (encoded === undefined) same = isAsciiAt(bytes, keyStart, keyLength, key);
      if (same === undefined) {
        encoded ??= encodeText(key);
        same = isAt(bytes, keyStart, keyLength, encoded);
      }
      cursor.at += keyLength;
      const length = cursor.count();
      const body = { start: cursor.at, end: cursor.at + length };
      if (body.end > end) throw new SegmentError("An entry of the segment is cut off");
      if (same) return body;
      cursor.at = body.end;
    }
    return undefined;
  }

  /** In the order of the bytes. */
  *entries(): Generator<readonly [key: string, body: Body]> {
    const { bytes, tail } = this;
    const cursor = new ByteReader(bytes, this.#first);
    while (cursor.at < tail) {
      const keyLength = cursor.count();
      const key = decodeText(bytes, cursor.at, cursor.at + keyLength);
      cursor.at += keyLength;
      const length = cursor.count();
      const body = { start: cursor.at, end: cursor.at + length };
      if (body.end > tail) throw new SegmentError("An entry of the segment is cut off");
      cursor.at = body.end;
      yield [key, body];
    }
  }

  #startOf(group: number): number {
    if (group === this.#groups) return this.tail;
    return this.#first + uint32At(this.bytes, frameHeaderBytes + 4 * group);
  }
}

// The trailing bits, since keys share the leading ones when these chose the segment.
export function groupOf(key: string, groups: number): number {
  return spread(key) & (groups - 1);
}

/** Undefined when the key has to be encoded to tell. */
function isAsciiAt(bytes: Uint8Array, at: number, length: number, key: string): boolean | undefined {
  for (let index = 0; index < key.length; index++) {
    const code = key.charCodeAt(index);
    if (code > 0x7f) return undefined;
    if (bytes[at + index] !== code) return false;
  }
  return length === key.length;
}

function isAt(bytes: Uint8Array, at: number, length: number, key: Uint8Array): boolean {
  return length === key.length && key.every((byte, index) => bytes[at + index] === byte);
}
