import type { Company } from "../../shared/pricing/company.ts";
import type { Product, Rule } from "../../shared/pricing/records.ts";
import { idOf } from "../../shared/snapshot/hash.ts";
import type { ProductPage } from "../../shared/snapshot/page.ts";
import { DividingScopes } from "./dividing-scopes.ts";
import { Placements } from "./placements.ts";
import { PointRules } from "./point-rules.ts";
import { ClassMembers, signatureOf, type PriceScope, type PricingClass } from "./pricing-class.ts";
import { ruleFacts, type RuleFacts } from "./rule-facts.ts";
import { SharedPages, type PageOfProduct } from "./shared-pages.ts";
import { SourceSets, type SourceSet } from "./source-sets.ts";
import { Standings } from "./standings.ts";
import type { Variant } from "./variant.ts";

/** How the work of one compile is divided: which buckets there are, and which variants each has. */
export interface Plan {
  readonly company: Company;
  readonly facts: ReadonlyMap<Rule, RuleFacts>;
  readonly products: ReadonlyMap<string, ProductPage>;
  readonly buckets: ReadonlyMap<string, Bucket>;
  /** All that some record names. */
  readonly channels: readonly string[];
  readonly standings: Pick<Standings, "get">;
  readonly placements: Pick<Placements, "of">;
  /** The customers whose prices a record that names this account changes: the account and its descendants. */
  readonly heirs: ReadonlyMap<string, readonly string[]>;
}

export interface Bucket {
  readonly id: string;
  readonly skus: readonly string[];
  /** The keys of the rule scopes that reach its class. */
  readonly scopes: ReadonlySet<string>;
  readonly bases: readonly Variant[];
  readonly layers: readonly Variant[];
}

/** What a plan says of pages is another than it was. */
export interface ChangedPages {
  readonly products: ReadonlySet<string>;
  readonly customers: ReadonlySet<string>;
}

interface Entry {
  readonly members: ClassMembers;
  readonly page: PageOfProduct;
  /** The keys of the mixed point scopes that are about it. */
  readonly mixed: readonly string[];
  sources: SourceSet;
}

// A change of these alone leaves every customer but the changed ones, and their descendants, where it stands.
const typesApart: ReadonlySet<string> = new Set(["customer", "rate", "tax"]);

/**
 * Makes a plan, and the next one from it: it is told which records are others, and works out again what these
 * reach. Prices are not kept but only whom they are for, so it grows with the products and the customers.
 */
export class Planner {
  #company: Company;
  #facts: ReadonlyMap<Rule, RuleFacts>;
  #scopes: DividingScopes;
  #pointRules: PointRules;
  readonly #sources = new SourceSets();
  readonly #entries = new Map<string, Entry>();
  /** By the scopes that reach them. */
  readonly #classes = new Map<string, ClassMembers>();
  readonly #placements = new Placements();
  readonly #signatures = new Map<string, string>();
  readonly #products = new Map<string, ProductPage>();
  readonly #pages = new SharedPages();
  readonly #buckets = new Map<string, Bucket>();
  readonly #changedProducts = new Set<string>();
  #changedSources = new Set<string>();
  #channels: readonly string[] = [];
  /** What of the company is another since the last plan: everything, or these customers. */
  #fresh: "everything" | ReadonlySet<string> = "everything";
  #isPointed = false;
  #pointRulesByClass = new Map<string, Set<Rule>>();

  constructor(company: Company) {
    this.#company = company;
    this.#facts = ruleFacts(company);
    this.#scopes = new DividingScopes(this.#facts, company.categories);
    this.#pointRules = new PointRules(this.#facts);
  }

  /**
   * Takes the company as it is now. Records that did not change have to be the same objects.
   * @returns whether all products have to be added again, since others may be reached by a rule
   */
  setCompany(company: Company, changed: readonly { readonly type: string; readonly id: string }[]): boolean {
    const before = this.#reach();
    this.#company = company;
    if (changed.every(({ type }) => typesApart.has(type))) {
      const customers = changed.flatMap(({ type, id }) => (type === "customer" ? [id] : []));
      if (this.#fresh !== "everything") this.#fresh = new Set([...this.#fresh, ...customers]);
      return false;
    }
    this.#fresh = "everything";
    this.#facts = ruleFacts(company);
    this.#scopes = new DividingScopes(this.#facts, company.categories);
    this.#pointRules = new PointRules(this.#facts);
    this.#isPointed = false;
    return this.#reach() !== before;
  }

  /** Adds a product, or the one that it is now. */
  addProduct(product: Product): void {
    const known = this.#entries.get(product.id);
    const members = this.#classOf(this.#scopes.reaching(product));
    const sources = known?.sources ?? this.#sources.of(product.id);
    if (known?.members !== members) {
      this.#leaveClass(product.id, known);
      members.add(product.id);
      members.moveSources(undefined, sources);
    }
    const mixed = this.#pointRules.mixedOf(product, this.#company.categories);
    this.#entries.set(product.id, { members, page: this.#pages.of(product), mixed, sources });
    this.#changedProducts.add(product.id);
    this.#isPointed = false;
  }

  removeProduct(sku: string): void {
    const known = this.#entries.get(sku);
    if (known === undefined) return;
    this.#leaveClass(sku, known);
    this.#entries.delete(sku);
    this.#changedProducts.add(sku);
    this.#isPointed = false;
  }

  addPrice(price: PriceScope): void {
    this.#sources.add(price);
    this.#changedSources.add(price.sku);
  }

  /** Forgets a SKU's prices, before those that it has now are added. */
  forgetPrices(sku: string): void {
    this.#sources.forget(sku);
    this.#changedSources.add(sku);
  }

  get productCount(): number {
    return this.#entries.size;
  }

  skus(): readonly string[] {
    return [...this.#entries.keys()];
  }

  plan(): Plan {
    this.#takeSources();
    for (const [key, members] of this.#classes) {
      if (!members.isEmpty) continue;
      this.#classes.delete(key);
      this.#signatures.delete(members.id);
      this.#placements.dropClass(members.id);
    }
    const classes = this.#withRules();
    this.#divide(this.#place(classes));
    return {
      company: this.#company,
      facts: this.#facts,
      products: this.#products,
      buckets: this.#buckets,
      channels: this.#channels,
      standings: new Standings(this.#company, this.#channels),
      placements: this.#placements,
      heirs: this.#placements.heirs,
    };
  }

  /** Which pages are others than when this was last asked, after `plan`. */
  takeChangedPages(): ChangedPages {
    const changed = {
      products: new Set(this.#changedProducts),
      customers: new Set(this.#placements.changed),
    };
    this.#changedProducts.clear();
    this.#placements.changed.clear();
    return changed;
  }

  /** What decides which products are reached by which rules, as a text. */
  #reach(): string {
    const whats = [...this.#scopes.whats.values(), ...this.#pointRules.mixed.values()];
    const { categories } = this.#company;
    const asksCategories = whats.some((what) => what.categories !== undefined);
    return JSON.stringify([
      [...this.#scopes.whats.keys()].sort(),
      [...this.#pointRules.mixed.keys()].sort(),
      asksCategories
        ? [...categories.values()].map(({ id, parent }) => JSON.stringify([id, parent])).sort()
        : null,
    ]);
  }

  #classOf(scopes: readonly string[]): ClassMembers {
    const key = JSON.stringify(scopes);
    const members = this.#classes.get(key) ?? new ClassMembers(scopes);
    this.#classes.set(key, members);
    return members;
  }

  #leaveClass(sku: string, entry: Entry | undefined): void {
    entry?.members.remove(sku);
    entry?.members.moveSources(entry.sources, undefined);
  }

  #takeSources(): void {
    for (const sku of this.#changedSources) {
      const entry = this.#entries.get(sku);
      const sources = this.#sources.of(sku);
      if (entry === undefined || entry.sources === sources) continue;
      entry.members.moveSources(entry.sources, sources);
      entry.sources = sources;
    }
    this.#changedSources = new Set();
  }

  /** The classes in the order of their ids, since rows may come in any order and pages must not depend on it. */
  #withRules(): PricingClass[] {
    if (!this.#isPointed) {
      this.#pointRulesByClass = new Map();
      const mixedOf = (sku: string) => this.#entries.get(sku)?.mixed ?? [];
      for (const [rule, sku] of this.#pointRules.rulesWithSkus(mixedOf)) {
        const id = this.#entries.get(sku)?.members.id;
        if (id === undefined) continue;
        const rules = this.#pointRulesByClass.get(id) ?? new Set<Rule>();
        this.#pointRulesByClass.set(id, rules);
        rules.add(rule);
      }
      this.#isPointed = true;
    }
    return [...this.#classes.values()]
      .map((members) => members.withRules(this.#pointRulesByClass.get(members.id) ?? new Set()))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** Returns whether customers were placed as if for the first time. */
  #place(classes: readonly PricingClass[]): boolean {
    const channels = this.#channelsNow();
    const isAnew =
      this.#fresh === "everything" || JSON.stringify(channels) !== JSON.stringify(this.#channels);
    if (isAnew) {
      this.#channels = channels;
      this.#signatures.clear();
      this.#placements.standAll(this.#company, channels);
    } else if (this.#fresh !== "everything" && this.#fresh.size > 0) {
      const known = classes.filter((one) => this.#signatures.get(one.id) === signatureOf(one));
      this.#placements.standAgain(this.#fresh, this.#company, channels, known, this.#facts);
    }
    this.#fresh = new Set();
    const others = classes.filter((one) => this.#signatures.get(one.id) !== signatureOf(one));
    this.#placements.placeClasses(others, this.#facts, this.#company);
    for (const one of others) this.#signatures.set(one.id, signatureOf(one));
    return isAnew;
  }

  #channelsNow(): readonly string[] {
    const channels = new Set<string>();
    for (const { who } of [...this.#company.rules, ...this.#company.lists.values()]) {
      for (const channel of who?.channels ?? []) channels.add(channel);
    }
    for (const members of this.#classes.values()) {
      for (const set of members.sets()) for (const channel of set.channels) channels.add(channel);
    }
    return [...channels].sort();
  }

  /** Divides the classes into buckets; one of which nothing is another stays the same object. */
  #divide(isAnew: boolean): void {
    const before = new Map(this.#buckets);
    this.#buckets.clear();
    for (const members of [...this.#classes.values()].sort((a, b) => (a.id < b.id ? -1 : 1))) {
      const { bases, layers } = this.#placements.variantsOf(members.id);
      for (const [id, skus] of members.buckets()) {
        const known = before.get(id);
        const isSame =
          !isAnew &&
          known?.skus === skus &&
          haveSameIds(known.bases, bases) &&
          haveSameIds(known.layers, layers);
        this.#buckets.set(id, isSame ? known : { id, skus, scopes: members.scopes, bases, layers });
        if (known?.skus !== skus) for (const sku of skus) this.#changedProducts.add(sku);
      }
    }
    this.#writePages();
  }

  #writePages(): void {
    for (const sku of this.#changedProducts) {
      const entry = this.#entries.get(sku);
      if (entry === undefined) this.#products.delete(sku);
      else this.#products.set(sku, this.#pages.inBucket(entry.page, entry.members.bucketOf(sku)));
    }
  }
}

function haveSameIds(some: readonly Variant[], others: readonly Variant[]): boolean {
  return some.length === others.length && some.every(({ id }, index) => id === others[index]?.id);
}

const keys = new WeakMap<Bucket, string>();

/** What a bucket's segments depend on besides its records: equal keys and records make equal segments. */
export function bucketKey(bucket: Bucket): string {
  const known = keys.get(bucket);
  if (known !== undefined) return known;
  const ids = [bucket.bases, bucket.layers].map((variants) => variants.map(({ id }) => id));
  const key = idOf(JSON.stringify([bucket.skus, ids]));
  keys.set(bucket, key);
  return key;
}
