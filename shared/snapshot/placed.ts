import { one, type Fraction } from "../pricing/fraction.ts";
import type { PriceRounding } from "../pricing/line-total.ts";
import { worthOf } from "../pricing/product-units.ts";
import type { Manifest } from "./manifest.ts";
import { noRules, variantKey, type CustomerPage, type ProductPage } from "./page.ts";
import { shardOf } from "./partition.ts";
import type { PageSegment } from "./page-segment.ts";
import type { PriceSegment, StoredCurve } from "./price-segment.ts";

/** Reads segments of one snapshot by name: at once where it is open already. Rejects when one can't be had whole. */
export interface SegmentReader {
  prices(hash: string): PriceSegment | Promise<PriceSegment>;
  products(hash: string): PageSegment<ProductPage> | Promise<PageSegment<ProductPage>>;
  customers(hash: string): PageSegment<CustomerPage> | Promise<PageSegment<CustomerPage>>;
}

export async function findCustomer(
  customer: string,
  manifest: Manifest,
  reader: SegmentReader,
): Promise<CustomerPage | undefined> {
  const { bits, segments } = manifest.customers;
  const hash = segments[shardOf(customer, bits)];
  return hash === undefined ? undefined : (await reader.customers(hash)).find(customer);
}

/** The customer's currency, or else the only one that there are prices in. */
export function defaultCurrency(page: CustomerPage, manifest: Manifest): string | undefined {
  const [only, ...more] = manifest.currencies;
  return page.currency ?? (more.length === 0 ? only : undefined);
}

/** One segment to look in, with the names of the rules that its explanations number. */
export interface Layer {
  readonly hash: string;
  readonly names: readonly string[] | undefined;
}

/** Where a customer's prices in one currency stand. */
export interface Placed {
  readonly currency: string;
  readonly rounding: PriceRounding;
  /** From the top layer down. */
  layersOf(bucket: string): readonly Layer[];
}

export function place(
  page: CustomerPage,
  channel: string | undefined,
  currency: string,
  manifest: Manifest,
): Placed {
  const { placements } = page;
  const placement =
    channel !== undefined && Object.hasOwn(placements, channel) ? placements[channel] : placements[""];
  return {
    currency,
    rounding: manifest.rounding,
    layersOf(bucket) {
      const variants = manifest.buckets[bucket] ?? {};
      const inClass = placement?.classes[bucket.slice(0, bucket.lastIndexOf("."))];
      const layers: Layer[] = [];
      const add = (hash: string | undefined, names?: readonly string[]) => {
        if (hash !== undefined) layers.push({ hash, names });
      };
      add(placement?.overlay?.[currency]);
      if (inClass?.layer !== undefined)
        add(variants[variantKey(inClass.layer, currency)], inClass.layerRules);
      add(variants[variantKey(inClass?.base ?? noRules, currency)], inClass?.baseRules);
      return layers;
    },
  };
}

export async function findCurve(
  sku: string,
  layers: readonly Layer[],
  reader: SegmentReader,
): Promise<{ curve: StoredCurve; names: readonly string[] | undefined } | undefined> {
  // All layers at once: waiting for one before asking the next would cost a round trip each.
  const segments = await Promise.all(layers.map(({ hash }) => reader.prices(hash)));
  for (const [index, segment] of segments.entries()) {
    const curve = segment.find(sku);
    if (curve !== undefined) return { curve, names: layers[index]?.names };
  }
  return undefined;
}

/** How many base units one of a unit is; undefined when the product does not know it. */
export function factorOf({ unit: base, units }: ProductPage, unit: string): Fraction | undefined {
  if (unit === base) return one;
  const other = units?.find(([name]) => name === unit);
  return other === undefined ? undefined : worthOf({ factor: other[1], per: other[2] }).worth;
}
