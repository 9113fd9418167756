import { customersOfShard, type SnapshotContents } from "../../shared/snapshot/shard-pages.ts";

/** How many prices a snapshot has, counted in units of bounded work; undefined after the last one. */
export async function countPrices(unit: number, snapshot: SnapshotContents): Promise<number | undefined> {
  const { buckets, customers } = snapshot.manifest;
  const ids = Object.keys(buckets).sort();
  const bucket = ids[unit];
  if (bucket !== undefined) return countIn(Object.values(buckets[bucket] ?? {}), snapshot);
  const shard = unit - ids.length;
  if (shard >= 2 ** customers.bits) return undefined;
  const pages = await customersOfShard(shard, customers.bits, snapshot);
  const overlays = [...pages.values()].flatMap(({ placements }) =>
    Object.values(placements).flatMap(({ overlay }) => Object.values(overlay ?? {})),
  );
  return countIn(overlays, snapshot);
}

async function countIn(hashes: readonly string[], { reader }: SnapshotContents): Promise<number> {
  let prices = 0;
  for (const hash of hashes) for (const _sku of (await reader.prices(hash)).keys()) prices++;
  return prices;
}
