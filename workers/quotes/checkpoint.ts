import type { LoggedEvent } from "../../shared/quoting/event.ts";
import { isSignatureOf, signatureOf } from "../../shared/snapshot/signature.ts";

/** What a quote's log was at an event, as signed and kept outside of the quote's object. */
export interface Checkpoint {
  readonly quote: string;
  readonly seq: number;
  /** The event's, which binds all before it. */
  readonly hash: string;
  readonly at: string;
  readonly signature: string;
}

const purpose = "quote checkpoint";

export function checkpointOf(
  quote: string,
  { seq, hash, at }: Pick<LoggedEvent, "seq" | "hash" | "at">,
  secret: string,
): Checkpoint {
  return {
    quote,
    seq,
    hash,
    at,
    signature: signatureOf(purpose, contentOf({ quote, seq, hash, at }), secret),
  };
}

export function isGenuine({ signature, ...checkpoint }: Checkpoint, secret: string): boolean {
  return isSignatureOf(signature, purpose, contentOf(checkpoint), secret);
}

function contentOf({ quote, seq, hash, at }: Omit<Checkpoint, "signature">): string {
  return JSON.stringify([quote, seq, hash, at]);
}
