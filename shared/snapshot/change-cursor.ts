import { base64url, fromBase64url } from "./hash.ts";
import type { Head } from "./head.ts";
import { isSignatureOf, signatureForm, signatureOf } from "./signature.ts";

/** Where in the order of customers and SKUs a page of changes ended. */
export interface ChangePosition {
  readonly shard: number;
  readonly customer: string;
  readonly unit: number;
  readonly candidate: number;
}

/** The head that a sequence of pages leads to. */
export type ChangeTarget = Pick<Head, "number" | "manifest" | "snapshot" | "sequence">;

/**
 * How far a reader of changes has come: the head that it has seen whole, and, in the middle of the changes to a later
 * one, which that is and where it stands. Signed, so that nobody can have other snapshots compared.
 */
export interface ChangeCursor {
  readonly seen: Pick<Head, "number" | "manifest">;
  readonly toward?: {
    readonly head: ChangeTarget;
    readonly position: ChangePosition;
  };
}

const form = new RegExp(`^pwc1\\.([\\w-]{1,3000})\\.(${signatureForm})$`);
const purpose = "changes";

export function signChangeCursor({ seen, toward }: ChangeCursor, secret: string): string {
  const parts = [seen.number, seen.manifest, toward?.head, toward?.position].filter(
    (part) => part !== undefined,
  );
  const content = base64url(new TextEncoder().encode(JSON.stringify(parts)));
  return `pwc1.${content}.${signatureOf(purpose, content, secret)}`;
}

/** What the cursor says, or undefined when this secret did not sign it. */
export function readChangeCursor(text: string, secret: string): ChangeCursor | undefined {
  const match = form.exec(text);
  if (match === null) return undefined;
  const [, content = "", signed = ""] = match;
  if (!isSignatureOf(signed, purpose, content, secret)) return undefined;
  // The signature vouches for the form.
  const [number, manifest, head, position] = JSON.parse(
    new TextDecoder("utf-8", { fatal: true }).decode(fromBase64url(content)),
  ) as [number, string, ...([] | [ChangeTarget, ChangePosition])];
  const seen = { number, manifest };
  return head === undefined || position === undefined ? { seen } : { seen, toward: { head, position } };
}
