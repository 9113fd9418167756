import type { Company } from "../../shared/pricing/company.ts";
import type { Product, ProductUnit, Rule } from "../../shared/pricing/records.ts";
import { standingOf, type Standing } from "../../shared/pricing/standing.ts";
import { idOf } from "../../shared/snapshot/hash.ts";
import { noRules, type ClassPlacement, type ProductPage } from "../../shared/snapshot/page.ts";
import { bitsFor, shardOf } from "../../shared/snapshot/partition.ts";
import { PricingClassBuilder, pointRulesBySku, type PriceScope, type PricingClass } from "./pricing-class.ts";
import { dividingScopes, ruleFacts, scopesReaching, type RuleFacts } from "./rule-facts.ts";
import { variantsOf, type Variant } from "./variant.ts";

/** How the work of one compile is divided: which buckets there are, and which variants each has. */
export interface Plan {
  readonly company: Company;
  readonly facts: ReadonlyMap<Rule, RuleFacts>;
  readonly products: ReadonlyMap<string, ProductPage>;
  readonly buckets: ReadonlyMap<string, Bucket>;
  /** Each customer's standing in each channel; "" is for no channel and all that no record names. */
  readonly standings: ReadonlyMap<string, ReadonlyMap<string, Standing>>;
  /** By customer, channel and class. */
  readonly placements: ReadonlyMap<string, ReadonlyMap<string, Readonly<Record<string, ClassPlacement>>>>;
  /** The customers whose prices a record that names this account changes: the account and its descendants. */
  readonly heirs: ReadonlyMap<string, readonly string[]>;
}

export interface Bucket {
  readonly id: string;
  readonly skus: readonly string[];
  readonly bases: readonly Variant[];
  readonly layers: readonly Variant[];
}

const skusPerBucket = 256;

/** Gathers what a plan is made of, page by page, so that not all records need to be in memory at once. */
export class Planner {
  readonly #company: Company;
  readonly #facts: ReadonlyMap<Rule, RuleFacts>;
  readonly #scopes: ReturnType<typeof dividingScopes>;
  readonly #pointRules: ReturnType<typeof pointRulesBySku>;
  readonly #classes = new Map<string, PricingClassBuilder>();
  readonly #classBySku = new Map<string, PricingClassBuilder>();
  readonly #products = new Map<string, Omit<ProductPage, "bucket">>();
  readonly #channels = new Set<string>();

  constructor(company: Company) {
    this.#company = company;
    this.#facts = ruleFacts(company);
    this.#scopes = dividingScopes(this.#facts);
    this.#pointRules = pointRulesBySku(this.#facts);
    for (const { who } of [...company.rules, ...company.lists.values()]) this.#noteChannels(who?.channels);
  }

  addProduct(product: Product): void {
    const scopes = scopesReaching(product, this.#scopes, this.#company);
    const key = JSON.stringify(scopes);
    const pricingClass = this.#classes.get(key) ?? new PricingClassBuilder(scopes);
    this.#classes.set(key, pricingClass);
    pricingClass.addProduct(product, this.#pointRules.get(product.id) ?? [], this.#company);
    this.#classBySku.set(product.id, pricingClass);
    this.#products.set(product.id, pageOf(product));
  }

  /** After all products. */
  addPrice(price: PriceScope): void {
    this.#classBySku.get(price.sku)?.addPrice(price);
    this.#noteChannels(price.who?.channels);
  }

  plan(): Plan {
    const { standings, heirs } = this.#standings();
    // In the order of their ids, since rows may come in any order and pages must not depend on it.
    const classes = [...this.#classes.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    const variants = new Map(classes.map(({ id }) => [id, { bases: new Map(), layers: new Map() }]));
    const placements = new Map(
      [...standings].map(([customer, byChannel]) => [
        customer,
        new Map(
          [...byChannel].map(([channel, standing]) => [channel, this.#place(standing, classes, variants)]),
        ),
      ]),
    );
    const products = new Map<string, ProductPage>();
    const buckets = new Map<string, Bucket>();
    for (const pricingClass of classes) {
      const { bases, layers } = variants.get(pricingClass.id) ?? { bases: new Map(), layers: new Map() };
      for (const [id, skus] of bucketsOf(pricingClass)) {
        buckets.set(id, { id, skus, bases: sortedById(bases), layers: sortedById(layers) });
        for (const sku of skus) {
          const page = this.#products.get(sku);
          if (page !== undefined) products.set(sku, { bucket: id, ...page });
        }
      }
    }
    return { company: this.#company, facts: this.#facts, products, buckets, standings, placements, heirs };
  }

  #standings(): Pick<Plan, "standings" | "heirs"> {
    const standings = new Map<string, Map<string, Standing>>();
    const heirs = new Map<string, string[]>();
    for (const customer of this.#company.customers.values()) {
      if (customer.status === "blocked") continue;
      const byChannel = new Map<string, Standing>();
      for (const channel of ["", ...[...this.#channels].sort()]) {
        byChannel.set(channel, standingOf(customer, channel === "" ? undefined : channel, this.#company));
      }
      standings.set(customer.id, byChannel);
      for (const account of byChannel.get("")?.accountChain ?? []) {
        const known = heirs.get(account) ?? [];
        heirs.set(account, known);
        known.push(customer.id);
      }
    }
    return { standings, heirs };
  }

  #place(
    standing: Standing,
    classes: readonly PricingClass[],
    variants: ReadonlyMap<string, { bases: Map<string, Variant>; layers: Map<string, Variant> }>,
  ): Record<string, ClassPlacement> {
    const placement: Record<string, ClassPlacement> = {};
    for (const pricingClass of classes) {
      const { base, layer } = variantsOf(standing, pricingClass, this.#facts, this.#company);
      variants.get(pricingClass.id)?.bases.set(base.id, base);
      if (layer !== undefined) variants.get(pricingClass.id)?.layers.set(layer.id, layer);
      if (base.id === noRules && layer === undefined) continue;
      placement[pricingClass.id] = {
        base: base.id,
        ...(base.rules.length === 0 ? {} : { baseRules: base.rules.map(({ id }) => id) }),
        ...(layer === undefined ? {} : { layer: layer.id }),
        ...(layer === undefined || layer.rules.length === 0
          ? {}
          : { layerRules: layer.rules.map(({ id }) => id) }),
      };
    }
    return placement;
  }

  #noteChannels(channels: readonly string[] | undefined): void {
    for (const channel of channels ?? []) this.#channels.add(channel);
  }
}

function bucketsOf({ id, skus }: PricingClass): Map<string, string[]> {
  const bits = bitsFor(skus.length, skusPerBucket);
  const buckets = new Map<string, string[]>();
  for (const sku of skus.toSorted()) {
    const bucket = `${id}.${shardOf(sku, bits)}`;
    const known = buckets.get(bucket) ?? [];
    buckets.set(bucket, known);
    known.push(sku);
  }
  return buckets;
}

function sortedById(variants: ReadonlyMap<string, Variant>): Variant[] {
  return [...variants.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function unitOfPage({ unit, factor, per }: ProductUnit): NonNullable<ProductPage["units"]>[number] {
  return per === undefined ? [unit, factor] : [unit, factor, per];
}

function pageOf(product: Product): Omit<ProductPage, "bucket"> {
  const { unit, units, minQuantity, multiple, status, replacedBy } = product;
  return {
    unit,
    ...(units === undefined ? {} : { units: units.map(unitOfPage) }),
    ...(minQuantity === undefined ? {} : { minQuantity }),
    ...(multiple === undefined ? {} : { multiple }),
    ...(status === "discontinued" ? { discontinued: true as const } : {}),
    ...(replacedBy === undefined ? {} : { replacedBy }),
  };
}

/** What a bucket's segments depend on besides its records: equal keys and records make equal segments. */
export function bucketKey(bucket: Bucket): string {
  const ids = [bucket.bases, bucket.layers].map((variants) => variants.map(({ id }) => id));
  return idOf(JSON.stringify([bucket.skus, ids]));
}
