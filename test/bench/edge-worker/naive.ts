import { listOf, type Basket } from "../shop.ts";

/** What the simplest thing that could work would hold: every price in memory, ready to be shown. */
export interface NaivePrices {
  readonly currency: string;
  /** By list, then by SKU. */
  readonly lists: readonly Readonly<Record<string, NaiveProduct>>[];
}

export interface NaiveProduct {
  readonly unit: string;
  readonly tiers: readonly NaiveTier[];
}

export interface NaiveTier {
  readonly from: string;
  readonly unitPrice: string;
}

/** A tier with what is reckoned with. */
interface ReadyTier {
  readonly shown: NaiveTier;
  readonly from: number;
  /** The price in ten-thousandths, a whole number that a double holds exactly. */
  readonly price: number;
}

export type FindTiers = (customer: string, sku: string) => ReadyProduct | undefined;

export interface ReadyProduct {
  readonly unit: string;
  readonly shown: readonly NaiveTier[];
  readonly tiers: readonly ReadyTier[];
}

/** Prices in a `Map` a list, by SKU. */
export function mapOf({ lists }: NaivePrices): FindTiers {
  const maps = lists.map(
    (products) => new Map(Object.entries(products).map(([sku, product]) => [sku, readyProduct(product)])),
  );
  return (customer, sku) => maps[listOf(customer)]?.get(sku);
}

export function readyProduct({ unit, tiers }: NaiveProduct): ReadyProduct {
  const ready = tiers.map((shown) => ({
    shown,
    from: Number(shown.from),
    price: Math.round(Number(shown.unitPrice) * 10_000),
  }));
  return { unit, shown: tiers, tiers: ready };
}

/** The answer to a basket, as the edge gives it but for where it is from. */
export function naiveAnswer({ customer, lines }: Basket, currency: string, find: FindTiers): unknown {
  let total = 0;
  const answered = lines.map(({ sku, quantity }) => {
    const product = find(customer, sku);
    if (product === undefined) throw new Error(`There is no price of ${sku}`);
    const count = Number(quantity);
    let tier = product.tiers[0];
    for (const next of product.tiers) if (next.from <= count) tier = next;
    if (tier === undefined) throw new Error(`There is no tier of ${sku}`);
    const cents = Math.floor((tier.price * count + 50) / 100);
    total += cents;
    return {
      sku,
      quantity,
      unit: product.unit,
      unitPrice: tier.shown.unitPrice,
      per: "1",
      lineTotal: moneyText(cents),
      tiers: product.shown,
      validUntil: null,
    };
  });
  const at = new Date().toISOString();
  return { customer, at, currency, validUntil: null, lines: answered, total: moneyText(total) };
}

function moneyText(cents: number): string {
  return (cents / 100).toFixed(2);
}
