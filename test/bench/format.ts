import assert from "node:assert/strict";
import { parseDecimal } from "../../shared/pricing/fraction.ts";
import { openPrices, sliceAt, tierAt } from "../../shared/snapshot/price-segment.ts";
import { encodePrices } from "../../shared/snapshot/price-segment-writer.ts";
import { encodeFlatBuffer, openFlatBuffer } from "./format/flatbuffer-prices.ts";
import { curvesOf, productsWith, type Priced } from "./format/tier-data.ts";

/**
 * How large a segment of prices is, and how long finding a price in it takes, in Node's V8: from the bytes to the
 * first price, and each one after that; against FlatBuffers, JSON and a `Map` of the same prices.
 */
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8");
const quantities = [1, 5, 10, 99, 100, 250, 1_000, 5_000];
const fractions = new Map(quantities.map((quantity) => [quantity, parseDecimal(String(quantity))]));

type Find = (sku: string, quantity: number) => string | undefined;

interface Form {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer> | undefined;
  readonly open: () => Find;
}

// A bucket as it is published most often has up to 256 products.
measure(productsWith(640), { rounds: 501, opens: 1, lookUps: 1_000 });
const million = productsWith(1_000_000);
measure(million, { rounds: 3, opens: 1, lookUps: 1_000 });
console.log(`in segments of 256 products: ${bytesATier(million, 256)} bytes a tier`);

// Short and many: what the machine does besides falls between most of them.
interface Times {
  readonly rounds: number;
  readonly opens: number;
  readonly lookUps: number;
}

function measure(products: readonly Priced[], times: Times): void {
  const tiers = products.reduce((sum, product) => sum + product.tiers.length, 0);
  const forms = formsOf(products);
  const finds = forms.map(({ open }) => open());
  checkEqual(products, finds);
  const first = forms.map((): number[] => []);
  const later = forms.map((): number[] => []);
  for (let round = 0; round < times.rounds; round++) {
    for (const [index, { open }] of forms.entries()) {
      first[index]?.push(nanoseconds(times.opens, () => open()(products[0]?.sku ?? "", 10)));
      later[index]?.push(lookUp(products, times.lookUps, finds[index] ?? (() => undefined)));
    }
  }
  const base = median(later[0] ?? []);
  console.log(`\n${products.length} products, ${tiers} tiers, in one segment`);
  console.table(
    forms.map(({ name, bytes }, index) => ({
      form: name,
      "bytes a tier": bytes === undefined ? "" : (bytes.length / tiers).toFixed(1),
      "open and first price, µs": Number((median(first[index] ?? []) / 1000).toFixed(2)),
      "a later price, ns": Math.round(median(later[index] ?? [])),
      "times ours": Number((median(later[index] ?? []) / base).toFixed(2)),
    })),
  );
}

function formsOf(products: readonly Priced[]): Form[] {
  const segment = encodePrices(curvesOf(products)).bytes;
  const json = encoder.encode(
    JSON.stringify(Object.fromEntries(products.map((product) => [product.sku, product]))),
  );
  const flat = encodeFlatBuffer(products);
  const map = new Map(products.map((product) => [product.sku, product]));
  return [
    { name: "segment", bytes: segment, open: () => findInSegment(segment) },
    { name: "FlatBuffers", bytes: flat, open: () => openFlatBuffer(flat) },
    {
      name: "JSON",
      bytes: json,
      open: () => {
        const read = JSON.parse(decoder.decode(json)) as Record<string, Priced>; // As it was written.
        return (sku, quantity) => priceOf(read[sku], quantity);
      },
    },
    {
      name: "Map (not from bytes)",
      bytes: undefined,
      open: () => (sku, quantity) => priceOf(map.get(sku), quantity),
    },
  ];
}

function findInSegment(bytes: Uint8Array): Find {
  const segment = openPrices(bytes);
  return (sku, quantity) => {
    const curve = segment.find(sku);
    const asked = fractions.get(quantity);
    if (curve === undefined || asked === undefined) return undefined;
    const price = curve.priceOf(tierAt(sliceAt(curve.slices, 0).slice.units.get("EA") ?? [], asked));
    return "unavailable" in price ? undefined : price.unitPrice;
  };
}

function priceOf(product: Priced | undefined, quantity: number): string | undefined {
  return product?.tiers.findLast(({ from }) => from <= quantity)?.unitPrice;
}

function checkEqual(products: readonly Priced[], finds: readonly Find[]): void {
  const [ours, ...others] = finds;
  for (const [index, { sku }] of products.entries()) {
    const quantity = quantities[index % quantities.length] ?? 1;
    const expected = priceOf(products[index], quantity);
    assert.equal(ours?.(sku, quantity), expected);
    for (const other of others) assert.equal(other(sku, quantity), expected);
  }
}

/** What a look-up takes, in the mean over many products and quantities. */
function lookUp(products: readonly Priced[], times: number, find: Find): number {
  let [index, found] = [0, 0];
  const took = nanoseconds(times, () => {
    // Steps that visit the products in no order that memory has.
    index = (index + 7_919) % products.length;
    if (find(products[index]?.sku ?? "", quantities[index % quantities.length] ?? 1) !== undefined) found++;
  });
  assert.equal(found, times);
  return took;
}

function nanoseconds(times: number, work: () => void): number {
  const start = process.hrtime.bigint();
  for (let time = 0; time < times; time++) work();
  return Number(process.hrtime.bigint() - start) / times;
}

function bytesATier(products: readonly Priced[], productsMax: number): string {
  let bytes = 0;
  for (let start = 0; start < products.length; start += productsMax) {
    bytes += encodePrices(curvesOf(products.slice(start, start + productsMax))).bytes.length;
  }
  return (bytes / products.reduce((sum, { tiers }) => sum + tiers.length, 0)).toFixed(1);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
