import { hexToBytes } from "@noble/hashes/utils.js";

/**
 * A segment's bytes in D1 `published`, where a row holds at most 2 MB: in parts, from 0 up. They are asked for as
 * hexadecimal digits, since D1 gives a blob as an array of numbers, which takes ten times as long to read.
 */
export const selectParts = "SELECT hex(bytes) AS digits FROM segments WHERE hash = ?1 ORDER BY part";

/** A row of that. */
export interface PartRow {
  readonly digits: string;
}

export function bytesOfParts(rows: readonly PartRow[]): Uint8Array<ArrayBuffer> {
  return joinParts(rows.map(({ digits }) => hexToBytes(digits)));
}

export function joinParts(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
