import { isWithoutPrices, type Curve } from "../../shared/pricing/curve.ts";
import type { Product } from "../../shared/pricing/records.ts";
import { numberedRule, variantKey } from "../../shared/snapshot/page.ts";
import { PriceSegmentWriter, SharedTexts } from "../../shared/snapshot/price-segment-writer.ts";
import type { EncodedSegment } from "../../shared/snapshot/segment.ts";
import type { CompileContext } from "./bucket.ts";
import { fitPrices, segmentBytesMax } from "./fit-prices.ts";
import type { Bucket } from "./plan.ts";
import type { PricesBySource } from "./prices-by-source.ts";
import { productCurves } from "./product-curves.ts";
import { offersKey, ProductOffers, type Whose } from "./product-offers.ts";
import { ReachingRules } from "./reaching-rules.ts";
import { sourcesOfVariant, type Variant } from "./variant.ts";

/** The segments of a bucket's variants, written product by product. */
export class BucketVariants {
  /** The products that some variant has too many tiers of, after `segments` also those that did not fit. */
  readonly unpriced = new Set<string>();
  readonly #groups: readonly OffersGroup[];
  readonly #products: ReadonlyMap<string, Product>;
  readonly #prices: PricesBySource;
  readonly #plan: CompileContext;
  readonly #texts = new SharedTexts();

  constructor(
    { bases, layers, scopes }: Bucket,
    products: ReadonlyMap<string, Product>,
    prices: PricesBySource,
    plan: CompileContext,
  ) {
    this.#products = products;
    this.#prices = prices;
    this.#plan = plan;
    const writerOf = (variant: Variant, skus: ReadonlySet<string> | "all"): VariantWriter => {
      const named = variant.rules.map((rule, index) => ({ rule, record: numberedRule(index) }));
      return { variant, skus, rules: new ReachingRules(named, scopes, plan), byCurrency: new Map() };
    };
    this.#groups = [
      ...inGroups(bases.map((variant) => writerOf(variant, "all"))),
      ...inGroups(layers.map((variant) => writerOf(variant, skusTouchedBy(variant, products, prices)))),
    ];
  }

  /** @param product after the one before, by its SKU */
  add(product: Product): void {
    for (const { whose, writers } of this.#groups) {
      let offers: ProductOffers | undefined;
      for (const { skus, rules, byCurrency } of writers) {
        if (skus !== "all" && !skus.has(product.id)) continue;
        offers ??= new ProductOffers(product, whose, this.#prices, this.#plan);
        for (const [currency, curve] of productCurves(offers, rules.about(product), this.#plan.company)) {
          const segment = byCurrency.get(currency) ?? new PriceSegmentWriter(this.#texts);
          byCurrency.set(currency, segment);
          segment.add(product.id, curve);
          if (isWithoutPrices(curve)) this.unpriced.add(product.id);
        }
      }
    }
  }

  currencies(): readonly string[] {
    return this.#groups.flatMap(({ writers }) => writers.flatMap(({ byCurrency }) => [...byCurrency.keys()]));
  }

  /** By `variant/currency`. */
  segments(): Map<string, EncodedSegment> {
    const segments = new Map<string, EncodedSegment>();
    for (const { whose, writers } of this.#groups) {
      for (const writer of writers) {
        for (const [currency, written] of writer.byCurrency) {
          const segment = written.done();
          const fits = segment.bytes.length <= segmentBytesMax;
          segments.set(
            variantKey(writer.variant.id, currency),
            fits ? segment : this.#fitted(writer, whose, currency),
          );
        }
      }
    }
    return segments;
  }

  /** What does not fit is compiled again with all its curves beside each other: it hardly ever is. */
  #fitted({ skus, rules }: VariantWriter, whose: Whose, currency: string): EncodedSegment {
    const curves = new Map<string, Curve>();
    for (const product of this.#products.values()) {
      if (skus !== "all" && !skus.has(product.id)) continue;
      const offers = new ProductOffers(product, whose, this.#prices, this.#plan);
      for (const [itsCurrency, curve] of productCurves(offers, rules.about(product), this.#plan.company)) {
        if (itsCurrency === currency) curves.set(product.id, curve);
      }
    }
    const { segment, unpriced } = fitPrices(curves);
    for (const sku of unpriced) this.unpriced.add(sku);
    return segment;
  }
}

/** Variants to whom products are offered for the same, before any rule. */
interface OffersGroup {
  readonly whose: Whose;
  readonly writers: readonly VariantWriter[];
}

interface VariantWriter {
  readonly variant: Variant;
  /** The SKUs that it holds. */
  readonly skus: ReadonlySet<string> | "all";
  readonly rules: ReachingRules;
  readonly byCurrency: Map<string, PriceSegmentWriter>;
}

function inGroups(writers: readonly VariantWriter[]): OffersGroup[] {
  const groups = Map.groupBy(writers, ({ variant }) => offersKey(variant));
  return [...groups.values()].flatMap((alike) => {
    const [first] = alike;
    if (first === undefined) return [];
    const { taxRule, list } = first.variant;
    return [{ whose: { sources: sourcesOfVariant(first.variant), taxRule, list }, writers: alike }];
  });
}

/** The SKUs for which the variant's groups, lists, narrowed prices or point rules say something. */
function skusTouchedBy(
  layer: Variant,
  products: ReadonlyMap<string, Product>,
  prices: PricesBySource,
): ReadonlySet<string> {
  const named = layer.rules.flatMap((rule) => rule.what?.skus ?? []);
  const skus = new Set([
    ...named.filter((sku) => products.has(sku)),
    ...prices.skusOfSources(layer.groups, layer.lists),
  ]);
  const { matches } = sourcesOfVariant(layer);
  for (const { sku, who } of prices.narrowed()) if (matches(who)) skus.add(sku);
  return skus;
}
