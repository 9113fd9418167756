import { companyOf, companyTypes, type CompanyRecord } from "../../shared/pricing/company.ts";
import type { Price, PricingRecord, Product } from "../../shared/pricing/records.ts";
import { encodeManifest, type Manifest } from "../../shared/snapshot/manifest.ts";
import type { SegmentReader } from "../../shared/snapshot/placed.ts";
import type { CustomerPage, ProductPage } from "../../shared/snapshot/page.ts";
import { openPages } from "../../shared/snapshot/page-segment.ts";
import { openPrices } from "../../shared/snapshot/price-segment.ts";
import type { EncodedSegment } from "../../shared/snapshot/segment.ts";
import { compileBucket, type OverlayFragment } from "../../control-plane/compile/bucket.ts";
import { manifestOf, type BucketNames } from "../../control-plane/compile/manifest-of.ts";
import { encodeOverlays } from "../../control-plane/compile/overlays.ts";
import { customerShards, productShards } from "../../control-plane/compile/pages.ts";
import { Planner } from "../../control-plane/compile/plan.ts";

export interface CompiledCompany {
  readonly manifest: Manifest;
  readonly manifestHash: string;
  readonly segments: ReadonlyMap<string, Uint8Array>;
  readonly reader: SegmentReader;
}

/** A whole snapshot in memory, through the same pure steps as the publisher takes. */
export function compileInMemory(records: readonly PricingRecord[], sequence = 1): CompiledCompany {
  const products = records.filter((record): record is Product => record.type === "product");
  const prices = records.filter((record): record is Price => record.type === "price");
  const planner = new Planner(companyOf(records.filter(isCompanyRecord)));
  for (const product of products) planner.addProduct(product);
  for (const price of prices) planner.addPrice(price);
  const plan = planner.plan();

  const segments = new Map<string, Uint8Array>();
  const keep = (encoded: Iterable<EncodedSegment>) => {
    for (const { hash, bytes } of encoded) segments.set(hash, bytes);
  };
  const buckets = new Map<string, BucketNames>();
  const fragments = new Map<string, OverlayFragment[]>();
  for (const bucket of plan.buckets.values()) {
    const skus = new Set(bucket.skus);
    const compiled = compileBucket(
      bucket,
      {
        products: products.filter(({ id }) => skus.has(id)),
        prices: prices.filter(({ sku }) => skus.has(sku)),
      },
      plan,
    );
    keep(compiled.segments.values());
    buckets.set(bucket.id, {
      segments: Object.fromEntries([...compiled.segments].map(([key, { hash }]) => [key, hash])),
      currencies: [...compiled.currencies],
    });
    for (const fragment of compiled.fragments) {
      fragments.set(fragment.customer, [...(fragments.get(fragment.customer) ?? []), fragment]);
    }
  }
  const overlays = new Map(
    [...fragments].map(([customer, own]) => {
      const encoded = encodeOverlays(own);
      keep(encoded.segments);
      return [customer, encoded.names];
    }),
  );
  const productPages = productShards(plan);
  const customerPages = customerShards(plan, overlays);
  keep(productPages.segments);
  keep(customerPages.segments);
  const manifest = manifestOf(plan, sequence, {
    products: productPages,
    customers: customerPages,
    buckets,
  });
  return { manifest, manifestHash: encodeManifest(manifest).hash, segments, reader: readerOf(segments) };
}

function readerOf(segments: ReadonlyMap<string, Uint8Array>): SegmentReader {
  const bytesOf = (hash: string) => {
    const bytes = segments.get(hash);
    if (bytes === undefined) throw new Error(`There is no segment ${hash}`);
    return bytes;
  };
  // As an isolate does: what is open stays open.
  const opened = new Map<string, unknown>();
  const open = async <Segment>(hash: string, openBytes: (bytes: Uint8Array) => Segment): Promise<Segment> => {
    const segment = opened.get(hash) ?? openBytes(bytesOf(hash));
    opened.set(hash, segment);
    return segment as Segment; // A hash stands for one kind of contents.
  };
  return {
    prices: (hash) => open(hash, openPrices),
    products: (hash) => open(hash, (bytes) => openPages<ProductPage>("products", bytes)),
    customers: (hash) => open(hash, (bytes) => openPages<CustomerPage>("customers", bytes)),
  };
}

function isCompanyRecord(record: PricingRecord): record is CompanyRecord {
  return (companyTypes as readonly string[]).includes(record.type);
}
