import type { Curve } from "../../shared/pricing/curve.ts";
import { encodePrices } from "../../shared/snapshot/price-segment-writer.ts";
import type { EncodedSegment } from "../../shared/snapshot/segment.ts";
import type { OverlayFragment } from "./bucket.ts";

export interface EncodedOverlays {
  /** By channel, then by currency: the segment's name. */
  readonly names: ReadonlyMap<string, Readonly<Record<string, string>>>;
  readonly segments: readonly EncodedSegment[];
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
  for (const [channel, byCurrency] of curves) {
    const ofChannel: Record<string, string> = {};
    for (const [currency, bySku] of [...byCurrency].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const segment = encodePrices(bySku);
      segments.push(segment);
      ofChannel[currency] = segment.hash;
    }
    names.set(channel, ofChannel);
  }
  return { names, segments };
}
