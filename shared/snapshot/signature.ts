import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { base64url } from "./hash.ts";

/** A signature of a text: 22 characters of base64url. */
export const signatureForm = "[\\w-]{22}";

const signatureBytes = 16;
const secretLengthMin = 32;

/** @param purpose keeps these signatures apart from all others made with the same secret */
export function signatureOf(purpose: string, content: string, secret: string): string {
  if (secret.length < secretLengthMin) {
    throw new RangeError(`Cannot sign with a secret of under ${secretLengthMin} characters`);
  }
  const encoder = new TextEncoder();
  const mac = hmac(sha256, encoder.encode(secret), encoder.encode(`${purpose}:${content}`));
  return base64url(mac.subarray(0, signatureBytes));
}

export function isSignatureOf(signed: string, purpose: string, content: string, secret: string): boolean {
  return sameText(signed, signatureOf(purpose, content, secret));
}

// In the same time wherever the texts differ, so that a signature can't be guessed byte by byte.
function sameText(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let index = 0; index < a.length; index++) difference |= a.charCodeAt(index) ^ b.charCodeAt(index);
  return difference === 0;
}
