import type { Instant } from "../pricing/instant.ts";
import type { Manifest } from "./manifest.ts";
import type { ProductPage } from "./page.ts";
import { factorOf, findCurve, openLayers, type Placed, type SegmentReader } from "./placed.ts";
import { sliceAt } from "./price-segment.ts";
import { tiersShown, type ShownTier } from "./tiers-shown.ts";

export interface PriceListEntry {
  readonly sku: string;
  readonly unit: string;
  readonly tiers: readonly ShownTier[];
  readonly validUntil: Instant | null;
}

/** Everything that is sold at one place at an instant: an entry a SKU and unit, product shard by product shard. */
export async function* priceList(
  placed: Placed,
  at: Instant,
  manifest: Manifest,
  reader: SegmentReader,
): AsyncGenerator<PriceListEntry> {
  for (const hash of Object.values(manifest.products.segments)) {
    const shard = await reader.products(hash);
    for (const sku of shard.keys()) {
      const product = shard.find(sku);
      if (product !== undefined && !product.discontinued) yield* entriesOf(sku, product, placed, at, reader);
    }
  }
}

async function* entriesOf(
  sku: string,
  product: ProductPage,
  placed: Placed,
  at: Instant,
  reader: SegmentReader,
): AsyncGenerator<PriceListEntry> {
  const found = findCurve(sku, await openLayers(placed.layersOf(product.bucket), reader));
  if (found === undefined) return;
  const { slice, until } = sliceAt(found.curve.slices, at);
  for (const [unit, tiers] of slice.units) {
    const factor = factorOf(product, unit);
    if (factor === undefined) continue;
    const shown = tiersShown(found.curve, tiers, product, factor);
    if (shown.length > 0) yield { sku, unit, tiers: shown, validUntil: until };
  }
}
