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
  of(sku: string, { accountChain, groupChain, listChain }: PriceSources): Price[] {
    const found: Price[] = [];
    for (const id of accountChain) this.#take(sku, `customer/${id}`, found);
    for (const id of groupChain) this.#take(sku, `group/${id}`, found);
    for (const id of listChain) this.#take(sku, `list/${id}`, found);
    this.#take(sku, "everyone", found);
    return found;
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

  #take(sku: string, source: string, found: Price[]): void {
    for (const price of this.#bySource.get(source)?.get(sku) ?? []) found.push(price);
  }
}

function sourceOf(price: Price): string {
  if (price.customer !== undefined) return `customer/${price.customer}`;
  if (price.group !== undefined) return `group/${price.group}`;
  if (price.list !== undefined) return `list/${price.list}`;
  return "everyone";
}
