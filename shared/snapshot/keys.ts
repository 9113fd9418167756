/** The key of a segment in KV. Written before any manifest names it; its value never changes. */
export function segmentKey(hash: string): string {
  return `segment/${hash}`;
}

/** The key of the head's copy in KV, a JSON `Head` that may be older than the head's Durable Object says. */
export const headKey = "head";

/**
 * The key of a copy of the live snapshot's manifest in KV, so that who knows nothing yet reads it beside the head. It
 * may be another snapshot's than the head's copy says; the content hash of its bytes tells.
 */
export const manifestKey = "manifest";
