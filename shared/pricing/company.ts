import { periodOf, type Period } from "./period.ts";
import { fullPolicy, type FullPolicy } from "./policy.ts";
import type {
  Category,
  Customer,
  CustomerGroup,
  Policy,
  PriceList,
  PricingRecord,
  Rule,
  Tax,
  TaxRule,
} from "./records.ts";

/** Everything that pricing reads except products and prices, which come bucket by bucket. */
export interface Company {
  readonly policy: FullPolicy;
  readonly categories: ReadonlyMap<string, Category>;
  readonly groups: ReadonlyMap<string, CustomerGroup>;
  readonly customers: ReadonlyMap<string, Customer>;
  readonly lists: ReadonlyMap<string, ListInForce>;
  /** In the order of rank, then id. */
  readonly rules: readonly Rule[];
  readonly taxes: ReadonlyMap<string, Tax & { readonly period: Period }>;
  readonly taxRules: ReadonlyMap<string, TaxRule>;
}

export interface ListInForce extends PriceList {
  readonly period: Period;
}

/** The types of record that `companyOf` reads. */
export const companyTypes = [
  "category",
  "customer",
  "customerGroup",
  "policy",
  "priceList",
  "rule",
  "tax",
  "taxRule",
] as const satisfies readonly PricingRecord["type"][];

export type CompanyRecord = Extract<PricingRecord, { type: (typeof companyTypes)[number] }>;

export function companyOf(records: readonly CompanyRecord[]): Company {
  const categories = new Map<string, Category>();
  const groups = new Map<string, CustomerGroup>();
  const customers = new Map<string, Customer>();
  const priceLists: PriceList[] = [];
  const rules: Rule[] = [];
  const taxRecords: Tax[] = [];
  const taxRules = new Map<string, TaxRule>();
  let policyRecord: Policy | undefined;
  for (const record of records) {
    switch (record.type) {
      case "category":
        categories.set(record.id, record);
        break;
      case "customer":
        customers.set(record.id, record);
        break;
      case "customerGroup":
        groups.set(record.id, record);
        break;
      case "policy":
        policyRecord = record;
        break;
      case "priceList":
        priceLists.push(record);
        break;
      case "rule":
        rules.push(record);
        break;
      case "tax":
        taxRecords.push(record);
        break;
      case "taxRule":
        taxRules.set(record.id, record);
        break;
    }
  }
  const policy = fullPolicy(policyRecord);
  return {
    policy,
    categories,
    groups,
    customers,
    lists: new Map(priceLists.map((list) => [list.id, { ...list, period: periodOf(list, policy.timeZone) }])),
    rules: rules.sort((a, b) => a.rank - b.rank || compareIds(a.id, b.id)),
    taxes: new Map(taxRecords.map((tax) => [tax.id, { ...tax, period: periodOf(tax, policy.timeZone) }])),
    taxRules,
  };
}

/** By code unit, so that the order is the same on every machine and in every locale. */
export function compareIds(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
