import type { Manifest } from "../../shared/snapshot/manifest.ts";
import type { EncodedShards } from "./pages.ts";
import type { Plan } from "./plan.ts";

/** What is kept of a compiled bucket: the names of its segments, by `variant/currency`. */
export interface BucketNames {
  readonly segments: Readonly<Record<string, string>>;
  readonly currencies: readonly string[];
}

export function manifestOf(
  plan: Plan,
  sequence: number,
  parts: {
    readonly products: EncodedShards;
    readonly customers: EncodedShards;
    readonly buckets: ReadonlyMap<string, BucketNames>;
  },
): Manifest {
  const sorted = [...parts.buckets].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    sequence,
    rounding: { unitPrice: plan.company.policy.unitPrice, line: plan.company.policy.lineRounding },
    currencies: [...new Set(sorted.flatMap(([, { currencies }]) => currencies))].sort(),
    products: parts.products.shards,
    customers: parts.customers.shards,
    buckets: Object.fromEntries(
      sorted.flatMap(([id, { segments }]) => {
        const names = Object.entries(segments).sort(([a], [b]) => (a < b ? -1 : 1));
        return names.length === 0 ? [] : [[id, Object.fromEntries(names)]];
      }),
    ),
    pages: pagesWithin(parts),
  };
}

// Two dozen customers and a few hundred products: much below what a first answer may read.
const pageBytesMax = 48 * 1024;

/** All pages' segments, if they are few bytes together. */
function pagesWithin({ products, customers }: Readonly<Record<"products" | "customers", EncodedShards>>) {
  if (products.size + customers.size > pageBytesMax) return [];
  return [...products.all(), ...customers.all()].map(({ bytes }) => bytes);
}
