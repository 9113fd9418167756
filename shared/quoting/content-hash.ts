import { canonicalJson } from "../canonical-json.ts";
import type { Revision } from "./quote.ts";
import { sha256Hex } from "./sha256-hex.ts";

/**
 * The hash of what a revision promises to whom: its lines, terms, prices and totals, whoever made it and whenever.
 * An approval binds it, and what is sent, accepted and ordered must have the same.
 */
export function contentHash(revision: Revision, currency: string, customer: string): string {
  const { number: _number, by: _by, at: _at, ...content } = revision;
  return sha256Hex(canonicalJson({ customer, currency, ...content }));
}
