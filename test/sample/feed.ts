import type { Category, CustomerGroup, Policy, Price, Product, Rule } from "../../shared/pricing/records.ts";
import type { Account, ApprovalPolicy, CompanyProfile, Person } from "../../shared/quoting/records.ts";
import { approvalPolicies, company, people } from "./approvals.ts";
import { categories } from "./categories.ts";
import { contracts } from "./contracts.ts";
import { customerGroups, stores } from "./customers.ts";
import { listPrices } from "./list-prices.ts";
import { offers } from "./offers.ts";
import { policy } from "./policy.ts";
import { products } from "./products.ts";
import { yearsToShift } from "./shifted-day.ts";
import { readSourceProducts } from "./source-products.ts";
import { stock, type Inventory } from "./stock.ts";

/** A record of the sample company, as a line of the feed holds it. */
export type SampleRecord =
  | Account
  | ApprovalPolicy
  | Category
  | CompanyProfile
  | CustomerGroup
  | Inventory
  | Person
  | Policy
  | Price
  | Product
  | Rule;

/** The sample company's records, each after those that it refers to; the same for every `now` of a year (UTC). */
export function sampleRecords(now: Date): SampleRecord[] {
  const years = yearsToShift(now);
  const sources = readSourceProducts();
  const customers = stores();
  return [
    policy,
    company,
    ...people(),
    ...approvalPolicies,
    ...categories(),
    ...customerGroups(),
    ...customers,
    ...products(sources.values()),
    ...listPrices(sources, years),
    ...contracts(customers, sources.values(), now.getUTCFullYear()),
    ...offers(sources, years),
    ...stock(sources),
  ];
}

/** The records as NDJSON, ready to be sent. */
export function sampleFeed(now: Date): string {
  return sampleRecords(now)
    .map((record) => `${JSON.stringify(record)}\n`)
    .join("");
}
