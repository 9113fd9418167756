import type { ChangePosition } from "../../shared/snapshot/change-cursor.ts";
import { changedSkus, firstPosition } from "../../shared/snapshot/changed-skus.ts";
import type { SegmentReader } from "../../shared/snapshot/placed.ts";
import type { SnapshotContents } from "../../shared/snapshot/shard-pages.ts";

// KV takes 1,000 operations an invocation.
const segmentsMax = 200;
const stepsMax = 20_000;

export interface CollectedChanges {
  /** SKUs by customer, in the order in which they were found. */
  readonly found: ReadonlyMap<string, readonly string[]>;
  /** Where to go on; undefined when all was looked at. */
  readonly position: ChangePosition | undefined;
}

/** The next changes between two snapshots, up to `limit` SKUs or to what one request may read. */
export async function collectChanges(
  before: SnapshotContents,
  after: SnapshotContents,
  {
    customers,
    limit,
    from = firstPosition,
  }: {
    readonly customers: readonly string[] | null;
    readonly limit: number;
    readonly from: ChangePosition | undefined;
  },
): Promise<CollectedChanges> {
  const read = new Set<string>();
  const sides = [before, after].map((side) => ({ ...side, reader: counted(side.reader, read) })) as [
    SnapshotContents,
    SnapshotContents,
  ];
  const found = new Map<string, string[]>();
  let skus = 0;
  let steps = 0;
  for await (const { found: changed, next } of changedSkus(...sides, customers, from)) {
    steps++;
    if (changed !== undefined) {
      skus++;
      found.set(changed.customer, [...(found.get(changed.customer) ?? []), changed.sku]);
    }
    if (skus >= limit || steps >= stepsMax || read.size >= segmentsMax) return { found, position: next };
  }
  return { found, position: undefined };
}

function counted(reader: SegmentReader, read: Set<string>): SegmentReader {
  return {
    prices: (hash) => reader.prices(mark(hash, read)),
    products: (hash) => reader.products(mark(hash, read)),
    customers: (hash) => reader.customers(mark(hash, read)),
  };
}

function mark(hash: string, read: Set<string>): string {
  read.add(hash);
  return hash;
}
