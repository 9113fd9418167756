import type { ChangePosition } from "./change-cursor.ts";
import { DifferingSkus } from "./differing-skus.ts";
import type { CustomerPage, ProductPage } from "./page.ts";
import { shardOf } from "./partition.ts";
import { defaultCurrency, findCurve, openLayers, place, type Placed } from "./placed.ts";
import { customersOfShard, productsOfShard, segmentOfShard, type SnapshotContents } from "./shard-pages.ts";

/** One bounded piece of a comparison: a SKU that changed for a customer, or nothing, and where to go on. */
export interface ChangeStep {
  readonly found: { readonly customer: string; readonly sku: string } | undefined;
  readonly next: ChangePosition;
}

/** Where every comparison begins. */
export const firstPosition: ChangePosition = { shard: 0, customer: "", unit: 0, candidate: 0 };

type Pair<Value> = readonly [before: Value, after: Value];

/**
 * The SKUs whose prices differ for a customer between two snapshots: at any instant, quantity and unit, in any
 * currency and channel. In one order for the same two snapshots: by shard, customer, and within a customer its own
 * prices, then products that changed, then buckets. What both name is not read, and each step reads a few segments
 * at most, so that a reader may stop after any step and go on from its position.
 *
 * @param customers those to look at; null is all of them
 */
export async function* changedSkus(
  before: SnapshotContents,
  after: SnapshotContents,
  customers: readonly string[] | null,
  from: ChangePosition,
): AsyncGenerator<ChangeStep> {
  const comparison = new Comparison(before, after);
  const bits = Math.max(before.manifest.customers.bits, after.manifest.customers.bits);
  const wanted = customers === null ? undefined : Map.groupBy(customers, (id) => shardOf(id, bits));
  for (let shard = from.shard; shard < 2 ** bits; shard++) {
    const own = wanted?.get(shard);
    if (wanted !== undefined && own === undefined) continue;
    const isSameShard =
      segmentOfShard(shard, bits, before.manifest.customers) ===
      segmentOfShard(shard, bits, after.manifest.customers);
    if (isSameShard && comparison.isOnlyCustomers) continue;
    const pages = [
      await customersOfShard(shard, bits, before),
      await customersOfShard(shard, bits, after),
    ] as const;
    const ids = own ?? [...pages[0].keys(), ...pages[1].keys()];
    for (const customer of [...new Set(ids)].sort()) {
      if (shard === from.shard && customer < from.customer) continue;
      const start = shard === from.shard && customer === from.customer ? from : { unit: 0, candidate: 0 };
      const both = [pages[0].get(customer), pages[1].get(customer)] as const;
      for await (const { sku, unit, candidate } of comparison.stepsOf(both, isSameShard, start)) {
        yield {
          found: sku === undefined ? undefined : { customer, sku },
          next: { shard, customer, unit, candidate },
        };
      }
    }
    // Names no customer: a position must not tell a caller of others than its own.
    yield { found: undefined, next: { ...firstPosition, shard: shard + 1 } };
  }
}

interface Step {
  /** Undefined where nothing changed. */
  readonly sku: string | undefined;
  readonly unit: number;
  readonly candidate: number;
}

class Comparison {
  readonly #sides: Pair<SnapshotContents>;
  readonly #differing: DifferingSkus;
  readonly #sameRounding: boolean;
  readonly #productBits: number;
  readonly #movedShards: readonly number[];
  readonly #allBuckets: readonly string[];
  readonly #movedBuckets: readonly string[];
  readonly #movedOf = new Map<number, Promise<ReadonlySet<string>>>();
  /** Many customers share the same layers. */
  readonly #known = new Map<string, boolean>();

  constructor(before: SnapshotContents, after: SnapshotContents) {
    const [old, now] = [before.manifest, after.manifest];
    this.#sides = [before, after];
    this.#differing = new DifferingSkus(before, after);
    this.#sameRounding = JSON.stringify(old.rounding) === JSON.stringify(now.rounding);
    this.#productBits = Math.max(old.products.bits, now.products.bits);
    const shards = [...Array(2 ** this.#productBits).keys()];
    this.#movedShards = shards.filter(
      (shard) =>
        !this.#sameRounding ||
        segmentOfShard(shard, this.#productBits, old.products) !==
          segmentOfShard(shard, this.#productBits, now.products),
    );
    this.#allBuckets = [...new Set([...Object.keys(old.buckets), ...Object.keys(now.buckets)])].sort();
    this.#movedBuckets = this.#allBuckets.filter(
      (bucket) => JSON.stringify(old.buckets[bucket]) !== JSON.stringify(now.buckets[bucket]),
    );
  }

  /** Whether nothing but customers' pages differs, so that one whose page is the same has the same prices. */
  get isOnlyCustomers(): boolean {
    const { currencies } = this.#sides[0].manifest;
    return (
      this.#movedShards.length === 0 &&
      this.#movedBuckets.length === 0 &&
      currencies.join() === this.#sides[1].manifest.currencies.join()
    );
  }

  async *stepsOf(
    pages: Pair<CustomerPage | undefined>,
    isSamePage: boolean,
    start: Pick<ChangePosition, "unit" | "candidate">,
  ): AsyncGenerator<Step> {
    const views = this.#viewsOf(pages);
    if (views.length === 0) return;
    const isSame = isSamePage || JSON.stringify(pages[0]) === JSON.stringify(pages[1]);
    const own = await this.#candidatesIn("", views);
    const buckets = isSame && !views.some(isOtherCurrency) ? this.#movedBuckets : this.#allBuckets;
    // A SKU belongs to the first of these units that has it, so that it is told once.
    const units = [
      { skus: async () => own, isToldBefore: async () => false },
      ...this.#movedShards.map((shard) => ({
        skus: () => this.#moved(shard),
        isToldBefore: async (sku: string) => own.has(sku),
      })),
      ...buckets.map((bucket) => ({
        skus: () => this.#candidatesIn(bucket, views),
        isToldBefore: async (sku: string) => own.has(sku) || this.#isMoved(sku),
      })),
    ];
    for (const [unit, { skus, isToldBefore }] of units.entries()) {
      if (unit < start.unit) continue;
      const sorted = [...(await skus())].sort();
      for (let index = unit === start.unit ? start.candidate : 0; index < sorted.length; index++) {
        const sku = sorted[index] ?? "";
        const differs = !(await isToldBefore(sku)) && (await this.#differs(sku, views));
        yield { sku: differs ? sku : undefined, unit, candidate: index + 1 };
      }
      yield { sku: undefined, unit: unit + 1, candidate: 0 };
    }
  }

  /** Each way in which the customer may ask, as it was answered before and is now; none if it can't buy. */
  #viewsOf(pages: Pair<CustomerPage | undefined>): readonly Pair<Placed | undefined>[] {
    const open = pages.map((page) => (page?.blocked ? undefined : page));
    if (open[0] === undefined && open[1] === undefined) return [];
    const [old, now] = this.#sides;
    const byDefault = [defaultOf(open[0], old), defaultOf(open[1], now)] as const;
    const currencies: Pair<string | undefined>[] = [
      ...new Set([...old.manifest.currencies, ...now.manifest.currencies]),
    ].map((currency) => [currency, currency]);
    if (byDefault[0] !== byDefault[1]) currencies.push(byDefault);
    const channels = new Set(["", ...open.flatMap((page) => Object.keys(page?.placements ?? {}))]);
    return [...channels].flatMap((channel) =>
      currencies.map(
        ([before, after]) =>
          [placed(open[0], channel, before, old), placed(open[1], channel, after, now)] as const,
      ),
    );
  }

  /** The SKUs that may differ in a bucket, apart from the customer's own prices; in "" there are only those. */
  async #candidatesIn(bucket: string, views: readonly Pair<Placed | undefined>[]): Promise<Set<string>> {
    const skus = new Set<string>();
    for (const [before, after] of views) {
      const found = await this.#differing.between(layersIn(bucket, before), layersIn(bucket, after));
      for (const sku of found) skus.add(sku);
    }
    return skus;
  }

  /** The SKUs of a shard whose product differs. */
  #moved(shard: number): Promise<ReadonlySet<string>> {
    const known = this.#movedOf.get(shard);
    if (known !== undefined) return known;
    const found = this.#findMoved(shard);
    this.#movedOf.set(shard, found);
    return found;
  }

  async #findMoved(shard: number): Promise<ReadonlySet<string>> {
    const [before, after] = this.#sides;
    const old = await productsOfShard(shard, this.#productBits, before);
    const now = await productsOfShard(shard, this.#productBits, after);
    const skus = [...new Set([...old.keys(), ...now.keys()])];
    return new Set(
      skus.filter(
        (sku) => !this.#sameRounding || JSON.stringify(old.get(sku)) !== JSON.stringify(now.get(sku)),
      ),
    );
  }

  async #isMoved(sku: string): Promise<boolean> {
    const shard = shardOf(sku, this.#productBits);
    return this.#movedShards.includes(shard) && (await this.#moved(shard)).has(sku);
  }

  async #differs(sku: string, views: readonly Pair<Placed | undefined>[]): Promise<boolean> {
    const products = [await productOf(sku, this.#sides[0]), await productOf(sku, this.#sides[1])] as const;
    for (const [before, after] of views) {
      const hashes = [before, after].map((placed, side) =>
        placed?.layersOf(products[side]?.bucket ?? "").map(({ hash }) => hash),
      );
      const key = JSON.stringify([sku, before?.currency, after?.currency, hashes]);
      const known = this.#known.get(key);
      const differs =
        known ??
        (await priceText(sku, products[0], before, this.#sides[0])) !==
          (await priceText(sku, products[1], after, this.#sides[1]));
      this.#known.set(key, differs);
      if (differs) return true;
    }
    return false;
  }
}

function isOtherCurrency([before, after]: Pair<Placed | undefined>): boolean {
  return before?.currency !== after?.currency;
}

function defaultOf(page: CustomerPage | undefined, { manifest }: SnapshotContents): string | undefined {
  return page === undefined ? undefined : defaultCurrency(page, manifest);
}

function placed(
  page: CustomerPage | undefined,
  channel: string,
  currency: string | undefined,
  { manifest }: SnapshotContents,
): Placed | undefined {
  return page === undefined || currency === undefined
    ? undefined
    : place(page, channel === "" ? undefined : channel, currency, manifest);
}

function layersIn(bucket: string, placed: Placed | undefined) {
  const own = placed?.layersOf("") ?? [];
  if (bucket === "") return own;
  return (placed?.layersOf(bucket) ?? []).filter(({ hash }) => !own.some((layer) => layer.hash === hash));
}

async function productOf(
  sku: string,
  { manifest, reader }: SnapshotContents,
): Promise<ProductPage | undefined> {
  const { bits, segments } = manifest.products;
  const hash = segments[shardOf(sku, bits)];
  return hash === undefined ? undefined : (await reader.products(hash)).find(sku);
}

/** All that a customer may be told of a price, but for how it came about; "" when there is none. */
async function priceText(
  sku: string,
  product: ProductPage | undefined,
  placed: Placed | undefined,
  { reader }: SnapshotContents,
): Promise<string> {
  if (product === undefined || product.discontinued || placed === undefined) return "";
  const found = findCurve(sku, await openLayers(placed.layersOf(product.bucket), reader));
  if (found === undefined) return "";
  const { unit, units, minQuantity, multiple } = product;
  const { currency, rounding } = placed;
  return JSON.stringify([unit, units, minQuantity, multiple, currency, rounding, found.curve.fingerprint()]);
}
