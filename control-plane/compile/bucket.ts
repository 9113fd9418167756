import { curveOf, isWithoutPrices, type Curve } from "../../shared/pricing/curve.ts";
import { currenciesOfEffect, makesPrice } from "../../shared/pricing/applicable-rule.ts";
import type { Company } from "../../shared/pricing/company.ts";
import { withRules, type NamedRule } from "../../shared/pricing/contenders.ts";
import type { Price, Product, Rule } from "../../shared/pricing/records.ts";
import { whatMatches } from "../../shared/pricing/scope.ts";
import type { Standing } from "../../shared/pricing/standing.ts";
import type { EncodedSegment } from "../../shared/snapshot/segment.ts";
import { numberedRule, variantKey } from "../../shared/snapshot/page.ts";
import { fitPrices } from "./fit-prices.ts";
import { accountsOf, individualsOf } from "./individuals.ts";
import type { Bucket, Plan } from "./plan.ts";
import { offersKey, ProductOffers } from "./product-offers.ts";
import { PricesBySource } from "./prices-by-source.ts";
import { sourcesOfStanding, sourcesOfVariant, type Variant } from "./variant.ts";

export interface BucketRecords {
  readonly products: readonly Product[];
  readonly prices: readonly Price[];
}

/** What compiling a bucket needs besides it and its records. */
export interface CompileContext extends Pick<Plan, "company" | "facts" | "heirs"> {
  readonly standings: { get(customer: string): ReadonlyMap<string, Standing> | undefined };
}

export interface CompiledBucket {
  /** By `variant/currency`. */
  readonly segments: ReadonlyMap<string, EncodedSegment>;
  /** What this bucket adds to customers' overlays. */
  readonly fragments: readonly OverlayFragment[];
  readonly currencies: ReadonlySet<string>;
  /** Those that some of its prices name. */
  readonly accounts: readonly string[];
  /** The products that somebody has no price of since there are too many tiers of it; in order. */
  readonly unpriced: readonly string[];
}

export interface OverlayFragment {
  readonly customer: string;
  readonly channel: string;
  readonly currency: string;
  readonly curves: readonly (readonly [sku: string, curve: Curve])[];
}

/** Compiles one bucket for all its variants and for the customers that its records name; pure. */
export function compileBucket(bucket: Bucket, records: BucketRecords, plan: CompileContext): CompiledBucket {
  const work = new BucketWork(bucket, records, plan);
  const segments = new Map<string, EncodedSegment>();
  const addAll = (variants: readonly Variant[], skusOf: (variant: Variant) => Iterable<string>) => {
    for (const alike of Map.groupBy(variants, offersKey).values()) {
      let offers: ProductOffers | undefined;
      for (const variant of alike) {
        offers ??= work.offersOfVariant(variant);
        for (const [currency, curves] of work.variantCurves(variant, skusOf(variant), offers)) {
          const { segment, unpriced } = fitPrices(curves);
          segments.set(variantKey(variant.id, currency), segment);
          for (const sku of unpriced) work.unpriced.add(sku);
        }
      }
    }
  };
  addAll(bucket.bases, () => work.skus());
  addAll(bucket.layers, (layer) => work.skusTouchedBy(layer));
  const named = accountsOf(work.prices);
  const fragments = work.fragments(individualsOf(bucket, named, plan));
  return {
    segments,
    fragments,
    currencies: work.currencies,
    accounts: [...named.keys()].sort(),
    unpriced: [...work.unpriced].sort(),
  };
}

class BucketWork {
  readonly currencies = new Set<string>();
  readonly unpriced = new Set<string>();
  readonly #plan: CompileContext;
  readonly #scopes: ReadonlySet<string>;
  readonly #products: ReadonlyMap<string, Product>;
  readonly prices: PricesBySource;

  constructor({ scopes }: Bucket, { products, prices }: BucketRecords, plan: CompileContext) {
    this.#plan = plan;
    this.#scopes = scopes;
    this.#products = new Map(products.map((product) => [product.id, product]));
    this.prices = new PricesBySource(prices);
  }

  skus(): Iterable<string> {
    return this.#products.keys();
  }

  /** The SKUs for which the variant's groups, lists, narrowed prices or point rules say something. */
  skusTouchedBy(layer: Variant): Set<string> {
    const named = layer.rules.flatMap((rule) => rule.what?.skus ?? []);
    const skus = new Set([
      ...named.filter((sku) => this.#products.has(sku)),
      ...this.prices.skusOfSources(layer.groups, layer.lists),
    ]);
    const { matches } = sourcesOfVariant(layer);
    for (const { sku, who } of this.prices.narrowed()) if (matches(who)) skus.add(sku);
    return skus;
  }

  offersOfVariant(variant: Variant): ProductOffers {
    const { taxRule, list } = variant;
    return new ProductOffers({ sources: sourcesOfVariant(variant), taxRule, list }, this.prices, this.#plan);
  }

  variantCurves(
    { rules }: Variant,
    skus: Iterable<string>,
    offers: ProductOffers,
  ): Map<string, Map<string, Curve>> {
    const named = rules.map((rule, index) => ({ rule, record: numberedRule(index) }));
    return this.#curves(skus, named, offers);
  }

  /** @param individuals the customers with prices of their own, and for which SKUs */
  fragments(individuals: ReadonlyMap<string, ReadonlySet<string>>): OverlayFragment[] {
    const { company, standings } = this.#plan;
    const fragments: OverlayFragment[] = [];
    for (const [customer, skus] of individuals) {
      for (const [channel, standing] of standings.get(customer) ?? []) {
        const named = standing.rules
          .filter((rule) => this.#mayReach(rule))
          .map((rule) => ({ rule, record: `rule/${rule.id}` }));
        const taxRule =
          standing.customer.taxRule === undefined
            ? undefined
            : company.taxRules.get(standing.customer.taxRule);
        const whose = { sources: sourcesOfStanding(standing), taxRule, list: standing.list };
        const byCurrency = this.#curves(skus, named, new ProductOffers(whose, this.prices, this.#plan));
        for (const [currency, curves] of byCurrency) {
          fragments.push({ customer, channel, currency, curves: [...curves] });
        }
      }
    }
    return fragments;
  }

  #curves(
    skus: Iterable<string>,
    rules: readonly NamedRule[],
    offers: ProductOffers,
  ): Map<string, Map<string, Curve>> {
    const byCurrency = new Map<string, Map<string, Curve>>();
    const { company } = this.#plan;
    for (const sku of skus) {
      const product = this.#products.get(sku);
      if (product === undefined) continue;
      const about = rules.filter(({ rule }) => this.#isAbout(rule, product));
      for (const currency of currenciesOf(offers.currenciesOf(product), about, company)) {
        const curve = curveOf(withRules(offers.of(product, currency), about));
        if (curve === undefined) continue;
        const curves = byCurrency.get(currency) ?? new Map<string, Curve>();
        byCurrency.set(currency, curves);
        curves.set(sku, curve);
        if (isWithoutPrices(curve)) this.unpriced.add(sku);
        this.currencies.add(currency);
      }
    }
    return byCurrency;
  }

  /** Whether the rule is about some product of the bucket, as far as its class tells. */
  #mayReach(rule: Rule): boolean {
    const scope = this.#plan.facts.get(rule)?.scope;
    return scope === undefined || scope === "" || this.#scopes.has(scope);
  }

  // A scope that divides the products reaches all of a class or none, so that only point rules have to be looked at.
  #isAbout(rule: Rule, product: Product): boolean {
    const scope = this.#plan.facts.get(rule)?.scope;
    if (scope === undefined) return whatMatches(rule.what, product, this.#plan.company.categories);
    return scope === "" || this.#scopes.has(scope);
  }
}

/** The currencies in which the product can have a price at all, or a reason why it has none. */
function currenciesOf(
  named: ReadonlySet<string>,
  rules: readonly NamedRule[],
  company: Company,
): ReadonlySet<string> {
  const ofRules = rules.flatMap(({ rule }) => currenciesOfEffect(rule));
  const isConverted = company.policy.convert !== "none" || rules.some(({ rule }) => makesPrice(rule));
  if (ofRules.length === 0 && !isConverted) return named;
  return new Set([...named, ...ofRules, ...(isConverted ? company.currencies : [])]);
}
