import type { Price, PricingRecord } from "../../shared/pricing/records.ts";

/** How large a made-up wholesaler is. Everything in it follows from these numbers, so runs can be compared. */
export interface Size {
  readonly products: number;
  readonly lists: number;
  readonly customers: number;
}

/** The company's records: a price of every product in every list. */
export function wholesalerRecords({ products, lists, customers }: Size): PricingRecord[] {
  const records: PricingRecord[] = [];
  const categories = 20;
  for (let index = 0; index < categories; index++) records.push({ type: "category", id: `c${index}` });
  for (let index = 0; index < products; index++) {
    const listPrice = { amount: "100.00", currency: "EUR" };
    records.push({
      type: "product",
      id: skuOf(index),
      name: `Product ${index}`,
      unit: "EA",
      category: `c${index % categories}`,
      listPrice,
    });
  }
  for (let index = 0; index < lists; index++)
    records.push({ type: "priceList", id: `l${index}`, currency: "EUR" });
  for (let index = 0; index < customers; index++) {
    records.push({
      type: "customer",
      id: customerOf(index),
      name: `Customer ${index}`,
      lists: [`l${index % lists}`],
    });
  }
  for (let index = 0; index < 5; index++) {
    const what = { categories: [`c${index}`] };
    records.push({ type: "rule", id: `r${index}`, rank: index, what, effect: { percentOff: "5" } });
  }
  for (let list = 0; list < lists; list++) {
    for (let index = 0; index < products; index++)
      records.push(listPrice(list, index, (list * 7 + index * 13) % 9000));
  }
  return records;
}

export function listPrice(list: number, product: number, cents: number): Price {
  const amount = `${10 + Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
  const id = `l${list}-${skuOf(product)}`;
  return { type: "price", id, list: `l${list}`, sku: skuOf(product), currency: "EUR", amount };
}

export function skuOf(index: number): string {
  return `S${String(index).padStart(6, "0")}`;
}

export function customerOf(index: number): string {
  return `C${index}`;
}
