import { compileBucket, type BucketRecords } from "../../control-plane/compile/bucket.ts";
import { encodeOverlays } from "../../control-plane/compile/overlays.ts";
import { customerShards, productShards } from "../../control-plane/compile/pages.ts";
import { Planner, type Bucket } from "../../control-plane/compile/plan.ts";
import { companyOf, type CompanyRecord } from "../../shared/pricing/company.ts";
import type { Price, Product } from "../../shared/pricing/records.ts";
import type { EncodedSegment } from "../../shared/snapshot/segment.ts";
import { isSmall } from "./bench-size.ts";
import { customerOf, skuOf } from "./matrix-company.ts";
import { rounded } from "./timed.ts";

/**
 * Companies of the shapes at which other platforms are known to break, compiled in memory by the pure steps. A
 * flattened price index has a row for each group and product; here stands what is compiled and held instead.
 */
const scale = isSmall ? 0.02 : 1;
const size = (full: number) => Math.ceil(full * scale);

interface HardCase {
  readonly name: string;
  readonly groups: number;
  readonly products: number;
  readonly company: readonly CompanyRecord[];
  readonly prices: readonly Price[];
}

const levels = 20;

const cases: readonly (() => HardCase)[] = [
  // Magento's index of such a company has 200 million rows and takes 40 GB and hours.
  () => {
    const [groups, products] = [size(20_000), size(10_000)];
    return {
      name: `${groups} groups × ${products} products, a discount for each group (${levels} levels)`,
      groups,
      products,
      company: [...groupsWithCustomers(groups), ...discounts(groups)],
      prices: everyonesPrices(products),
    };
  },
  // Where few prices really differ: each group has ten of its own.
  () => {
    const [groups, products] = [size(8_800), size(15_000)];
    return {
      name: `${groups} groups × ${products} products, ten prices of its own for each group`,
      groups,
      products,
      company: groupsWithCustomers(groups),
      prices: [...everyonesPrices(products), ...groupPrices(groups, products, 10)],
    };
  },
  // commercetools takes as many for one SKU.
  () => {
    const customers = size(50_000);
    return {
      name: `${customers} prices on one SKU, each for one customer`,
      groups: customers,
      products: 1,
      company: Array.from({ length: customers }, (_, index) => customer(index, undefined)),
      prices: Array.from({ length: customers }, (_, index) => ({
        ...priceOf(0, 1_000 + index),
        id: `own-${index}`,
        customer: customerOf(index),
      })),
    };
  },
];

console.log("\nShapes that other platforms break on, compiled in memory");
console.table(cases.map((make) => compiled(make())));

projected();

function compiled({ name, groups, products, company, prices }: HardCase): Record<string, string | number> {
  const bySku = Map.groupBy(prices, ({ sku }) => sku);
  const productsBySku = new Map(
    Array.from({ length: products }, (_, index) => [skuOf(index), product(index)]),
  );
  const start = performance.now();
  const planner = new Planner(companyOf(company));
  for (const one of productsBySku.values()) planner.addProduct(one);
  for (const price of prices) planner.addPrice(price);
  const plan = planner.plan();
  const planned = performance.now();
  const segments = new Map<string, number>();
  const keep = (some: Iterable<EncodedSegment>) => {
    for (const { hash, bytes } of some) segments.set(hash, bytes.length);
  };
  let longest = 0;
  for (const bucket of plan.buckets.values()) {
    const unitStart = performance.now();
    const { segments: own, fragments } = compileBucket(bucket, recordsOf(bucket, productsBySku, bySku), plan);
    longest = Math.max(longest, performance.now() - unitStart);
    keep(own.values());
    // No customer here has prices in two buckets.
    for (const some of Map.groupBy(fragments, (fragment) => fragment.customer).values()) {
      keep(encodeOverlays(some).segments);
    }
  }
  keep(productShards(plan).segments);
  keep(customerShards(plan, new Map()).segments);
  const bytes = [...segments.values()].reduce((sum, one) => sum + one, 0);
  return {
    case: name,
    "rows flattened": groups * products,
    "plan, s": rounded((planned - start) / 1000),
    "compile, s": rounded((performance.now() - planned) / 1000),
    "longest unit, s": rounded(longest / 1000),
    segments: segments.size,
    MB: rounded(bytes / 1e6),
  };
}

/** 15,000 groups × 5,000,000 products: one unit of work is measured, and multiplied. */
function projected(): void {
  const skus = 256;
  const [groups, products] = [15_000, 5_000_000];
  const company = [...groupsWithCustomers(levels), ...discounts(levels)];
  const planner = new Planner(companyOf(company));
  const bucketProducts = new Map(Array.from({ length: skus }, (_, index) => [skuOf(index), product(index)]));
  for (const one of bucketProducts.values()) planner.addProduct(one);
  const plan = planner.plan();
  const prices = Map.groupBy(everyonesPrices(skus), ({ sku }) => sku);
  const times: number[] = [];
  let bytes = 0;
  for (let round = 0; round < 7; round++) {
    const start = performance.now();
    for (const bucket of plan.buckets.values()) {
      const { segments } = compileBucket(bucket, recordsOf(bucket, bucketProducts, prices), plan);
      bytes = [...segments.values()].reduce((sum, one) => sum + one.bytes.length, 0);
    }
    times.push(performance.now() - start);
  }
  const unitSeconds = (times.toSorted((a, b) => a - b)[3] ?? 0) / 1000;
  // A class has a power of two of buckets, as few as keep their mean at or below 256 SKUs.
  const buckets = 2 ** Math.ceil(Math.log2(products / skus));
  const share = products / buckets / skus;
  const all = { seconds: unitSeconds * share * buckets, bytes: bytes * share * buckets };
  console.log(
    `\n${groups} groups × ${products} products with ${levels} levels, projected from one unit of work`,
  );
  console.table([
    {
      what: `a unit: ${skus} SKUs × ${levels} levels`,
      seconds: rounded(unitSeconds),
      MB: rounded(bytes / 1e6),
    },
    {
      what: `all: ${buckets} units of ${rounded(products / buckets)} SKUs, one after another`,
      seconds: rounded(all.seconds),
      MB: rounded(all.bytes / 1e6),
    },
    { what: "all, in 20 isolates at once", seconds: rounded(all.seconds / 20), MB: rounded(all.bytes / 1e6) },
  ]);
  console.log(`a flattened index has ${groups} × ${products} = ${groups * products} rows`);
}

function recordsOf(
  { skus }: Bucket,
  products: ReadonlyMap<string, Product>,
  prices: ReadonlyMap<string, readonly Price[]>,
): BucketRecords {
  return {
    products: skus.flatMap((sku) => products.get(sku) ?? []),
    prices: skus.flatMap((sku) => prices.get(sku) ?? []),
  };
}

/** As many groups, each with one customer. */
function groupsWithCustomers(count: number): CompanyRecord[] {
  return Array.from({ length: count }, (_, index): CompanyRecord[] => [
    { type: "customerGroup", id: groupOf(index) },
    customer(index, groupOf(index)),
  ]).flat();
}

/** A discount on everything for each group. */
function discounts(groups: number): CompanyRecord[] {
  return Array.from({ length: groups }, (_, index) => ({
    type: "rule",
    id: `discount-${index}`,
    rank: 10,
    who: { groups: [groupOf(index)] },
    effect: { percentOff: `${1 + (index % levels)}.5` },
  }));
}

function everyonesPrices(products: number): Price[] {
  return Array.from({ length: products }, (_, index) => priceOf(index, 1_000 + ((index * 7_919) % 90_000)));
}

function groupPrices(groups: number, products: number, each: number): Price[] {
  return Array.from({ length: groups * each }, (_, index) => {
    const group = Math.floor(index / each);
    const own = priceOf((group * 31 + (index % each) * 1_499) % products, 900 + (index % 5_000));
    return { ...own, id: `group-${index}`, group: groupOf(group) };
  });
}

function priceOf(productIndex: number, cents: number): Price {
  const amount = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
  const sku = skuOf(productIndex);
  return { type: "price", id: `price-${sku}`, sku, currency: "EUR", amount };
}

function product(index: number): Product {
  return { type: "product", id: skuOf(index), name: `Product ${index}`, unit: "EA" };
}

function customer(index: number, group: string | undefined): CompanyRecord {
  const groups = group === undefined ? {} : { groups: [group] };
  return { type: "customer", id: customerOf(index), name: `Customer ${index}`, currency: "EUR", ...groups };
}

function groupOf(index: number): string {
  return `G${index}`;
}
