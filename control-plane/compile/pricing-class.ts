import type { Price, Rule, Who } from "../../shared/pricing/records.ts";
import { idOf } from "../../shared/snapshot/hash.ts";
import { bitsFor, shardOf } from "../../shared/snapshot/partition.ts";
import type { SourceSet } from "./source-sets.ts";

/** The SKUs that the same rule scopes reach, with what else can make a difference between customers there. */
export interface PricingClass {
  readonly id: string;
  /** The keys of the rule scopes that reach it. */
  readonly scopes: ReadonlySet<string>;
  /** The groups and lists that hold a price of some SKU of the class; no other splits its variants. */
  readonly groups: ReadonlySet<string>;
  readonly lists: ReadonlySet<string>;
  /** The `who`s of its prices that name no customers. */
  readonly whos: ReadonlyMap<string, Who>;
  /** The point rules that name some SKU of the class and no customers. */
  readonly pointRules: ReadonlySet<Rule>;
}

/** What planning needs to know of a price: whom it is for. */
export type PriceScope = Pick<Price, "sku" | "list" | "group" | "customer" | "who">;

const skusPerBucket = 256;

/** A class's SKUs, and how they are spread over buckets. */
export class ClassMembers {
  readonly id: string;
  readonly scopes: ReadonlySet<string>;
  readonly #skus = new Set<string>();
  readonly #sets = new Map<SourceSet, number>();
  #buckets: ReadonlyMap<string, readonly string[]> | undefined;
  #last: ReadonlyMap<string, readonly string[]> = new Map();

  /** @param scopes the keys of the rule scopes that reach it, sorted */
  constructor(scopes: readonly string[]) {
    this.id = idOf(JSON.stringify(scopes));
    this.scopes = new Set(scopes);
  }

  get isEmpty(): boolean {
    return this.#skus.size === 0;
  }

  add(sku: string): void {
    this.#skus.add(sku);
    this.#buckets = undefined;
  }

  remove(sku: string): void {
    this.#skus.delete(sku);
    this.#buckets = undefined;
  }

  /** A SKU's sources are others than before; undefined: it came or goes. */
  moveSources(before: SourceSet | undefined, after: SourceSet | undefined): void {
    for (const [set, change] of [
      [before, -1],
      [after, 1],
    ] as const) {
      if (set === undefined) continue;
      const count = (this.#sets.get(set) ?? 0) + change;
      if (count === 0) this.#sets.delete(set);
      else this.#sets.set(set, count);
    }
  }

  sets(): Iterable<SourceSet> {
    return this.#sets.keys();
  }

  /** The SKUs by bucket; the same object until a SKU comes or goes. */
  buckets(): ReadonlyMap<string, readonly string[]> {
    return (this.#buckets ??= this.#spread());
  }

  bucketOf(sku: string): string {
    return `${this.id}.${shardOf(sku, bitsFor(this.#skus.size, skusPerBucket))}`;
  }

  /** A bucket of which no SKU came or went keeps its array. */
  #spread(): ReadonlyMap<string, readonly string[]> {
    const buckets = Map.groupBy([...this.#skus].sort(), (sku) => this.bucketOf(sku));
    for (const [id, skus] of buckets) {
      const before = this.#last.get(id);
      if (before !== undefined && isSame(before, skus)) buckets.set(id, before as string[]);
    }
    this.#last = buckets;
    return buckets;
  }

  withRules(pointRules: ReadonlySet<Rule>): PricingClass {
    const groups = new Set<string>();
    const lists = new Set<string>();
    const whos = new Map<string, Who>();
    for (const set of this.#sets.keys()) {
      for (const group of set.groups) groups.add(group);
      for (const list of set.lists) lists.add(list);
      for (const [key, who] of set.whos) whos.set(key, who);
    }
    return { id: this.id, scopes: this.scopes, groups, lists, whos, pointRules };
  }
}

/** What of a class decides over its variants, as a text. */
export function signatureOf({ groups, lists, whos, pointRules }: PricingClass): string {
  const rules = [...pointRules].map(({ id }) => id);
  return JSON.stringify([[...groups].sort(), [...lists].sort(), [...whos.keys()].sort(), rules.sort()]);
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((text, index) => text === others[index]);
}
