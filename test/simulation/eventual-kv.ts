import type { SeededRandom } from "./seeded-random.ts";

interface Version {
  readonly value: string | Uint8Array<ArrayBuffer>;
  readonly at: number;
  /** When each place first sees it. */
  readonly seenFrom: Map<string, number>;
}

interface Remembered {
  readonly value: Version["value"] | undefined;
  readonly until: number;
}

const putMillisecondsMin = 1_000;
const defaultCacheSeconds = 60;
/** The longest that a place waits for a write, beside what it has cached. */
export const delayMillisecondsMax = 120_000;

/**
 * Workers KV as it is where it runs, rather than locally: each place sees a write some time later, a minute and
 * more; what a place has read it keeps for a while, also that there was nothing; and a key takes one write a second.
 */
export class EventualKv {
  readonly #random: SeededRandom;
  readonly #now: () => number;
  readonly #versions = new Map<string, Version[]>();
  readonly #remembered = new Map<string, Remembered>();

  constructor(random: SeededRandom, now: () => number) {
    this.#random = random;
    this.#now = now;
  }

  /** The namespace as a Worker in this place has it. */
  at(place: string): KVNamespace {
    const namespace = {
      get: async (key: string, options?: string | { type?: string; cacheTtl?: number }) => {
        const { type = "text", cacheTtl = defaultCacheSeconds } =
          typeof options === "string" ? { type: options } : (options ?? {});
        return valueAs(type, this.#read(place, key, cacheTtl * 1_000));
      },
      put: async (key: string, value: string | Uint8Array) => this.#put(place, key, value),
    };
    return namespace as unknown as KVNamespace; // A plane that calls anything else fails at once.
  }

  /** What was written last. */
  newest(key: string): Version["value"] | undefined {
    return this.#versions.get(key)?.at(-1)?.value;
  }

  #put(place: string, key: string, value: string | Uint8Array): void {
    const versions = this.#versions.get(key) ?? [];
    const at = this.#now();
    if (at - (versions.at(-1)?.at ?? -Infinity) < putMillisecondsMin)
      throw new Error("KV PUT failed: 429 Too Many Requests");
    versions.push({
      value: typeof value === "string" ? value : new Uint8Array(value),
      at,
      seenFrom: new Map([[place, this.#random.chance(0.95) ? at : at + this.#random.below(5_000)]]),
    });
    this.#versions.set(key, versions);
    this.#remembered.delete(`${place} ${key}`);
  }

  #read(place: string, key: string, cacheMilliseconds: number): Version["value"] | undefined {
    const now = this.#now();
    const name = `${place} ${key}`;
    const remembered = this.#remembered.get(name);
    if (remembered !== undefined && remembered.until > now) return remembered.value;
    const value = this.#versions
      .get(key)
      ?.findLast((version) => this.#seenFrom(place, version) <= now)?.value;
    this.#remembered.set(name, { value, until: now + cacheMilliseconds });
    return value;
  }

  #seenFrom(place: string, { at, seenFrom }: Version): number {
    const known = seenFrom.get(place);
    if (known !== undefined) return known;
    const most = this.#random.pick([1_000, 1_000, 60_000, delayMillisecondsMax]);
    const from = at + this.#random.below(most);
    seenFrom.set(place, from);
    return from;
  }
}

function valueAs(type: string, value: Version["value"] | undefined): unknown {
  if (value === undefined) return null;
  if (type === "json") return JSON.parse(String(value));
  return type === "arrayBuffer" && typeof value !== "string" ? value.slice().buffer : value;
}

/** Changes one bit. */
export function damage(bytes: Uint8Array, random: SeededRandom): void {
  const index = random.below(bytes.length);
  bytes[index] = (bytes[index] ?? 0) ^ (1 << random.below(8));
}
