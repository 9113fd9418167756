import type { Curve } from "../../shared/pricing/curve.ts";
import type { EncodedSegment } from "../../shared/snapshot/segment.ts";
import type { OverlayFragment } from "./bucket.ts";
import { fitPrices } from "./fit-prices.ts";

export interface EncodedOverlays {
  /** By channel, then by currency: the segment's name. */
  readonly names: ReadonlyMap<string, Readonly<Record<string, string>>>;
  readonly segments: readonly EncodedSegment[];
  /** The products that the customer has no price of since all of its prices would not fit; in order. */
  readonly unpriced: readonly string[];
}

/** One customer's overlays, put together from what each bucket gave. */
export function encodeOverlays(fragments: readonly OverlayFragment[]): EncodedOverlays {
  const curves = new Map<string, Map<string, Map<string, Curve>>>();
  for (const fragment of fragments) {
    const byCurrency = curves.get(fragment.channel) ?? new Map<string, Map<string, Curve>>();
    curves.set(fragment.channel, byCurrency);
    const bySku = byCurrency.get(fragment.currency) ?? new Map<string, Curve>();
    byCurrency.set(fragment.currency, bySku);
    for (const [sku, curve] of fragment.curves) bySku.set(sku, curve);
  }
  const names = new Map<string, Record<string, string>>();
  const segments: EncodedSegment[] = [];
  const unpriced = new Set<string>();
  for (const [channel, byCurrency] of curves) {
    const ofChannel: Record<string, string> = {};
    for (const [currency, bySku] of [...byCurrency].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const { segment, unpriced: left } = fitPrices(bySku);
      for (const sku of left) unpriced.add(sku);
      segments.push(segment);
      ofChannel[currency] = segment.hash;
    }
    names.set(channel, ofChannel);
  }
  return { names, segments, unpriced: [...unpriced].sort() };
}
