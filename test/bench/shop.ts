import type { PricingRecord } from "../../shared/pricing/records.ts";

/** A made-up wholesaler: lists of prices in one to three tiers, and customers who each have one of the lists. */
const products = 5_000;
const lists = 10;
const customers = 500;
const categories = 20;
const discountedCategories = 5;

export function shopRecords(): PricingRecord[] {
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
  return [
    ...numbers(categories).map((index): PricingRecord => ({ type: "category", id: `c${index}` })),
    ...numbers(lists).map((index): PricingRecord => ({
      type: "priceList",
      id: listId(index),
      currency: "EUR",
    })),
    ...numbers(discountedCategories).map((index): PricingRecord => ({
      type: "rule",
      id: `r${index}`,
      rank: index,
      what: { categories: [`c${index}`] },
      effect: { percentOff: "5" },
    })),
    ...numbers(customers).map((index): PricingRecord => ({
      type: "customer",
      id: customerId(index),
      name: `Customer ${index}`,
      lists: [listId(index % lists)],
    })),
    ...numbers(products).map((index): PricingRecord => ({
      type: "product",
      id: skuOf(index),
      name: `Product ${index}`,
      unit: "EA",
      category: `c${index % categories}`,
    })),
    ...numbers(lists).flatMap((list) => numbers(products).flatMap((product) => pricesOf(list, product))),
  ];
}

function pricesOf(list: number, product: number): PricingRecord[] {
  const tiers = 1 + ((list + product) % 3);
  return Array.from({ length: tiers }, (_, tier) => ({
    type: "price",
    id: `${listId(list)}-${skuOf(product)}-${tier}`,
    list: listId(list),
    sku: skuOf(product),
    currency: "EUR",
    amount: cents(1_000 + ((list * 7 + product * 13) % 9_000) * (1 - 0.05 * tier)),
    ...(tier === 0 ? {} : { minQuantity: String(10 ** tier) }),
  }));
}

function cents(amount: number): string {
  const text = String(Math.round(amount)).padStart(3, "0");
  return `${text.slice(0, -2)}.${text.slice(-2)}`;
}

function listId(index: number): string {
  return `l${index}`;
}

function skuOf(index: number): string {
  return `S${String(index).padStart(6, "0")}`;
}

function customerId(index: number): string {
  return `C${index}`;
}

/** One customer of each list, by the list's number. */
export const customersByList: readonly string[] = Array.from({ length: lists }, (_, list) =>
  customerId(list),
);

/** Which list, by number, a customer has. */
export function listOf(customer: string): number {
  return Number(customer.slice(1)) % lists;
}

export interface Basket {
  readonly customer: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: string }[];
}

/** So many different baskets, the same ones each time. */
export function baskets(count: number, lines: number): Basket[] {
  const random = randomNumbers();
  return Array.from({ length: count }, () => ({
    customer: customerId(random(customers)),
    lines: Array.from({ length: lines }, () => ({
      sku: skuOf(random(products)),
      quantity: String(1 + random(150)),
    })),
  }));
}

/** Whole numbers below a bound, the same ones each time. */
function randomNumbers(): (bound: number) => number {
  let state = 1;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}
