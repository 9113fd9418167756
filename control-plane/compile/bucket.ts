import { curveOf, type Curve } from "../../shared/pricing/curve.ts";
import { currenciesOfEffect, makesPrice } from "../../shared/pricing/applicable-rule.ts";
import type { Company } from "../../shared/pricing/company.ts";
import { contendersOf, type Circumstances } from "../../shared/pricing/contenders.ts";
import type { Price, Product, Rule } from "../../shared/pricing/records.ts";
import { whatMatches } from "../../shared/pricing/scope.ts";
import type { Standing } from "../../shared/pricing/standing.ts";
import { encodePrices } from "../../shared/snapshot/price-segment.ts";
import type { EncodedSegment } from "../../shared/snapshot/segment.ts";
import { numberedRule, variantKey } from "../../shared/snapshot/page.ts";
import { accountsOf, individualsOf } from "./individuals.ts";
import type { Bucket, Plan } from "./plan.ts";
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
}

export interface OverlayFragment {
  readonly customer: string;
  readonly channel: string;
  readonly currency: string;
  readonly curves: readonly (readonly [sku: string, curve: Curve])[];
}

/** Compiles one bucket for all its variants and for the customers that its records name; pure. */
export function compileBucket(bucket: Bucket, records: BucketRecords, plan: CompileContext): CompiledBucket {
  const work = new BucketWork(records, plan);
  const segments = new Map<string, EncodedSegment>();
  const add = (variant: Variant, skus: Iterable<string>) => {
    for (const [currency, curves] of work.variantCurves(variant, skus)) {
      segments.set(variantKey(variant.id, currency), encodePrices(curves));
    }
  };
  for (const base of bucket.bases) add(base, work.skus());
  for (const layer of bucket.layers) add(layer, work.skusTouchedBy(layer));
  const named = accountsOf(work.prices);
  const fragments = work.fragments(individualsOf(bucket, named, plan));
  return { segments, fragments, currencies: work.currencies, accounts: [...named.keys()].sort() };
}

class BucketWork {
  readonly currencies = new Set<string>();
  readonly #plan: CompileContext;
  readonly #products: ReadonlyMap<string, Product>;
  readonly prices: PricesBySource;

  constructor({ products, prices }: BucketRecords, plan: CompileContext) {
    this.#plan = plan;
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

  variantCurves(variant: Variant, skus: Iterable<string>): Map<string, Map<string, Curve>> {
    const names = new Map(variant.rules.map((rule, index) => [rule, numberedRule(index)]));
    const { rules, taxRule, list } = variant;
    return this.#curves(skus, rules, names, { sources: sourcesOfVariant(variant), taxRule, list });
  }

  /** @param individuals the customers with prices of their own, and for which SKUs */
  fragments(individuals: ReadonlyMap<string, ReadonlySet<string>>): OverlayFragment[] {
    const { company, standings } = this.#plan;
    const fragments: OverlayFragment[] = [];
    for (const [customer, skus] of individuals) {
      for (const [channel, standing] of standings.get(customer) ?? []) {
        const names = new Map(standing.rules.map((rule) => [rule, `rule/${rule.id}`]));
        const taxRule =
          standing.customer.taxRule === undefined
            ? undefined
            : company.taxRules.get(standing.customer.taxRule);
        const { rules, list } = standing;
        const byCurrency = this.#curves(skus, rules, names, {
          sources: sourcesOfStanding(standing),
          taxRule,
          list,
        });
        for (const [currency, curves] of byCurrency) {
          fragments.push({ customer, channel, currency, curves: [...curves] });
        }
      }
    }
    return fragments;
  }

  #curves(
    skus: Iterable<string>,
    rules: readonly Rule[],
    names: ReadonlyMap<Rule, string>,
    whose: Pick<Circumstances, "sources" | "taxRule" | "list">,
  ): Map<string, Map<string, Curve>> {
    const byCurrency = new Map<string, Map<string, Curve>>();
    for (const sku of skus) {
      const product = this.#products.get(sku);
      if (product === undefined) continue;
      const prices = this.prices.of(sku, whose.sources);
      const about = rules
        .filter((rule) => whatMatches(rule.what, product, this.#plan.company.categories))
        .map((rule) => ({ rule, record: names.get(rule) ?? `rule/${rule.id}` }));
      const pricesOfList = (list: string) => this.prices.ofList(list, sku);
      const own = prices.filter(({ who }) => whose.sources.matches(who));
      for (const currency of currenciesOf(product, own, about, this.#plan.company)) {
        const circumstances = { ...whose, rules: about, currency, pricesOfList };
        const curve = curveOf(contendersOf(product, prices, circumstances, this.#plan.company));
        if (curve === undefined) continue;
        const curves = byCurrency.get(currency) ?? new Map<string, Curve>();
        byCurrency.set(currency, curves);
        curves.set(sku, curve);
        this.currencies.add(currency);
      }
    }
    return byCurrency;
  }
}

/** The currencies in which the product can have a price at all, or a reason why it has none. */
function currenciesOf(
  product: Product,
  prices: readonly Price[],
  rules: readonly { readonly rule: Rule }[],
  company: Company,
): Set<string> {
  const currencies = new Set(prices.map(({ currency }) => currency));
  for (const own of [product.listPrice, product.cost]) if (own !== undefined) currencies.add(own.currency);
  for (const { rule } of rules) for (const currency of currenciesOfEffect(rule)) currencies.add(currency);
  if (company.policy.convert === "none" && !rules.some(({ rule }) => makesPrice(rule))) return currencies;
  return new Set([...currencies, ...company.currencies]);
}
