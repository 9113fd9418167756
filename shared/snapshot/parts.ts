/** A segment's bytes in D1 `published`, where a row holds at most 2 MB: in parts, from 0 up. */
export const selectParts = "SELECT bytes FROM segments WHERE hash = ?1 ORDER BY part";

export function joinParts(parts: readonly ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
