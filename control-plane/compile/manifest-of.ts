import type { Manifest, Shards } from "../../shared/snapshot/manifest.ts";
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
    readonly products: Shards;
    readonly customers: Shards;
    readonly buckets: ReadonlyMap<string, BucketNames>;
  },
): Manifest {
  const sorted = [...parts.buckets].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    sequence,
    rounding: { unitPrice: plan.company.policy.unitPrice, line: plan.company.policy.lineRounding },
    currencies: [...new Set(sorted.flatMap(([, { currencies }]) => currencies))].sort(),
    products: parts.products,
    customers: parts.customers,
    buckets: Object.fromEntries(
      sorted.flatMap(([id, { segments }]) => {
        const names = Object.entries(segments).sort(([a], [b]) => (a < b ? -1 : 1));
        return names.length === 0 ? [] : [[id, Object.fromEntries(names)]];
      }),
    ),
  };
}
