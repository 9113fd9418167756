import type { Instant } from "../../shared/pricing/instant.ts";
import { noRules, variantKey, type CustomerPage } from "../../shared/snapshot/page.ts";
import { allOpen } from "../../shared/snapshot/placed.ts";
import type { PriceSegment, StoredCurve } from "../../shared/snapshot/price-segment.ts";
import {
  customersOfShard,
  segmentOfShard,
  type SnapshotContents,
} from "../../shared/snapshot/shard-pages.ts";
import { ProductBuckets } from "./product-buckets.ts";
import { changeOf, isWorse, type PriceChange } from "./price-change.ts";
import type { Tally } from "./tally.ts";

/** A place where prices stand: one variant's in a bucket. */
interface Place {
  readonly bucket: string;
  readonly key: string;
}

type Pair<Value> = readonly [before: Value, after: Value];

/** Which other prices of its product a price that has come or gone is compared with, at most. */
const counterpartsMax = 8;
/** How many segments a unit reads for that, at most: the products of many classes may have come into one. */
const readsMax = 150;

/**
 * The prices in which two snapshots differ, in units of bounded work that stand in one order: a variant's segment in a
 * bucket each, then a shard of customers with their own prices. What both name is not read.
 *
 * A price is compared with the one that stood in the same place. Where there was none, since variants are named by
 * what they do and products move from class to class, it is compared with those of its product that stood elsewhere in
 * the same currency: the least remarkable change counts.
 */
export class PriceWalk {
  readonly #sides: Pair<SnapshotContents>;
  readonly #looking: { readonly now: Instant; readonly factor: number };
  readonly #places: readonly Place[];
  readonly #customerBits: number;
  readonly #shards: readonly number[];
  readonly #buckets: Pair<ProductBuckets>;

  constructor(
    before: SnapshotContents,
    after: SnapshotContents,
    looking: { readonly now: Instant; readonly factor: number },
  ) {
    const [old, fresh] = [before.manifest, after.manifest];
    this.#sides = [before, after];
    this.#buckets = [new ProductBuckets(before), new ProductBuckets(after)];
    this.#looking = looking;
    this.#places = [...new Set([...Object.keys(old.buckets), ...Object.keys(fresh.buckets)])]
      .sort()
      .flatMap((bucket) => {
        const [own, other] = [old.buckets[bucket] ?? {}, fresh.buckets[bucket] ?? {}];
        const keys = [...new Set([...Object.keys(own), ...Object.keys(other)])].sort();
        return keys.filter((key) => own[key] !== other[key]).map((key) => ({ bucket, key }));
      });
    this.#customerBits = Math.max(old.customers.bits, fresh.customers.bits);
    this.#shards = [...Array(2 ** this.#customerBits).keys()].filter(
      (shard) =>
        segmentOfShard(shard, this.#customerBits, old.customers) !==
        segmentOfShard(shard, this.#customerBits, fresh.customers),
    );
  }

  /** How many units there are. */
  get units(): number {
    return this.#places.length + this.#shards.length;
  }

  /** Looks at all prices of one unit. */
  async visit(unit: number, tally: Tally): Promise<void> {
    const place = this.#places[unit];
    if (place !== undefined) {
      const hashes = this.#sides.map(({ manifest }) => manifest.buckets[place.bucket]?.[place.key]);
      await this.#compare([hashes[0], hashes[1]], currencyOf(place.key), place, tally);
      return;
    }
    const shard = this.#shards[unit - this.#places.length];
    if (shard !== undefined) await this.#visitCustomers(shard, tally);
  }

  async #visitCustomers(shard: number, tally: Tally): Promise<void> {
    const [before, after] = this.#sides;
    const old = await customersOfShard(shard, this.#customerBits, before);
    const fresh = await customersOfShard(shard, this.#customerBits, after);
    for (const customer of [...new Set([...old.keys(), ...fresh.keys()])].sort()) {
      const pages = [old.get(customer), fresh.get(customer)] as const;
      // Whoever is blocked is so on purpose.
      if (pages[1]?.blocked === true) continue;
      for (const [currency, hashes] of overlaysOf(pages)) {
        await this.#compare(hashes, currency, undefined, tally);
      }
    }
  }

  /** @param place where the prices stand; undefined: they are a customer's own */
  async #compare(
    hashes: Pair<string | undefined>,
    currency: string,
    place: Place | undefined,
    tally: Tally,
  ): Promise<void> {
    const [before, after] = await Promise.all(
      this.#sides.map(async ({ reader }, side) => {
        const hash = hashes[side];
        return hash === undefined ? undefined : reader.prices(hash);
      }),
    );
    const lost = new Map<string, StoredCurve>();
    for (const [sku, old] of curvesOf(before)) {
      tally.look(1);
      const fresh = after?.find(sku);
      if (fresh === undefined) lost.set(sku, old);
      else tally.add(sku, currency, changeOf(old, fresh, this.#looking));
    }
    for (const [sku, old] of await this.#nowhere(lost, currency, place, after !== undefined)) {
      tally.add(sku, currency, changeOf(old, undefined, this.#looking));
    }
    const come = new Map([...curvesOf(after)].filter(([sku]) => before?.find(sku) === undefined));
    const others = this.#counterparts(come.keys(), currency, place, this.#buckets[0]);
    for await (const [sku, counterparts] of others) {
      const fresh = come.get(sku);
      const changes = counterparts?.map((old) => changeOf(old, fresh, this.#looking)) ?? [];
      tally.add(sku, currency, leastOf(changes));
    }
  }

  /**
   * Those of the prices that are not where they were, and nowhere else: their variant may be called otherwise by now,
   * or their product be in another bucket. A customer's own prices are nowhere else.
   */
  async #nowhere(
    lost: ReadonlyMap<string, StoredCurve>,
    currency: string,
    place: Place | undefined,
    isPlaceThere: boolean,
  ): Promise<ReadonlyMap<string, StoredCurve>> {
    if (place === undefined) return lost;
    const gone = new Map(lost);
    const buckets = this.#buckets[1];
    const moved: string[] = [];
    for (const sku of lost.keys()) {
      if (!isPlaceThere || (await buckets.of(sku, place.bucket)) !== place.bucket) moved.push(sku);
    }
    const others = this.#counterparts(moved, currency, place, buckets);
    for await (const [sku, counterparts] of others) if (counterparts?.length !== 0) gone.delete(sku);
    return gone;
  }

  /**
   * Other prices of products, of the variant of the same name and the one without rules first. Bucket by bucket, so
   * that each segment is read once. Undefined where a product's turn comes when as much was read as a unit may: its
   * price counts as unchanged.
   */
  async *#counterparts(
    skus: Iterable<string>,
    currency: string,
    place: Place | undefined,
    buckets: ProductBuckets,
  ): AsyncGenerator<readonly [sku: string, counterparts: readonly StoredCurve[] | undefined]> {
    const { manifest, reader } = buckets.side;
    const byBucket = new Map<string, string[]>();
    for (const sku of skus) {
      const bucket = (await buckets.of(sku, place?.bucket)) ?? "";
      byBucket.set(bucket, [...(byBucket.get(bucket) ?? []), sku]);
    }
    const first = [place?.key, variantKey(noRules, currency)].filter((key) => key !== undefined);
    let reads = 0;
    for (const [bucket, own] of byBucket) {
      const names = manifest.buckets[bucket] ?? {};
      const keys = [...new Set([...first, ...Object.keys(names)])]
        .filter((key) => currencyOf(key) === currency && names[key] !== undefined)
        .slice(0, counterpartsMax);
      reads += keys.length;
      if (reads > readsMax) {
        for (const sku of own) yield [sku, undefined];
        continue;
      }
      const segments = await allOpen(keys.map((key) => reader.prices(names[key] ?? "")));
      for (const sku of own) yield [sku, segments.flatMap((segment) => segment.find(sku) ?? [])];
    }
  }
}

function currencyOf(key: string): string {
  return key.slice(key.lastIndexOf("/") + 1);
}

/** The customer's own prices that are in other segments, each pair of segments once. */
function overlaysOf([before, after]: Pair<CustomerPage | undefined>): [
  currency: string,
  hashes: Pair<string | undefined>,
][] {
  const channels = new Set([...channelsOf(before), ...channelsOf(after)]);
  const pairs = new Map<string, [string, Pair<string | undefined>]>();
  for (const channel of channels) {
    const [old, fresh] = [overlayIn(channel, before), overlayIn(channel, after)];
    for (const currency of new Set([...Object.keys(old), ...Object.keys(fresh)])) {
      const hashes = [old[currency], fresh[currency]] as const;
      if (hashes[0] !== hashes[1]) pairs.set(JSON.stringify([currency, ...hashes]), [currency, hashes]);
    }
  }
  return [...pairs.values()];
}

function channelsOf(page: CustomerPage | undefined): readonly string[] {
  return Object.keys(page?.placements ?? {});
}

/** In a channel that a page does not name, what is for all others counts. */
function overlayIn(channel: string, page: CustomerPage | undefined): Readonly<Record<string, string>> {
  const placements = page?.placements ?? {};
  const placement = Object.hasOwn(placements, channel) ? placements[channel] : placements[""];
  return placement?.overlay ?? {};
}

function* curvesOf(segment: PriceSegment | undefined): Generator<readonly [sku: string, StoredCurve]> {
  for (const sku of segment?.keys() ?? []) {
    const curve = segment?.find(sku);
    if (curve !== undefined) yield [sku, curve];
  }
}

/** The least remarkable one; without any there is nothing to compare with. */
function leastOf(changes: readonly PriceChange[]): PriceChange {
  let [least] = changes;
  for (const change of changes) if (least !== undefined && isWorse(least.kind, change.kind)) least = change;
  return least ?? { kind: "same" };
}
