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

interface Gathered extends SourceSet {
  readonly groups: Set<string>;
  readonly lists: Set<string>;
  readonly whos: Map<string, Who>;
  readonly channels: Set<string>;
}

/**
 * Each SKU's source set. There are few different ones, since a catalogue's SKUs are mostly in the same lists, so
 * that this stays small where the prices are millions.
 */
export class SourceSets {
  readonly #sets = new Map<string, SourceSet>();
  readonly #ofSku = new Map<string, SourceSet>();
  readonly #open = new Map<string, Gathered>();

  /** Adds a price to what is known of its SKU. */
  add({ sku, list, group, customer, who }: PriceScope): void {
    const known = this.#open.get(sku);
    const gathered = known ?? copyOf(this.#ofSku.get(sku) ?? nothing);
    if (known === undefined) this.#open.set(sku, gathered);
    for (const channel of who?.channels ?? []) gathered.channels.add(channel);
    // A price that names customers is theirs alone: their overlays hold it.
    if (customer === undefined && who?.customers === undefined) {
      if (group !== undefined) gathered.groups.add(group);
      if (list !== undefined) gathered.lists.add(list);
      if (who !== undefined) gathered.whos.set(whoKey(who), who);
    }
    if (this.#open.size > openMax) this.#close();
  }

  forget(sku: string): void {
    this.#open.delete(sku);
    this.#ofSku.delete(sku);
  }

  of(sku: string): SourceSet {
    this.#close();
    return this.#ofSku.get(sku) ?? nothing;
  }

  #close(): void {
    for (const [sku, gathered] of this.#open) {
      const key = keyOf(gathered);
      const set = this.#sets.get(key) ?? gathered;
      this.#sets.set(key, set);
      this.#ofSku.set(sku, set);
    }
    this.#open.clear();
  }
}

const openMax = 1_000;
const nothing: SourceSet = { groups: new Set(), lists: new Set(), whos: new Map(), channels: new Set() };

function copyOf({ groups, lists, whos, channels }: SourceSet): Gathered {
  return {
    groups: new Set(groups),
    lists: new Set(lists),
    whos: new Map(whos),
    channels: new Set(channels),
  };
}

function keyOf({ groups, lists, whos, channels }: SourceSet): string {
  return JSON.stringify([groups, lists, whos.keys(), channels].map((keys) => [...keys].sort()));
}
