import { sha256 } from "@noble/hashes/sha2.js";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/** Of a segment's name, before it is written as text. */
export const segmentNameBytes = 16;
const idBytes = 8;
const encoder = new TextEncoder();

/** The name of immutable bytes: 128 bits of their SHA-256, base64url. */
export function contentHash(bytes: Uint8Array): string {
  return base64url(sha256(bytes).subarray(0, segmentNameBytes));
}

/** A short id from what defines a thing within one snapshot: 64 bits, base64url. */
export function idOf(definition: string): string {
  return base64url(sha256(encoder.encode(definition)).subarray(0, idBytes));
}

/**
 * 32 bits by which keys are spread over shards and buckets: FNV-1a with the finish of MurmurHash3. A look-up needs
 * it for each line, and it has to be even, not secret.
 */
export function spread(key: string, seed = 0x811c9dc5): number {
  let hash = seed;
  for (let index = 0; index < key.length; index++) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** 64 bits that change with the text, base 36: to tell whether it is another, not to keep a secret. */
export function fingerprint(text: string): string {
  return spread(text).toString(36) + spread(text, 0x9747b28c).toString(36);
}

export function base64url(bytes: Uint8Array): string {
  let text = "";
  for (let index = 0; index < bytes.length; index += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(index, index + 3);
    const group = (a << 16) | (b << 8) | c;
    for (let position = 0; position <= Math.min(3, bytes.length - index); position++) {
      text += alphabet[(group >> (18 - 6 * position)) & 63];
    }
  }
  return text;
}

/** The bytes of what `base64url` gave. */
export function fromBase64url(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let length = 0;
  for (const character of text) {
    bits = ((bits << 6) | alphabet.indexOf(character)) & 0xffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes[length++] = (bits >> held) & 0xff;
  }
  return bytes;
}
