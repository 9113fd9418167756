/** The key of a segment in KV. Written before any manifest names it; its value never changes. */
export function segmentKey(hash: string): string {
  return `segment/${hash}`;
}

/** The key of the head's copy in KV, a JSON `Head` that may be older than the head's Durable Object says. */
export const headKey = "head";
