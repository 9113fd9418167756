import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { base64url } from "./hash.ts";
import type { Head } from "./head.ts";

/**
 * 'At least as fresh as this': the head's number, the sequence it must have been through, or both. Signed, so
 * that a caller can't ask every edge for a snapshot that will never come.
 */
export interface Freshness {
  readonly number: number;
  readonly through: number;
}

const form = /^pwt1_(\d{1,15})_(\d{1,15})_([\w-]{22})$/;
const signatureBytes = 16;
const secretLengthMin = 32;

export function signToken({ number, through }: Freshness, secret: string): string {
  const content = `pwt1_${number}_${through}`;
  return `${content}_${signature(content, secret)}`;
}

/** What the token asks for, or undefined when this secret did not sign it. */
export function readToken(token: string, secret: string): Freshness | undefined {
  const match = form.exec(token);
  if (match === null) return undefined;
  const [, number, through, signed = ""] = match;
  if (!sameText(signed, signature(`pwt1_${number}_${through}`, secret))) return undefined;
  return { number: Number(number), through: Number(through) };
}

export function isFreshEnough(head: Head, wanted: Freshness): boolean {
  return head.number >= wanted.number && head.through >= wanted.through;
}

function signature(content: string, secret: string): string {
  if (secret.length < secretLengthMin) {
    throw new RangeError(`Cannot sign with a secret of under ${secretLengthMin} characters`);
  }
  const encoder = new TextEncoder();
  // The prefix keeps these signatures apart from all others made with the same secret.
  const mac = hmac(sha256, encoder.encode(secret), encoder.encode(`freshness:${content}`));
  return base64url(mac.subarray(0, signatureBytes));
}

// In the same time wherever the texts differ, so that a signature can't be guessed byte by byte.
function sameText(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let index = 0; index < a.length; index++) difference |= a.charCodeAt(index) ^ b.charCodeAt(index);
  return difference === 0;
}
