import type { Company } from "../../shared/pricing/company.ts";
import { offersOf, type Circumstances, type Offers } from "../../shared/pricing/contenders.ts";
import type { Price, Product } from "../../shared/pricing/records.ts";
import type { PricesBySource } from "./prices-by-source.ts";
import type { Variant } from "./variant.ts";

/** Whose prices are asked: some sources, with what is made of these besides rules. */
export type Whose = Pick<Circumstances, "sources" | "taxRule" | "list">;

/** What a product is offered for to some sources, worked out once for all variants that differ by their rules alone. */
export class ProductOffers {
  /** The currencies of the product's prices, and of its own amounts. */
  readonly currencies: ReadonlySet<string>;
  readonly #product: Product;
  readonly #whose: Whose;
  readonly #own: readonly Price[];
  readonly #prices: PricesBySource;
  readonly #company: Company;
  readonly #byCurrency = new Map<string, Offers>();

  constructor(
    product: Product,
    whose: Whose,
    prices: PricesBySource,
    { company }: { readonly company: Company },
  ) {
    const { sources } = whose;
    this.#product = product;
    this.#whose = whose;
    this.#own = prices.of(product.id, sources);
    this.#prices = prices;
    this.#company = company;
    const currencies = new Set<string>();
    for (const { who, currency } of this.#own) if (sources.matches(who)) currencies.add(currency);
    for (const own of [product.listPrice, product.cost]) if (own !== undefined) currencies.add(own.currency);
    this.currencies = currencies;
  }

  in(currency: string): Offers {
    const known = this.#byCurrency.get(currency);
    if (known !== undefined) return known;
    const pricesOfList = (list: string) => this.#prices.ofList(list, this.#product.id);
    const circumstances = { ...this.#whose, currency, pricesOfList, beaten: "leftOut" as const };
    const made = offersOf(this.#product, this.#own, circumstances, this.#company);
    this.#byCurrency.set(currency, made);
    return made;
  }
}

/** Equal for variants to whom products are offered for the same. */
export function offersKey({ groups, lists, whos, taxRule, list }: Variant): string {
  return JSON.stringify([groups, lists, [...whos].sort(), taxRule?.id, list?.id]);
}
