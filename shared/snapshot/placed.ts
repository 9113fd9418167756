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
  prices(hash: string): Opened<PriceSegment>;
  products(hash: string): Opened<PageSegment<ProductPage>>;
  customers(hash: string): Opened<PageSegment<CustomerPage>>;
}

export type Opened<Segment> = Segment | Promise<Segment>;

/** What follows from something opened, at once where it is open: each wait is a turn of the event loop. */
export function whenOpen<Segment, Result>(
  opened: Opened<Segment>,
  then: (segment: Segment) => Opened<Result>,
): Opened<Result> {
  return opened instanceof Promise ? opened.then(then) : then(opened);
}

/** All of them, at once where all are open. */
export function allOpen<Segment>(opened: readonly Opened<Segment>[]): Opened<Segment[]> {
  const ready: Segment[] = [];
  for (const segment of opened) {
    if (segment instanceof Promise) return Promise.all(opened);
    ready.push(segment);
  }
  return ready;
}

export function findCustomer(
  customer: string,
  manifest: Manifest,
  reader: SegmentReader,
): Opened<CustomerPage | undefined> {
  const { bits, segments } = manifest.customers;
  const hash = segments[shardOf(customer, bits)];
  if (hash === undefined) return undefined;
  return whenOpen(reader.customers(hash), (shard) => shard.find(customer));
}

/** The shard that a product's page is in, if it is anywhere. */
export function productShard(
  sku: string,
  manifest: Manifest,
  reader: SegmentReader,
): Opened<PageSegment<ProductPage>> | undefined {
  const { bits, segments } = manifest.products;
  const hash = segments[shardOf(sku, bits)];
  return hash === undefined ? undefined : reader.products(hash);
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

/** A layer whose segment is open. */
export interface OpenLayer extends Layer {
  readonly segment: PriceSegment;
}

/** Opens all layers at once: waiting for one before asking for the next would cost a round trip each. */
export function openLayers(layers: readonly Layer[], reader: SegmentReader): Opened<readonly OpenLayer[]> {
  return allOpen(
    layers.map(({ hash, names }) => whenOpen(reader.prices(hash), (segment) => ({ hash, names, segment }))),
  );
}

export interface FoundCurve {
  readonly curve: StoredCurve;
  readonly names: readonly string[] | undefined;
}

/** The curve of the topmost layer that has one. */
export function findCurve(sku: string, layers: readonly OpenLayer[]): FoundCurve | undefined {
  for (const { segment, names } of layers) {
    const curve = segment.find(sku);
    if (curve !== undefined) return { curve, names };
  }
  return undefined;
}

/** How many base units one of a unit is; undefined when the product does not know it. */
export function factorOf({ unit: base, units }: ProductPage, unit: string): Fraction | undefined {
  if (unit === base) return one;
  const other = units?.find(([name]) => name === unit);
  return other === undefined ? undefined : worthOf({ factor: other[1], per: other[2] }).worth;
}
