import { canonicalJson } from "../canonical-json.ts";
import type { LoggedEvent } from "./event.ts";
import { sha256Hex } from "./sha256-hex.ts";

/** The hash before the first event's. */
const noHash = "0".repeat(64);

/** The entry of an event that follows `previous`; undefined: it is the first one. */
export function appendToChain(
  previous: Pick<LoggedEvent, "seq" | "hash"> | undefined,
  entry: Pick<LoggedEvent, "at" | "actor" | "event">,
): LoggedEvent {
  const { at, actor, event } = entry;
  const seq = (previous?.seq ?? 0) + 1;
  return { seq, at, actor, event, hash: hashOf({ seq, at, actor, event }, previous?.hash ?? noHash) };
}

/**
 * The seq at which a log is not the one that its hashes were made of; undefined: it is whole. That its end was cut off
 * can't be seen from the log alone: compare the last hash with one that is kept elsewhere.
 */
export function findBreak(log: readonly LoggedEvent[]): number | undefined {
  let previous = noHash;
  for (const [index, { hash, ...entry }] of log.entries()) {
    const seq = index + 1;
    if (entry.seq !== seq || hash !== hashOf(entry, previous)) return seq;
    previous = hash;
  }
  return undefined;
}

/** Of all that an entry says, also of what this version doesn't know. */
function hashOf(entry: Omit<LoggedEvent, "hash">, previous: string): string {
  return sha256Hex(previous + canonicalJson(entry));
}
