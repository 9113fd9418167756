import { ByteWriter } from "./bytes.ts";
import { contentHash } from "./hash.ts";
import { bitsFor } from "./partition.ts";
import {
  frameHeaderBytes,
  frameMagic,
  frameVersion,
  groupOf,
  kindNumbers,
  type EncodedSegment,
  type SegmentKind,
} from "./segment.ts";

const keysPerGroup = 4;

/** Puts entries into a frame: equal entries and tails make equal bytes, in whatever order they come. */
export class FrameWriter {
  readonly #keys: string[] = [];
  /** Where each entry's body begins. */
  readonly #starts: number[] = [];
  // All bodies in one place: a price has some fifty bytes, and a segment hundreds of them.
  readonly #bodies = new ByteWriter();

  /** Begins an entry, whose body is what is written to the result before the next one begins. */
  entry(key: string): ByteWriter {
    this.#keys.push(key);
    this.#starts.push(this.#bodies.length);
    return this.#bodies;
  }

  done(kind: SegmentKind, tail: Uint8Array): EncodedSegment {
    const bits = bitsFor(this.#keys.length, keysPerGroup);
    const starts = new ByteWriter(4 * 2 ** bits);
    const contents = new ByteWriter(2 * this.#bodies.length);
    for (const group of this.#groups(2 ** bits)) {
      starts.uint32(contents.length);
      for (const index of group) this.#writeEntry(index, contents);
    }
    const segment = new ByteWriter(frameHeaderBytes + starts.length + contents.length + tail.length);
    segment.uint32(frameMagic);
    for (const part of [frameVersion, kindNumbers[kind], bits, 0]) segment.byte(part);
    segment.uint32(this.#keys.length);
    segment.uint32(frameHeaderBytes + starts.length + contents.length);
    segment.raw(starts.written());
    segment.raw(contents.written());
    segment.raw(tail);
    const bytes = segment.done();
    return { hash: contentHash(bytes), bytes };
  }

  /** The numbers of the entries, group by group, in each by key. */
  #groups(count: number): readonly (readonly number[])[] {
    const groups = Array.from({ length: count }, (): number[] => []);
    for (const index of this.#inOrder()) groups[groupOf(this.#keys[index] ?? "", count)]?.push(index);
    return groups;
  }

  #inOrder(): Iterable<number> {
    const keys = this.#keys;
    const isInOrder = keys.every((key, index) => index === 0 || (keys[index - 1] ?? "") < key);
    if (isInOrder) return keys.keys();
    return [...keys.keys()].sort((a, b) => ((keys[a] ?? "") < (keys[b] ?? "") ? -1 : 1));
  }

  #writeEntry(index: number, contents: ByteWriter): void {
    const start = this.#starts[index] ?? 0;
    const end = this.#starts[index + 1] ?? this.#bodies.length;
    contents.text(this.#keys[index] ?? "");
    contents.varint(end - start);
    contents.copy(this.#bodies, start, end);
  }
}

/** A frame of entries whose bodies there are already. */
export function encodeFrame(
  kind: SegmentKind,
  entries: Iterable<readonly [key: string, body: Uint8Array]>,
): EncodedSegment {
  const frame = new FrameWriter();
  for (const [key, body] of entries) frame.entry(key).raw(body);
  return frame.done(kind, new Uint8Array());
}
