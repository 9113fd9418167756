/**
 * Numbers that look random and are the same on every machine for the same seed (mulberry32, seeded with the
 * FNV-1a hash of a text). All arithmetic is on 32-bit integers.
 */
export class RandomIntegers {
  #state: number;

  constructor(seed: string) {
    this.#state = 0x811c9dc5;
    for (let index = 0; index < seed.length; index++) {
      this.#state = Math.imul(this.#state ^ seed.charCodeAt(index), 0x01000193);
    }
  }

  /** From 0 up to, not including, `limit`. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  /** `count` of the values, each at most once, in their own order. */
  pick<Value>(values: readonly Value[], count: number): readonly Value[] {
    let wanted = count;
    return values.filter((_value, index) => {
      const taken = this.below(values.length - index) < wanted;
      if (taken) wanted--;
      return taken;
    });
  }
}
