import {
  compileBucket,
  type BucketRecords,
  type OverlayFragment,
} from "../../control-plane/compile/bucket.ts";
import { encodeOverlays } from "../../control-plane/compile/overlays.ts";
import { customerShards, productShards } from "../../control-plane/compile/pages.ts";
import { Planner, type Bucket, type Plan } from "../../control-plane/compile/plan.ts";
import { companyOf } from "../../shared/pricing/company.ts";
import type { Curve } from "../../shared/pricing/curve.ts";
import type { Price } from "../../shared/pricing/records.ts";
import { openPrices } from "../../shared/snapshot/price-segment.ts";
import { matrixCompany, type MatrixCompany } from "./matrix-company.ts";

export interface CompiledMatrix {
  /** The price records, times the variants that each is compiled for. */
  readonly points: number;
  readonly planMs: number;
  /** Of all buckets, overlays and pages. */
  readonly milliseconds: number;
  /** Of what a changed price takes: the plan advanced, and its bucket compiled again. */
  readonly changeMs: number;
  readonly segments: number;
  /** Of the segments with prices. */
  readonly priceBytes: number;
  /** In these. */
  readonly tiers: number;
  /** Bytes that are held: by a unit of work with its records and its result; by the plan, with the company. */
  readonly heap: { readonly unit: number; readonly plan: number };
}

/** Compiles a company in memory, by the same pure steps as the publisher takes. */
export function compileMatrix(priceRecords: number): CompiledMatrix {
  const matrix = matrixCompany(priceRecords);
  const recordsOf = recordsByBucket(matrix);
  const before = heapHeld();
  const planStart = performance.now();
  const planner = plannerOf(matrix);
  const plan = planner.plan();
  const planMs = performance.now() - planStart;
  const heapOfPlan = heapHeld() - before;
  planner.takeChangedPages();

  const total = { points: 0, segments: 0, priceBytes: 0, tiers: 0, milliseconds: 0, unit: 0 };
  const fragments = new Map<string, OverlayFragment[]>();
  for (const [index, bucket] of [...plan.buckets.values()].entries()) {
    const isWeighed = index % 100 === 0;
    const held = isWeighed ? heapHeld() : 0;
    const records = recordsOf(bucket);
    const start = performance.now();
    const compiled = compileBucket(bucket, records, plan);
    total.milliseconds += performance.now() - start;
    if (isWeighed) total.unit = Math.max(total.unit, heapHeld() - held);
    const forEveryone = records.prices.filter(({ customer }) => customer === undefined).length;
    total.points += forEveryone * bucket.bases.length + records.prices.length - forEveryone;
    for (const { bytes } of compiled.segments.values()) {
      total.segments++;
      total.priceBytes += bytes.length;
      total.tiers += tiersIn(bytes);
    }
    for (const fragment of compiled.fragments) {
      const own = fragments.get(fragment.customer) ?? [];
      fragments.set(fragment.customer, own);
      own.push(fragment);
    }
  }
  const start = performance.now();
  for (const own of fragments.values()) {
    for (const { bytes } of encodeOverlays(own).segments) {
      total.segments++;
      total.priceBytes += bytes.length;
      total.tiers += tiersOf(own.flatMap(({ curves }) => curves.map(([, curve]) => curve)));
    }
  }
  productShards(plan);
  customerShards(plan, new Map());
  total.milliseconds += performance.now() - start;
  const changeMs = timeOfChange(planner, plan, recordsOf);
  return { ...total, planMs, changeMs, heap: { unit: total.unit, plan: heapOfPlan } };
}

function plannerOf(matrix: MatrixCompany): Planner {
  const planner = new Planner(companyOf(matrix.company));
  for (let index = 0; index < matrix.products; index++) planner.addProduct(matrix.productAt(index));
  // Prices for everyone or for one customer say nothing to a plan, and the publisher does not read them for it.
  return planner;
}

/** A bucket's records, made anew each time, so that the prices of all need not be held beside what is weighed. */
function recordsByBucket(matrix: MatrixCompany): (bucket: Bucket) => BucketRecords {
  const texts = Map.groupBy(matrix.prices(), ({ sku }) => sku);
  const products = new Map(
    Array.from({ length: matrix.products }, (_, index) => [matrix.productAt(index).id, index]),
  );
  return ({ skus }) => ({
    products: skus.flatMap((sku) => {
      const index = products.get(sku);
      return index === undefined ? [] : [matrix.productAt(index)];
    }),
    prices: skus.flatMap((sku): Price[] => structuredClone(texts.get(sku) ?? [])),
  });
}

const changeRounds = 5;

function timeOfChange(planner: Planner, plan: Plan, recordsOf: (bucket: Bucket) => BucketRecords): number {
  const times = [...plan.buckets.values()].slice(0, changeRounds).map((bucket) => {
    const records = recordsOf(bucket);
    const [changed] = bucket.skus;
    const start = performance.now();
    planner.forgetPrices(changed ?? "");
    const next = planner.plan();
    const again = next.buckets.get(bucket.id);
    if (again === undefined) throw new Error(`The bucket ${bucket.id} is gone`);
    compileBucket(again, records, next);
    return performance.now() - start;
  });
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}

function tiersIn(bytes: Uint8Array): number {
  const segment = openPrices(bytes);
  let tiers = 0;
  for (const sku of segment.keys()) {
    for (const { units } of segment.find(sku)?.slices ?? []) {
      for (const own of units.values()) tiers += own.length;
    }
  }
  return tiers;
}

function tiersOf(curves: readonly Curve[]): number {
  return curves
    .flat()
    .flatMap(({ units }) => Object.values(units))
    .reduce((sum, tiers) => sum + tiers.length, 0);
}

function heapHeld(): number {
  if (globalThis.gc === undefined) throw new Error("Run this with --expose-gc");
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}
