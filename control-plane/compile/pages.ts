import type { CustomerPage, Placement, ProductPage } from "../../shared/snapshot/page.ts";
import { bitsFor, shardOf } from "../../shared/snapshot/partition.ts";
import type { Shards } from "../../shared/snapshot/manifest.ts";
import { encodePages } from "../../shared/snapshot/page-segment.ts";
import type { EncodedSegment } from "../../shared/snapshot/segment.ts";
import type { Customer } from "../../shared/pricing/records.ts";
import { standingOf } from "../../shared/pricing/standing.ts";
import type { Plan } from "./plan.ts";

const productsPerShard = 128;
const customersPerShard = 16;

/** The overlays' segments by customer, channel and currency. */
export type OverlayNames = ReadonlyMap<string, ReadonlyMap<string, Readonly<Record<string, string>>>>;

export interface EncodedShards {
  readonly shards: Shards;
  /** Those that were encoded now. */
  readonly segments: readonly EncodedSegment[];
  /** Of all of them, in bytes. */
  readonly size: number;
  /** All of them, in the order of the shards; to be asked before the next encoding. */
  all(): readonly EncodedSegment[];
}

export function productShards(plan: Plan): EncodedShards {
  return new ProductShards().encode(plan, "all");
}

export function customerShards(plan: Plan, overlays: OverlayNames): EncodedShards {
  return new CustomerShards().encode(plan, overlays, "all");
}

/** The products' pages, of which only the shards with changed ones are encoded again. */
export class ProductShards {
  readonly #shards = new PageShards<ProductPage>("products", productsPerShard);

  encode({ products }: Plan, changed: Iterable<string> | "all"): EncodedShards {
    return this.#shards.encode({ keys: products, pageOf: (sku) => products.get(sku) }, changed);
  }
}

/** The customers' pages, of which only the shards with changed ones are encoded again. */
export class CustomerShards {
  readonly #shards = new PageShards<CustomerPage>("customers", customersPerShard);

  encode(plan: Plan, overlays: OverlayNames, changed: Iterable<string> | "all"): EncodedShards {
    const { customers } = plan.company;
    const pageOf = (id: string) => {
      const customer = customers.get(id);
      return customer === undefined ? undefined : customerPage(customer, plan, overlays.get(id));
    };
    return this.#shards.encode({ keys: customers, pageOf }, changed);
  }
}

interface Pages<Page> {
  readonly keys: { readonly size: number; keys(): Iterable<string> };
  pageOf(key: string): Page | undefined;
}

class PageShards<Page> {
  readonly #kind: "products" | "customers";
  readonly #target: number;
  #bits: number | undefined;
  #keys = new Map<number, Set<string>>();
  readonly #encoded = new Map<number, { readonly name: string; readonly size: number }>();

  /** @param target how many pages a shard has at most, in the mean */
  constructor(kind: "products" | "customers", target: number) {
    this.#kind = kind;
    this.#target = target;
  }

  encode(pages: Pages<Page>, changed: Iterable<string> | "all"): EncodedShards {
    const bits = bitsFor(pages.keys.size, this.#target);
    const dirty = new Set<number>();
    if (changed === "all" || bits !== this.#bits) {
      this.#bits = bits;
      this.#encoded.clear();
      this.#keys = new Map();
      for (const key of pages.keys.keys()) dirty.add(this.#note(key, bits));
    } else {
      for (const key of changed) {
        const shard = this.#note(key, bits);
        if (pages.pageOf(key) === undefined) this.#keys.get(shard)?.delete(key);
        dirty.add(shard);
      }
    }
    const segments = [...dirty].flatMap((shard) => this.#encodeShard(shard, pages));
    const inOrder = [...this.#encoded].sort(([a], [b]) => a - b);
    return {
      shards: { bits, segments: Object.fromEntries(inOrder.map(([shard, { name }]) => [shard, name])) },
      segments,
      size: inOrder.reduce((sum, [, { size }]) => sum + size, 0),
      all: () => inOrder.flatMap(([shard]) => this.#encodeShard(shard, pages)),
    };
  }

  /** The shard of a key, which is in it from now on. */
  #note(key: string, bits: number): number {
    const shard = shardOf(key, bits);
    const keys = this.#keys.get(shard) ?? new Set<string>();
    this.#keys.set(shard, keys);
    keys.add(key);
    return shard;
  }

  #encodeShard(shard: number, pages: Pages<Page>): EncodedSegment[] {
    const known = [...(this.#keys.get(shard) ?? [])].flatMap((key): [string, Page][] => {
      const page = pages.pageOf(key);
      return page === undefined ? [] : [[key, page]];
    });
    if (known.length === 0) {
      this.#encoded.delete(shard);
      return [];
    }
    const segment = encodePages(this.#kind, new Map(known));
    this.#encoded.set(shard, { name: segment.hash, size: segment.bytes.length });
    return [segment];
  }
}

function customerPage(
  customer: Customer,
  plan: Plan,
  overlays: ReadonlyMap<string, Readonly<Record<string, string>>> | undefined,
): CustomerPage {
  const currency = customer.currency ?? currencyOfFirstList(customer, plan);
  if (customer.status === "blocked") {
    return { ...(currency === undefined ? {} : { currency }), blocked: true, placements: {} };
  }
  // Channels are any text, so this record has no prototype whose members one could hit.
  const placements = Object.create(null) as Record<string, Placement>;
  let everywhere: string | undefined;
  for (const [channel, classes] of plan.placements.of(customer.id)) {
    const overlay = overlays?.get(channel);
    const placement: Placement = {
      classes: sortedByKey(classes),
      ...(overlay === undefined ? {} : { overlay }),
    };
    // A channel in which nothing differs is left out: the reader then takes "", which comes first.
    const text = JSON.stringify(placement);
    if (text === everywhere) continue;
    everywhere ??= text;
    placements[channel] = placement;
  }
  return { ...(currency === undefined ? {} : { currency }), placements };
}

function currencyOfFirstList(customer: Customer, plan: Plan): string | undefined {
  // The plan has no standing of a blocked customer, who has no prices.
  const standing = plan.standings.get(customer.id)?.get("") ?? standingOf(customer, undefined, plan.company);
  const [first] = standing.listChain;
  return first === undefined ? undefined : plan.company.lists.get(first)?.currency;
}

function sortedByKey<Value>(record: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
