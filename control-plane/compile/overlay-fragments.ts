import { isWithoutPrices, type Curve } from "../../shared/pricing/curve.ts";
import type { Product } from "../../shared/pricing/records.ts";
import type { Standing } from "../../shared/pricing/standing.ts";
import type { CompileContext, OverlayFragment } from "./bucket.ts";
import type { Bucket } from "./plan.ts";
import type { PricesBySource } from "./prices-by-source.ts";
import { productCurves } from "./product-curves.ts";
import { ProductOffers, type Whose } from "./product-offers.ts";
import { ReachingRules } from "./reaching-rules.ts";
import { sourcesOfStanding } from "./variant.ts";

/** A customer in one channel, with its curves by currency. */
interface Individual {
  readonly channel: string;
  readonly whose: Whose;
  readonly rules: ReachingRules;
  readonly curves: Map<string, [sku: string, curve: Curve][]>;
}

/** What a bucket adds to the overlays of customers with prices of their own, gathered product by product. */
export class OverlayFragments {
  /** The products that some customer has too many tiers of. */
  readonly unpriced = new Set<string>();
  readonly #customersBySku = new Map<string, string[]>();
  readonly #individuals = new Map<string, readonly Individual[]>();
  readonly #scopes: ReadonlySet<string>;
  readonly #prices: PricesBySource;
  readonly #plan: CompileContext;

  /** @param skusByCustomer those with prices of their own, and for which SKUs */
  constructor(
    { scopes }: Bucket,
    skusByCustomer: ReadonlyMap<string, ReadonlySet<string>>,
    prices: PricesBySource,
    plan: CompileContext,
  ) {
    this.#scopes = scopes;
    this.#prices = prices;
    this.#plan = plan;
    for (const [customer, skus] of skusByCustomer) {
      for (const sku of skus) {
        const customers = this.#customersBySku.get(sku);
        if (customers === undefined) this.#customersBySku.set(sku, [customer]);
        else customers.push(customer);
      }
    }
  }

  add(product: Product): void {
    for (const customer of this.#customersBySku.get(product.id) ?? []) {
      for (const { whose, rules, curves } of this.#individualsOf(customer)) {
        const offers = new ProductOffers(product, whose, this.#prices, this.#plan);
        for (const [currency, curve] of productCurves(offers, rules.about(product), this.#plan.company)) {
          if (isWithoutPrices(curve)) this.unpriced.add(product.id);
          const ofCurrency = curves.get(currency);
          if (ofCurrency === undefined) curves.set(currency, [[product.id, curve]]);
          else ofCurrency.push([product.id, curve]);
        }
      }
    }
  }

  currencies(): readonly string[] {
    return [...this.#individuals.values()].flat().flatMap(({ curves }) => [...curves.keys()]);
  }

  all(): OverlayFragment[] {
    return [...this.#individuals].flatMap(([customer, byChannel]) =>
      byChannel.flatMap(({ channel, curves: byCurrency }) =>
        [...byCurrency].map(([currency, curves]) => ({ customer, channel, currency, curves })),
      ),
    );
  }

  #individualsOf(customer: string): readonly Individual[] {
    const known = this.#individuals.get(customer);
    if (known !== undefined) return known;
    const standings = this.#plan.standings.get(customer) ?? new Map<string, Standing>();
    const made = [...standings].map(([channel, standing]) => this.#individual(channel, standing));
    this.#individuals.set(customer, made);
    return made;
  }

  #individual(channel: string, standing: Standing): Individual {
    const { taxRules } = this.#plan.company;
    const named = standing.rules.map((rule) => ({ rule, record: `rule/${rule.id}` }));
    const whose = {
      sources: sourcesOfStanding(standing),
      taxRule: taxRules.get(standing.customer.taxRule ?? ""),
      list: standing.list,
    };
    return {
      channel,
      whose,
      rules: new ReachingRules(named, this.#scopes, this.#plan),
      curves: new Map(),
    };
  }
}
