import { resellerGroup } from "./customers.ts";
import type { SampleRecord } from "./feed.ts";

/** What tests ask the sample company for. */
export interface SampleCompany {
  readonly storeIds: readonly string[];
  /** The stores that have contract prices. */
  readonly contractStoreIds: readonly string[];
  /** Every product, components and discontinued ones included. */
  readonly skus: readonly string[];
  /** The products that have a price for everyone all year long. */
  readonly pricedSkus: readonly string[];
  /** The products that the stores' volume discounts and promotions name. */
  readonly offeredSkus: readonly string[];
}

export function companyOfSample(records: readonly SampleRecord[]): SampleCompany {
  const products = records.filter((record) => record.type === "product");
  const prices = records.filter((record) => record.type === "price");
  const offers = records
    .filter((record) => record.type === "rule")
    .filter(({ who }) => who?.groups?.includes(resellerGroup) === true);
  return {
    storeIds: records.filter((record) => record.type === "customer").map(({ id }) => id),
    contractStoreIds: [...new Set(prices.flatMap(({ customer }) => customer ?? []))],
    skus: products.map(({ id }) => id),
    pricedSkus: products.filter(({ listPrice }) => listPrice !== undefined).map(({ id }) => id),
    offeredSkus: [...new Set(offers.flatMap(({ what }) => what?.skus ?? []))],
  };
}

/** The instant in which the year's list prices and promotions begin: midnight of 29 May in the company's zone. */
export function offersBegin(now: Date): string {
  return `${now.getUTCFullYear()}-05-29T07:00:00Z`;
}

/** Three instants to ask prices at: in winter, at the very start of the year's offers, and in autumn. */
export function testedInstants(now: Date): readonly [string, string, string] {
  const year = now.getUTCFullYear();
  return [`${year}-01-15T20:00:00Z`, offersBegin(now), `${year}-11-23T20:00:00Z`];
}
