/**
 * Where segments are kept: immutable bytes by content hash. `get` gives the bytes that have this hash, or
 * undefined when the store does not have them (or has them damaged); it rejects only when the store can't tell.
 */
export interface SegmentStore {
  readonly name: string;
  get(hash: string): Promise<Uint8Array | undefined>;
}
