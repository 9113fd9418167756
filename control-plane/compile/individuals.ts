import type { Product } from "../../shared/pricing/records.ts";
import type { Plan } from "./plan.ts";
import type { PricesBySource } from "./prices-by-source.ts";

/**
 * The customers with prices of their own in a bucket, and for which SKUs: some price or point rule names the
 * customer or one of its parent accounts.
 */
export function individualsOf(
  products: ReadonlyMap<string, Product>,
  prices: PricesBySource,
  plan: Plan,
): Map<string, Set<string>> {
  const skusByCustomer = new Map<string, Set<string>>();
  const note = (account: string, skus: Iterable<string>) => {
    for (const customer of plan.heirs.get(account) ?? []) {
      const known = skusByCustomer.get(customer) ?? new Set<string>();
      skusByCustomer.set(customer, known);
      for (const sku of skus) known.add(sku);
    }
  };
  for (const [account, skus] of prices.skusByAccount()) note(account, [...skus]);
  for (const { sku, who } of prices.narrowed()) {
    for (const account of who?.customers ?? []) note(account, [sku]);
  }
  for (const [rule, { individual }] of plan.facts) {
    if (!individual) continue;
    const skus = rule.what?.skus?.filter((sku) => products.has(sku)) ?? [];
    if (skus.length > 0) for (const account of rule.who?.customers ?? []) note(account, skus);
  }
  return skusByCustomer;
}
