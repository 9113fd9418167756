import type { Who } from "../../shared/pricing/records.ts";
import type { PriceScope } from "./pricing-class.ts";
import { whoKey } from "./who-key.ts";

/** Whom a SKU's prices are for, as far as they tell customers apart; SKUs with equal ones share one. */
export interface SourceSet {
  readonly groups: ReadonlySet<string>;
  readonly lists: ReadonlySet<string>;
  /** The `who`s of prices that name no customers. */
  readonly whos: ReadonlyMap<string, Who>;
  readonly channels: ReadonlySet<string>;
}

/**
 * Each SKU's source set. There are few different ones, since a catalogue's SKUs are mostly in the same lists, so
 * that this stays small where the prices are millions; and few ways from one to the next, so that adding a price is
 * mostly to go one that is known.
 */
export class SourceSets {
  readonly #sets = new Map<string, SourceSet>([[keyOf(nothing), nothing]]);
  readonly #ofSku = new Map<string, SourceSet>();
  /** The set after another, by what was added to that. */
  readonly #ways = new Map<SourceSet, Map<string, SourceSet>>();

  /** Adds a price to what is known of its SKU, in whatever order prices come. */
  add(price: PriceScope): void {
    const before = this.of(price.sku);
    const ways = this.#ways.get(before) ?? new Map<string, SourceSet>();
    this.#ways.set(before, ways);
    const way = wayOf(price);
    const after = ways.get(way) ?? this.#shared(withPrice(before, price));
    ways.set(way, after);
    this.#ofSku.set(price.sku, after);
  }

  forget(sku: string): void {
    this.#ofSku.delete(sku);
  }

  of(sku: string): SourceSet {
    return this.#ofSku.get(sku) ?? nothing;
  }

  #shared(set: SourceSet): SourceSet {
    const key = keyOf(set);
    const known = this.#sets.get(key) ?? set;
    this.#sets.set(key, known);
    return known;
  }
}

const nothing: SourceSet = { groups: new Set(), lists: new Set(), whos: new Map(), channels: new Set() };

/** Equal for prices that add the same to a set. */
function wayOf(price: PriceScope): string {
  const { list, group, who } = price;
  return JSON.stringify([isForNamed(price), list, group, who === undefined ? null : whoKey(who)]);
}

/** A price that names customers is theirs alone: their overlays hold it. */
function isForNamed({ customer, who }: PriceScope): boolean {
  return customer !== undefined || who?.customers !== undefined;
}

function withPrice(set: SourceSet, price: PriceScope): SourceSet {
  const { list, group, who } = price;
  const channels = new Set([...set.channels, ...(who?.channels ?? [])]);
  if (isForNamed(price)) return { ...set, channels };
  return {
    groups: withOne(set.groups, group),
    lists: withOne(set.lists, list),
    whos: who === undefined ? set.whos : new Map(set.whos).set(whoKey(who), who),
    channels,
  };
}

function withOne(ids: ReadonlySet<string>, id: string | undefined): ReadonlySet<string> {
  return id === undefined ? ids : new Set(ids).add(id);
}

function keyOf({ groups, lists, whos, channels }: SourceSet): string {
  return JSON.stringify([groups, lists, whos.keys(), channels].map((keys) => [...keys].sort()));
}
