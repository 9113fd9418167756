import { log } from "../../shared/api/log.ts";
import { Problem } from "../../shared/api/problem.ts";
import type { Head } from "../../shared/snapshot/head.ts";
import { headKey, manifestKey } from "../../shared/snapshot/keys.ts";
import { isFreshEnough, type Freshness } from "../../shared/snapshot/token.ts";

/** The places that know the head: its copy in KV, and its Durable Object, which decides. */
export interface HeadSources {
  copy(): Promise<Head | undefined>;
  authority(): Promise<Head | undefined>;
}

export interface HeadBounds {
  /** A copy in memory that was confirmed within this time is taken as it is. */
  readonly freshMilliseconds: number;
  /** One that could not be confirmed for this long is no longer served. */
  readonly staleMillisecondsMax: number;
}

/**
 * Which snapshot this isolate serves. It never goes back to an older head than it has seen, however late KV's
 * copies arrive, and it serves none that nobody could confirm within the bound.
 */
export class HeadReader {
  readonly #bounds: HeadBounds;
  #head: Head | undefined;
  #confirmedAt = -Infinity;

  constructor(bounds: HeadBounds) {
    this.#bounds = bounds;
  }

  /** Whether it has read nothing yet. */
  get isCold(): boolean {
    return this.#head === undefined;
  }

  /** The head in memory, if it was confirmed a moment ago and is as fresh as wanted. */
  known(now: number, wanted: Freshness | undefined): Head | undefined {
    if (this.#head === undefined || now - this.#confirmedAt > this.#bounds.freshMilliseconds)
      return undefined;
    return wanted === undefined || isFreshEnough(this.#head, wanted) ? this.#head : undefined;
  }

  /**
   * A head at least as fresh as wanted.
   * @throws {Problem} `not_ready`, `stale_snapshot` or, before the first snapshot, `snapshot_unavailable`
   */
  async read(sources: HeadSources, now: number, wanted: Freshness | undefined): Promise<Head> {
    if (now - this.#confirmedAt > this.#bounds.freshMilliseconds) await this.#confirm(sources, now);
    if (this.#head !== undefined && wanted !== undefined && !isFreshEnough(this.#head, wanted)) {
      // KV's copy may be a minute behind; the caller has seen or made a newer snapshot, so the head itself is asked.
      await this.#ask("authority", sources, now);
    }
    if (this.#head === undefined) {
      throw new Problem("snapshot_unavailable", {
        detail: "Nothing has been published yet",
        headers: retrySoon,
      });
    }
    if (now - this.#confirmedAt > this.#bounds.staleMillisecondsMax) {
      throw new Problem("stale_snapshot", { headers: retrySoon });
    }
    if (wanted !== undefined && !isFreshEnough(this.#head, wanted)) {
      throw new Problem("not_ready", { headers: retrySoon });
    }
    return this.#head;
  }

  async #confirm(sources: HeadSources, now: number): Promise<void> {
    const found = await this.#ask("copy", sources, now);
    if (!found) await this.#ask("authority", sources, now);
  }

  /** Whether the source gave a head. */
  async #ask(source: keyof HeadSources, sources: HeadSources, now: number): Promise<boolean> {
    try {
      const head = await sources[source]();
      if (head === undefined) return false;
      if (this.#head === undefined || head.number > this.#head.number) this.#head = head;
      this.#confirmedAt = Math.max(this.#confirmedAt, now);
      return true;
    } catch (error) {
      log("head_source_failed", { source, error });
      return false;
    }
  }
}

const retrySoon = { "Retry-After": "1" };

// The least that KV allows.
const cacheTtlSeconds = 30;

/** Reads KV's copy of the head. */
export async function readHeadCopy(kv: KVNamespace): Promise<Head | undefined> {
  return (await kv.get<Head>(headKey, { type: "json", cacheTtl: cacheTtlSeconds })) ?? undefined;
}

/** Reads KV's copy of a manifest, most likely the head's. */
export async function readManifestCopy(kv: KVNamespace): Promise<Uint8Array | undefined> {
  const buffer = await kv.get(manifestKey, { type: "arrayBuffer", cacheTtl: cacheTtlSeconds });
  return buffer === null ? undefined : new Uint8Array(buffer);
}
