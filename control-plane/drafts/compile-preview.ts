import { encodeManifest } from "../../shared/snapshot/manifest.ts";
import { compileBucket, type OverlayFragment } from "../compile/bucket.ts";
import { manifestOf, type BucketNames } from "../compile/manifest-of.ts";
import { encodeOverlays } from "../compile/overlays.ts";
import { customerShards, productShards } from "../compile/pages.ts";
import type { CatalogWithDraft } from "./catalog-with-draft.ts";
import type { PreviewSegments } from "./preview-segments.ts";

const bucketsAtOnce = 8;

/**
 * The snapshot that publishing the draft would make, through the same pure steps as the publisher takes, so that
 * it is the same to the byte. Returns its manifest's content hash.
 */
export async function compilePreview(catalog: CatalogWithDraft, segments: PreviewSegments): Promise<string> {
  const plan = await catalog.plan();
  const names = new Map<string, BucketNames>();
  const fragments = new Map<string, OverlayFragment[]>();
  const buckets = [...plan.buckets.values()];
  for (let start = 0; start < buckets.length; start += bucketsAtOnce) {
    const some = buckets.slice(start, start + bucketsAtOnce);
    const records = await catalog.recordsOf(some);
    for (const bucket of some) {
      const compiled = compileBucket(bucket, records.get(bucket.id) ?? { products: [], prices: [] }, plan);
      segments.keep(compiled.segments.values());
      names.set(bucket.id, {
        segments: Object.fromEntries([...compiled.segments].map(([key, { hash }]) => [key, hash])),
        currencies: [...compiled.currencies],
      });
      for (const fragment of compiled.fragments) {
        const own = fragments.get(fragment.customer) ?? [];
        fragments.set(fragment.customer, own);
        own.push(fragment);
      }
    }
  }
  const overlays = new Map([...fragments].map(([customer, own]) => [customer, encodeOverlays(own)] as const));
  segments.keep([...overlays.values()].flatMap((overlay) => overlay.segments));
  const products = productShards(plan);
  const customers = customerShards(plan, new Map([...overlays].map(([id, overlay]) => [id, overlay.names])));
  const manifest = encodeManifest(
    manifestOf(plan, catalog.sequence, {
      products,
      customers,
      buckets: names,
    }),
  );
  segments.keep([...products.segments, ...customers.segments, manifest]);
  return manifest.hash;
}
