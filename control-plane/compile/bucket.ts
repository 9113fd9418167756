import type { Curve } from "../../shared/pricing/curve.ts";
import type { Price, Product } from "../../shared/pricing/records.ts";
import type { Standing } from "../../shared/pricing/standing.ts";
import type { EncodedSegment } from "../../shared/snapshot/segment.ts";
import { BucketVariants } from "./bucket-variants.ts";
import { accountsOf, individualsOf } from "./individuals.ts";
import { OverlayFragments } from "./overlay-fragments.ts";
import type { Bucket, Plan } from "./plan.ts";
import { PricesBySource } from "./prices-by-source.ts";

export interface BucketRecords {
  readonly products: readonly Product[];
  readonly prices: readonly Price[];
}

/** What compiling a bucket needs besides it and its records. */
export interface CompileContext extends Pick<Plan, "company" | "facts" | "heirs"> {
  readonly standings: { get(customer: string): ReadonlyMap<string, Standing> | undefined };
}

export interface CompiledBucket {
  /** By `variant/currency`. */
  readonly segments: ReadonlyMap<string, EncodedSegment>;
  /** What this bucket adds to customers' overlays. */
  readonly fragments: readonly OverlayFragment[];
  readonly currencies: ReadonlySet<string>;
  /** Those that some of its prices name. */
  readonly accounts: readonly string[];
  /** The products that somebody has no price of since there are too many tiers of it; in order. */
  readonly unpriced: readonly string[];
}

export interface OverlayFragment {
  readonly customer: string;
  readonly channel: string;
  readonly currency: string;
  readonly curves: readonly (readonly [sku: string, curve: Curve])[];
}

/**
 * Compiles one bucket for all its variants and for the customers that its records name; pure. It goes product by
 * product, and all that is made for one product is dropped before the next: memory that is given back at once costs
 * the least.
 */
export function compileBucket(bucket: Bucket, records: BucketRecords, plan: CompileContext): CompiledBucket {
  const prices = new PricesBySource(records.prices);
  const products = new Map(records.products.map((product) => [product.id, product]));
  const named = accountsOf(prices);
  const variants = new BucketVariants(bucket, products, prices, plan);
  const fragments = new OverlayFragments(bucket, individualsOf(bucket, named, plan), prices, plan);
  for (const sku of [...products.keys()].sort()) {
    const product = products.get(sku);
    if (product === undefined) continue;
    variants.add(product);
    fragments.add(product);
  }
  const segments = variants.segments();
  return {
    segments,
    fragments: fragments.all(),
    currencies: new Set([...variants.currencies(), ...fragments.currencies()]),
    accounts: [...named.keys()].sort(),
    unpriced: [...new Set([...variants.unpriced, ...fragments.unpriced])].sort(),
  };
}
