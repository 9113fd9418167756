import { withoutPrices, type Curve } from "../../shared/pricing/curve.ts";
import { encodePrices } from "../../shared/snapshot/price-segment-writer.ts";
import type { EncodedSegment } from "../../shared/snapshot/segment.ts";

/** What KV takes as one value. */
export const segmentBytesMax = 25 * 1024 * 1024;

export interface FittedPrices {
  readonly segment: EncodedSegment;
  /** The products that are without prices, so that the others fit; in the order of their sizes. */
  readonly unpriced: readonly string[];
}

/**
 * A segment that a store takes: where all prices together are too many, the products with the most of them are without.
 * Which these are follows from the curves alone.
 */
export function fitPrices(
  curves: ReadonlyMap<string, Curve>,
  bytesMax: number = segmentBytesMax,
): FittedPrices {
  let segment = encodePrices(curves);
  if (segment.bytes.length <= bytesMax) return { segment, unpriced: [] };
  const fitting = new Map(curves);
  const unpriced: string[] = [];
  const bySize = largestFirst(curves);
  while (segment.bytes.length > bytesMax) {
    // What products have in common is written once, so that leaving one out may free less than it takes alone.
    for (let excess = segment.bytes.length - bytesMax; excess > 0;) {
      const next = bySize.shift();
      if (next === undefined)
        throw new RangeError(`Cannot fit ${curves.size} products into ${bytesMax} bytes`);
      fitting.set(next.sku, withoutPrices(Object.keys(next.curve[0]?.units ?? {})));
      unpriced.push(next.sku);
      excess -= next.bytes;
    }
    segment = encodePrices(fitting);
  }
  return { segment, unpriced };
}

function largestFirst(curves: ReadonlyMap<string, Curve>) {
  return [...curves]
    .map(([sku, curve]) => ({ sku, curve, bytes: encodePrices(new Map([[sku, curve]])).bytes.length }))
    .sort((a, b) => b.bytes - a.bytes || (a.sku < b.sku ? -1 : 1));
}
