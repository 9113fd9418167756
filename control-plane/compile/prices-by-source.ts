import type { PriceSources } from "../../shared/pricing/candidate.ts";
import type { Price } from "../../shared/pricing/records.ts";

/** A bucket's prices, so that one variant's are found without looking at all the others'. */
export class PricesBySource {
  readonly #bySource = new Map<string, Map<string, Price[]>>();
  readonly #narrowed: Price[] = [];

  constructor(prices: readonly Price[]) {
    for (const price of prices) {
      const source = sourceOf(price);
      const bySku = this.#bySource.get(source) ?? new Map<string, Price[]>();
      this.#bySource.set(source, bySku);
      const known = bySku.get(price.sku) ?? [];
      bySku.set(price.sku, known);
      known.push(price);
      if (price.who !== undefined) this.#narrowed.push(price);
    }
  }

  /** The prices of a SKU that these sources may give; their `who` is still to be matched. */
  of(sku: string, sources: PriceSources): Price[] {
    return [
      ...sources.accountChain.map((id) => `customer/${id}`),
      ...sources.groupChain.map((id) => `group/${id}`),
      ...sources.listChain.map((id) => `list/${id}`),
      "everyone",
    ].flatMap((source) => this.#bySource.get(source)?.get(sku) ?? []);
  }

  /** The prices of a SKU in one list, whoever has it. */
  ofList(list: string, sku: string): readonly Price[] {
    return this.#bySource.get(`list/${list}`)?.get(sku) ?? [];
  }

  skusOfSources(groups: readonly string[], lists: readonly string[]): string[] {
    return [...groups.map((id) => `group/${id}`), ...lists.map((id) => `list/${id}`)].flatMap((source) => [
      ...(this.#bySource.get(source)?.keys() ?? []),
    ]);
  }

  /** The SKUs that have prices of their own for customers, by the account that these prices name. */
  *skusByAccount(): Iterable<readonly [account: string, skus: Iterable<string>]> {
    for (const [source, bySku] of this.#bySource) {
      if (source.startsWith("customer/")) yield [source.slice("customer/".length), bySku.keys()];
    }
  }

  /** The prices with a `who`. */
  narrowed(): readonly Price[] {
    return this.#narrowed;
  }
}

function sourceOf(price: Price): string {
  if (price.customer !== undefined) return `customer/${price.customer}`;
  if (price.group !== undefined) return `group/${price.group}`;
  if (price.list !== undefined) return `list/${price.list}`;
  return "everyone";
}
