import { SegmentError } from "./segment-error.ts";

const encoder = new TextEncoder();
const smallMax = BigInt(Number.MAX_SAFE_INTEGER);
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Bytes that grow as they are written to. Whole numbers are little-endian; a varint has 7 bits a byte, lowest first. */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  constructor(bytesExpected = 1024) {
    this.#bytes = new Uint8Array(bytesExpected);
  }

  get length(): number {
    return this.#length;
  }

  byte(value: number): void {
    this.#room(1);
    this.#bytes[this.#length++] = value;
  }

  uint32(value: number): void {
    this.#room(4);
    for (let shift = 0; shift < 32; shift += 8) this.#bytes[this.#length++] = (value >>> shift) & 0xff;
  }

  varint(value: bigint | number): void {
    let rest = value;
    // Most are small, and then a number is several times as fast as a bigint.
    if (typeof rest === "bigint") {
      while (rest > smallMax) {
        this.byte(Number(rest & 0x7fn) | 0x80);
        rest >>= 7n;
      }
      rest = Number(rest);
    }
    while (rest >= 0x80) {
      this.byte((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.byte(rest);
  }

  raw(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** What another has written from `start` to `end`; for few bytes, of which each costs less than a view of them. */
  copy(other: ByteWriter, start: number, end: number): void {
    this.#room(end - start);
    for (let at = start; at < end; at++) this.#bytes[this.#length++] = other.#bytes[at] ?? 0;
  }

  /** A varint of the length in bytes, then the text in UTF-8. */
  text(value: string): void {
    const start = this.#length;
    // Keys have few letters, of ASCII mostly, and then one byte holds their length.
    if (value.length < 0x80) {
      this.byte(value.length);
      if (this.#ascii(value)) return;
      this.#length = start;
    }
    const bytes = encoder.encode(value);
    this.varint(bytes.length);
    this.raw(bytes);
  }

  /** The text in UTF-8. */
  utf8(value: string): void {
    if (!this.#ascii(value)) this.raw(encoder.encode(value));
  }

  /** Writes a text of ASCII without an encoder, whose results are objects of their own; nothing of any other. */
  #ascii(value: string): boolean {
    this.#room(value.length);
    for (let index = 0; index < value.length; index++) {
      const code = value.charCodeAt(index);
      if (code >= 0x80) return false;
      this.#bytes[this.#length + index] = code;
    }
    this.#length += value.length;
    return true;
  }

  /** What is written, where it is. */
  written(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** A copy of what is written. */
  done(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  #room(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}

/**
 * A place in bytes, moved on by what is read.
 * @throws {SegmentError} from each read beyond the end
 */
export class ByteReader {
  readonly bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  byte(): number {
    const value = this.bytes[this.at];
    if (value === undefined) throw new SegmentError("The segment ends too early");
    this.at++;
    return value;
  }

  /** A length or a number of something. */
  count(): number {
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new SegmentError("The segment has a length that can't be");
  }

  /** The digits of a varint of any size. */
  digits(): string {
    // Up to 2^49 a number holds every integer exactly, and is several times as fast as a bigint.
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 7; count++) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return String(value);
      scale *= 128;
    }
    let large = BigInt(value);
    for (let shift = 49n; shift < digitBitsMax; shift += 7n) {
      const byte = this.byte();
      large |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return String(large);
    }
    throw new SegmentError("The segment has a number that can't be");
  }

  /** The next bytes, where they are. */
  raw(length: number): Uint8Array {
    const start = this.at;
    if (start + length > this.bytes.length) throw new SegmentError("The segment ends too early");
    this.at = start + length;
    return this.bytes.subarray(start, this.at);
  }

  skipVarints(count: number): void {
    for (let left = count; left > 0; left--) while (this.byte() >= 0x80);
  }
}

// Far above any decimal that a record may hold, and a bound on what damaged bytes can cost.
const digitBitsMax = 1024n;

export function uint32At(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] ?? 0) |
      ((bytes[at + 1] ?? 0) << 8) |
      ((bytes[at + 2] ?? 0) << 16) |
      ((bytes[at + 3] ?? 0) << 24)) >>>
    0
  );
}

export function encodeText(text: string): Uint8Array {
  return encoder.encode(text);
}

/** @throws {SegmentError} when the bytes are not UTF-8 */
export function decodeText(bytes: Uint8Array, start: number, end: number): string {
  try {
    return decoder.decode(bytes.subarray(start, end));
  } catch (cause) {
    throw new SegmentError("The segment has a text that is not UTF-8", { cause });
  }
}

/** @throws {SegmentError} when the bytes are not JSON */
export function decodeJson(bytes: Uint8Array, start: number, end: number): unknown {
  try {
    return JSON.parse(decodeText(bytes, start, end));
  } catch (cause) {
    throw new SegmentError("The segment has a value that can't be read", { cause });
  }
}
