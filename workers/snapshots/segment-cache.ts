import { readManifest, type Manifest } from "../../shared/snapshot/manifest.ts";
import pLimit, { type LimitFunction } from "p-limit";
import type { CustomerPage, ProductPage } from "../../shared/snapshot/page.ts";
import type { Opened, SegmentReader } from "../../shared/snapshot/placed.ts";
import { openPages, type PageSegment } from "../../shared/snapshot/page-segment.ts";
import { openPrices, type PriceSegment } from "../../shared/snapshot/price-segment.ts";
import { SegmentError } from "../../shared/snapshot/segment-error.ts";
import { isOfKind } from "../../shared/snapshot/segment.ts";
import { contentHash } from "../../shared/snapshot/hash.ts";
import { log } from "../../shared/api/log.ts";
import { Problem } from "../../shared/api/problem.ts";
import type { SegmentStore } from "./segment-store.ts";

// As many as a request to a Worker may have open at once; further ones would wait for these in any case.
const connectionsMax = 6;

/** Reads all of a snapshot. */
export interface SnapshotReader extends SegmentReader {
  manifest(hash: string): Opened<Manifest>;
}

/** Something opened, with the size of the bytes that it was opened from. */
interface Kept {
  readonly value: unknown;
  readonly size: number;
}

/**
 * Opened segments in an isolate's memory, the ones used last, up to a number of bytes. What is opened takes a
 * few times the memory of its bytes, so the bound is far below an isolate's 128 MB. Values are kept beyond a
 * request, never promises: a promise belongs to the request that made it, and may never settle when that is
 * cancelled.
 */
export class SegmentCache {
  readonly #bytesMax: number;
  readonly #opened = new Map<string, Kept>();
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /**
   * One request's way through the cache: many lines that need one segment wait for one reading of it. What is in
   * neither the cache nor the store ends the request with `snapshot_unavailable`.
   */
  reader(store: SegmentStore): SnapshotReader {
    return new CacheReader(this, store);
  }

  /** Keeps a manifest that came unasked, under the name that its bytes have; what can't be opened is left. */
  offerManifest(bytes: Uint8Array): void {
    const hash = contentHash(bytes);
    if (this.#opened.has(hash)) return;
    try {
      this.#keep(hash, { value: this.openManifest(bytes), size: bytes.length });
    } catch (error) {
      if (!(error instanceof SegmentError)) throw error;
      log("manifest_copy_damaged", { error });
    }
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** What is kept under the hash, from now on the one used last. */
  recall(hash: string): Kept | undefined {
    const known = this.#opened.get(hash);
    if (known === undefined) return undefined;
    this.#opened.delete(hash);
    this.#opened.set(hash, known);
    return known;
  }

  /** Keeps the pages too that came with it. */
  openManifest(bytes: Uint8Array): Manifest {
    const manifest = readManifest(bytes);
    for (const page of manifest.pages) {
      const value = isOfKind("products", page) ? openProducts(page) : openCustomers(page);
      this.#keep(contentHash(page), { value, size: page.length });
    }
    return manifest;
  }

  async load<Value>(hash: string, store: SegmentStore, open: (bytes: Uint8Array) => Value): Promise<Value> {
    const bytes = await bytesOf(hash, store);
    const value = openOrRefuse(hash, bytes, open);
    this.#keep(hash, { value, size: bytes.length });
    return value;
  }

  #keep(hash: string, opened: Kept): void {
    if (opened.size > this.#bytesMax || this.#opened.has(hash)) return;
    this.#opened.set(hash, opened);
    this.#bytes += opened.size;
    for (const [oldest, { size }] of this.#opened) {
      if (this.#bytes <= this.#bytesMax) break;
      this.#opened.delete(oldest);
      this.#bytes -= size;
    }
  }
}

class CacheReader implements SnapshotReader {
  readonly #cache: SegmentCache;
  readonly #store: SegmentStore;
  #underway: Map<string, Promise<unknown>> | undefined;
  #inTurn: LimitFunction | undefined;

  constructor(cache: SegmentCache, store: SegmentStore) {
    this.#cache = cache;
    this.#store = store;
  }

  prices(hash: string): Opened<PriceSegment> {
    return this.#read(hash, openPrices);
  }

  products(hash: string): Opened<PageSegment<ProductPage>> {
    return this.#read(hash, openProducts);
  }

  customers(hash: string): Opened<PageSegment<CustomerPage>> {
    return this.#read(hash, openCustomers);
  }

  manifest(hash: string): Opened<Manifest> {
    return this.#read(hash, (bytes) => this.#cache.openManifest(bytes));
  }

  #read<Value>(hash: string, open: (bytes: Uint8Array) => Value): Opened<Value> {
    // A hash stands for one kind of contents for ever, so what is found under it is what was asked for.
    const known = this.#cache.recall(hash);
    if (known !== undefined) return known.value as Value;
    this.#underway ??= new Map();
    const begun = this.#underway.get(hash);
    if (begun !== undefined) return begun as Promise<Value>;
    this.#inTurn ??= pLimit(connectionsMax);
    const loading = this.#inTurn(() => this.#cache.load(hash, this.#store, open));
    this.#underway.set(hash, loading);
    return loading;
  }
}

function openProducts(bytes: Uint8Array): PageSegment<ProductPage> {
  return openPages("products", bytes);
}

function openCustomers(bytes: Uint8Array): PageSegment<CustomerPage> {
  return openPages("customers", bytes);
}

/** Every store could be asked, and none has the segment whole. */
export class SegmentMissing extends Problem {
  constructor(hash: string) {
    super("snapshot_unavailable", { cause: `No store has ${hash} whole` });
  }
}

async function bytesOf(hash: string, store: SegmentStore): Promise<Uint8Array> {
  let bytes: Uint8Array | undefined;
  try {
    bytes = await store.get(hash);
  } catch (cause) {
    throw new Problem("snapshot_unavailable", { detail: "No store could be read", cause });
  }
  if (bytes === undefined) throw new SegmentMissing(hash);
  return bytes;
}

function openOrRefuse<Value>(hash: string, bytes: Uint8Array, open: (bytes: Uint8Array) => Value): Value {
  try {
    return open(bytes);
  } catch (error) {
    if (error instanceof SegmentError) {
      throw new Problem("snapshot_unavailable", {
        cause: new Error(`Cannot open ${hash}`, { cause: error }),
      });
    }
    throw error;
  }
}
