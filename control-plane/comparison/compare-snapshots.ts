import type { Instant } from "../../shared/pricing/instant.ts";
import type { CustomerPage, ProductPage } from "../../shared/snapshot/page.ts";
import {
  defaultCurrency,
  factorOf,
  findCurve,
  openLayers,
  place,
  type Placed,
} from "../../shared/snapshot/placed.ts";
import { sliceAt } from "../../shared/snapshot/price-segment.ts";
import { DifferingSkus } from "../../shared/snapshot/differing-skus.ts";
import { customersOfShard } from "../../shared/snapshot/shard-pages.ts";
import { tiersShown, type ShownTier } from "../../shared/snapshot/tiers-shown.ts";
import type { PublishedSnapshot } from "../publish/published-snapshot.ts";

/** One product whose price for one customer is another, in its base unit, at one instant. */
export interface ChangedPrice {
  readonly customer: string;
  readonly sku: string;
  readonly currency: string;
  /** Empty when the customer could not buy it. */
  readonly before: readonly ShownTier[];
  readonly after: readonly ShownTier[];
}

/**
 * All prices that differ between two snapshots, customer by customer. Where the two name the same segments nothing
 * is read, so the cost follows the difference and the number of customers, not the number of prices.
 */
export async function* compareSnapshots(
  before: PublishedSnapshot,
  after: PublishedSnapshot,
  at: Instant,
): AsyncGenerator<ChangedPrice> {
  const products = [await allProducts(before), await allProducts(after)] as const;
  const moved = [...new Set([...products[0].keys(), ...products[1].keys()])].filter(
    (sku) => JSON.stringify(products[0].get(sku)) !== JSON.stringify(products[1].get(sku)),
  );
  // An overlay may have the only prices of a bucket; "" is no bucket, so its only layer is the overlay.
  const buckets = ["", ...Object.keys({ ...before.manifest.buckets, ...after.manifest.buckets })];
  const differing = new DifferingSkus(before, after);
  for await (const [customer, pages] of allCustomers(before, after)) {
    const placed = [placeOf(pages[0], before), placeOf(pages[1], after)] as const;
    const skus = new Set(moved);
    for (const bucket of buckets) {
      const found = await differing.between(
        placed[0]?.layersOf(bucket) ?? [],
        placed[1]?.layersOf(bucket) ?? [],
      );
      for (const sku of found) skus.add(sku);
    }
    for (const sku of inBuckets(skus, products)) {
      const tiers = [
        await tiersOf(sku, products[0].get(sku), placed[0], before, at),
        await tiersOf(sku, products[1].get(sku), placed[1], after, at),
      ] as const;
      if (JSON.stringify(tiers[0]) === JSON.stringify(tiers[1])) continue;
      const currency = placed[1]?.currency ?? placed[0]?.currency ?? "";
      yield { customer, sku, currency, before: tiers[0], after: tiers[1] };
    }
  }
}

/** The SKUs bucket by bucket, so that each bucket's segments are read once a customer and not once a SKU. */
function inBuckets(
  skus: Iterable<string>,
  [before, after]: readonly [ReadonlyMap<string, ProductPage>, ReadonlyMap<string, ProductPage>],
): string[] {
  const places = [...skus].map((sku) => ({
    sku,
    place: `${before.get(sku)?.bucket ?? ""} ${after.get(sku)?.bucket ?? ""} ${sku}`,
  }));
  return places.sort((a, b) => (a.place < b.place ? -1 : 1)).map(({ sku }) => sku);
}

async function tiersOf(
  sku: string,
  product: ProductPage | undefined,
  placed: Placed | undefined,
  { reader }: PublishedSnapshot,
  at: Instant,
): Promise<readonly ShownTier[]> {
  if (product === undefined || product.discontinued || placed === undefined) return [];
  const found = findCurve(sku, await openLayers(placed.layersOf(product.bucket), reader));
  const factor = factorOf(product, product.unit);
  if (found === undefined || factor === undefined) return [];
  const { slice } = sliceAt(found.curve.slices, at);
  return tiersShown(found.curve, slice.units.get(product.unit) ?? [], product, factor);
}

/** Undefined for a customer that can't buy. */
function placeOf(page: CustomerPage | undefined, { manifest }: PublishedSnapshot): Placed | undefined {
  if (page === undefined || page.blocked) return undefined;
  const currency = defaultCurrency(page, manifest);
  return currency === undefined ? undefined : place(page, undefined, currency, manifest);
}

async function allProducts({ manifest, reader }: PublishedSnapshot): Promise<Map<string, ProductPage>> {
  const products = new Map<string, ProductPage>();
  for (const hash of Object.values(manifest.products.segments)) {
    const shard = await reader.products(hash);
    for (const sku of shard.keys()) {
      const product = shard.find(sku);
      if (product !== undefined) products.set(sku, product);
    }
  }
  return products;
}

type Pages = readonly [before: CustomerPage | undefined, after: CustomerPage | undefined];

/** Every customer of either snapshot with its two pages, shard by shard. */
async function* allCustomers(
  before: PublishedSnapshot,
  after: PublishedSnapshot,
): AsyncGenerator<readonly [customer: string, Pages]> {
  const bits = Math.max(before.manifest.customers.bits, after.manifest.customers.bits);
  for (let shard = 0; shard < 2 ** bits; shard++) {
    const pages = [
      await customersOfShard(shard, bits, before),
      await customersOfShard(shard, bits, after),
    ] as const;
    for (const customer of [...new Set([...pages[0].keys(), ...pages[1].keys()])].sort()) {
      yield [customer, [pages[0].get(customer), pages[1].get(customer)]];
    }
  }
}
