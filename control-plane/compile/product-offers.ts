import type { Company } from "../../shared/pricing/company.ts";
import { offersOf, type Circumstances, type Offers } from "../../shared/pricing/contenders.ts";
import type { Price, Product } from "../../shared/pricing/records.ts";
import type { PricesBySource } from "./prices-by-source.ts";
import type { Variant } from "./variant.ts";

interface Known {
  readonly prices: readonly Price[];
  readonly currencies: ReadonlySet<string>;
  readonly byCurrency: Map<string, Offers>;
}

/** What products are offered for to some sources, worked out once for all variants that differ by their rules alone. */
export class ProductOffers {
  readonly #whose: Pick<Circumstances, "sources" | "taxRule" | "list">;
  readonly #prices: PricesBySource;
  readonly #company: Company;
  readonly #known = new Map<string, Known>();

  constructor(
    whose: Pick<Circumstances, "sources" | "taxRule" | "list">,
    prices: PricesBySource,
    { company }: { readonly company: Company },
  ) {
    this.#whose = whose;
    this.#prices = prices;
    this.#company = company;
  }

  of(product: Product, currency: string): Offers {
    const { prices, byCurrency } = this.#knownOf(product);
    const known = byCurrency.get(currency);
    if (known !== undefined) return known;
    const pricesOfList = (list: string) => this.#prices.ofList(list, product.id);
    const made = offersOf(product, prices, { ...this.#whose, currency, pricesOfList }, this.#company);
    byCurrency.set(currency, made);
    return made;
  }

  /** The currencies of the product's prices, and of its own amounts. */
  currenciesOf(product: Product): ReadonlySet<string> {
    return this.#knownOf(product).currencies;
  }

  #knownOf(product: Product): Known {
    const known = this.#known.get(product.id);
    if (known !== undefined) return known;
    const { sources } = this.#whose;
    const prices = this.#prices.of(product.id, sources);
    const currencies = new Set<string>();
    for (const { who, currency } of prices) if (sources.matches(who)) currencies.add(currency);
    for (const own of [product.listPrice, product.cost]) if (own !== undefined) currencies.add(own.currency);
    const made = { prices, currencies, byCurrency: new Map<string, Offers>() };
    this.#known.set(product.id, made);
    return made;
  }
}

/** Equal for variants to whom products are offered for the same. */
export function offersKey({ groups, lists, whos, taxRule, list }: Variant): string {
  return JSON.stringify([groups, lists, [...whos].sort(), taxRule?.id, list?.id]);
}
