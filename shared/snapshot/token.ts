import type { Head } from "./head.ts";
import { isSignatureOf, signatureForm, signatureOf } from "./signature.ts";

/**
 * 'At least as fresh as this': the head's number, the sequence it must have been through, or both. Signed, so
 * that a caller can't ask every edge for a snapshot that will never come.
 */
export interface Freshness {
  readonly number: number;
  readonly through: number;
}

const form = new RegExp(`^pwt1_(\\d{1,15})_(\\d{1,15})_(${signatureForm})$`);
const purpose = "freshness";

export function signToken({ number, through }: Freshness, secret: string): string {
  const content = `pwt1_${number}_${through}`;
  return `${content}_${signatureOf(purpose, content, secret)}`;
}

/** What the token asks for, or undefined when this secret did not sign it. */
export function readToken(token: string, secret: string): Freshness | undefined {
  const match = form.exec(token);
  if (match === null) return undefined;
  const [, number, through, signed = ""] = match;
  if (!isSignatureOf(signed, purpose, `pwt1_${number}_${through}`, secret)) return undefined;
  return { number: Number(number), through: Number(through) };
}

export function isFreshEnough(head: Head, wanted: Freshness): boolean {
  return head.number >= wanted.number && head.through >= wanted.through;
}
