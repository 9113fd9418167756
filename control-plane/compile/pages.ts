import type { CustomerPage, Placement } from "../../shared/snapshot/page.ts";
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
  readonly segments: readonly EncodedSegment[];
}

export function productShards(plan: Plan): EncodedShards {
  return encodeShards("products", plan.products, productsPerShard);
}

export function customerShards(plan: Plan, overlays: OverlayNames): EncodedShards {
  const pages = new Map<string, CustomerPage>();
  for (const customer of plan.company.customers.values()) {
    pages.set(customer.id, customerPage(customer, plan, overlays.get(customer.id)));
  }
  return encodeShards("customers", pages, customersPerShard);
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
  for (const [channel, classes] of plan.placements.get(customer.id) ?? []) {
    const overlay = overlays?.get(channel);
    const placement: Placement = { classes, ...(overlay === undefined ? {} : { overlay }) };
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

function encodeShards<Page>(
  kind: "products" | "customers",
  pages: ReadonlyMap<string, Page>,
  target: number,
): EncodedShards {
  const bits = bitsFor(pages.size, target);
  const byShard = new Map<number, Map<string, Page>>();
  for (const [key, page] of pages) {
    const shard = shardOf(key, bits);
    const known = byShard.get(shard) ?? new Map<string, Page>();
    byShard.set(shard, known);
    known.set(key, page);
  }
  const segments: EncodedSegment[] = [];
  const names: Record<string, string> = {};
  for (const [shard, known] of [...byShard].sort(([a], [b]) => a - b)) {
    const segment = encodePages(kind, known);
    segments.push(segment);
    names[shard] = segment.hash;
  }
  return { shards: { bits, segments: names }, segments };
}
