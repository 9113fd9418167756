import type { Layer } from "./placed.ts";
import type { SnapshotContents } from "./shard-pages.ts";

/** The SKUs that may have another price when other layers are asked; many customers share the same layers. */
export class DifferingSkus {
  readonly #before: SnapshotContents;
  readonly #after: SnapshotContents;
  readonly #known = new Map<string, readonly string[]>();

  constructor(before: SnapshotContents, after: SnapshotContents) {
    this.#before = before;
    this.#after = after;
  }

  async between(before: readonly Layer[], after: readonly Layer[]): Promise<readonly string[]> {
    const hashes = [before, after].map((layers) => layers.map(({ hash }) => hash));
    const key = JSON.stringify(hashes);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const [own = [], other = []] = hashes;
    const skus =
      own.join() === other.join()
        ? []
        : await this.#compare(
            own.filter((hash) => !other.includes(hash)),
            other.filter((hash) => !own.includes(hash)),
          );
    this.#known.set(key, skus);
    return skus;
  }

  // Only segments that one side has and the other has not can make a difference, if the others stand in one order.
  async #compare(own: readonly string[], other: readonly string[]): Promise<readonly string[]> {
    const curves = [await curvesOf(own, this.#before), await curvesOf(other, this.#after)] as const;
    return [...new Set([...curves[0].keys(), ...curves[1].keys()])].filter(
      (sku) => curves[0].get(sku) !== curves[1].get(sku),
    );
  }
}

/** What segments say of each SKU, all of it as one text. */
async function curvesOf(
  hashes: readonly string[],
  { reader }: SnapshotContents,
): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const hash of hashes) {
    const segment = await reader.prices(hash);
    for (const sku of segment.keys()) {
      texts.set(sku, `${texts.get(sku) ?? ""}${segment.find(sku)?.fingerprint()}`);
    }
  }
  return texts;
}
