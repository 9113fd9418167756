import { spread } from "./hash.ts";

/**
 * Keys spread over 2^bits shards by the leading bits of their hash, so that adding a key moves no other key
 * until the number of shards doubles.
 */
export function shardOf(key: string, bits: number): number {
  return bits === 0 ? 0 : spread(key) >>> (32 - bits);
}

/** As few bits as keep the mean shard at or below `target` keys. */
export function bitsFor(keys: number, target: number): number {
  let bits = 0;
  while (keys > target * 2 ** bits) bits++;
  return bits;
}
