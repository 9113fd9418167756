import { hashOfKey, newKey } from "../../shared/api/api-keys.ts";
import { encodeManifest } from "../../shared/snapshot/manifest.ts";
import { findCustomer, place } from "../../shared/snapshot/placed.ts";
import { priceList } from "../../shared/snapshot/price-list.ts";
import { compileInMemory, type CompiledCompany } from "../support/compile-in-memory.ts";
import type { NaivePrices, NaiveProduct } from "./edge-worker/naive.ts";
import type { SnapshotIndex } from "./edge-worker/stand-ins.ts";
import { customersByList, shopRecords } from "./shop.ts";

/** The shop as the edge reads it, and its prices as they are shown, which is what the others answer from. */
export interface ShopSnapshot {
  readonly key: string;
  readonly index: SnapshotIndex;
  readonly segments: Uint8Array;
  readonly prices: NaivePrices;
}

export async function shopSnapshot(): Promise<ShopSnapshot> {
  const company = compileInMemory(shopRecords());
  const manifest = encodeManifest(company.manifest);
  const segments = new Map(company.segments).set(manifest.hash, manifest.bytes);
  const key = newKey("storefront");
  let end = 0;
  const index: SnapshotIndex = {
    head: {
      number: 1,
      snapshot: "00000000-0000-4000-8000-000000000000",
      sequence: 1,
      through: 1,
      manifest: manifest.hash,
      movedAt: "2026-11-01T00:00:00.000Z",
    },
    keyHash: hashOfKey(key),
    segments: [...segments].map(([hash, { length }]) => [hash, end, (end += length)] as const),
  };
  const lists: Record<string, NaiveProduct>[] = [];
  for (const customer of customersByList) lists.push(await productsOf(customer, company));
  return { key, index, segments: Buffer.concat([...segments.values()]), prices: { currency, lists } };
}

const currency = "EUR";

async function productsOf(
  customer: string,
  { manifest, reader }: CompiledCompany,
): Promise<Record<string, NaiveProduct>> {
  const page = await findCustomer(customer, manifest, reader);
  if (page === undefined) throw new Error(`There is no customer ${customer}`);
  const products: Record<string, NaiveProduct> = {};
  for await (const entry of priceList(
    place(page, undefined, currency, manifest),
    Date.now(),
    manifest,
    reader,
  )) {
    const { sku, unit, tiers } = entry;
    products[sku] = { unit, tiers: tiers.map(({ from, unitPrice }) => ({ from, unitPrice })) };
  }
  return products;
}
