import { currenciesOfEffect } from "./applicable-rule.ts";
import { periodOf, type Period } from "./period.ts";
import { parseFormula, type Formula } from "./formula/parse.ts";
import type { FullPolicy } from "./full-policy.ts";
import { fullPolicy } from "./policy.ts";
import { ruleOrder } from "./rule-order.ts";
import { RulesFor } from "./rules-for.ts";
import { Rates } from "./rates.ts";
import type {
  Category,
  Customer,
  CustomerGroup,
  Policy,
  PriceList,
  PricingRecord,
  Rate,
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
  /** In the order in which they stand: see ./rule-order.ts. */
  readonly rules: readonly Rule[];
  readonly rulesFor: RulesFor;
  readonly rulesOfList: ReadonlyMap<string, readonly Rule[]>;
  /** Of the rules that have one. */
  readonly formulas: ReadonlyMap<Rule, Formula>;
  readonly rates: Rates;
  /** Whether some rule asks a list that may be gross, so that its result depends on the customer's taxes. */
  readonly asksGrossLists: boolean;
  /** The currencies that a rate, customer, list, rule or the policy names, where prices are converted. */
  readonly currencies: ReadonlySet<string>;
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
  "rate",
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
  const rates: Rate[] = [];
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
      case "rate":
        rates.push(record);
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
  const ordered = rules.sort(ruleOrder(policy, categories));
  return {
    policy,
    categories,
    groups,
    customers,
    lists: new Map(priceLists.map((list) => [list.id, { ...list, period: periodOf(list, policy.timeZone) }])),
    rules: ordered,
    rulesFor: new RulesFor(ordered),
    rulesOfList: Map.groupBy(
      ordered.filter((rule) => rule.list !== undefined),
      ({ list }) => list ?? "",
    ),
    formulas: new Map(
      ordered.flatMap((rule) =>
        "formula" in rule.effect ? [[rule, parseFormula(rule.effect.formula)] as const] : [],
      ),
    ),
    rates: new Rates(rates, policy.timeZone),
    asksGrossLists:
      policy.tax.at === "price" &&
      priceLists.some(({ taxIncluded }) => taxIncluded) &&
      rules.some(({ effect }) => "on" in effect && typeof effect.on === "object"),
    currencies: namedCurrencies(rates, [...customers.values()], priceLists, rules, policy),
    taxes: new Map(taxRecords.map((tax) => [tax.id, { ...tax, period: periodOf(tax, policy.timeZone) }])),
    taxRules,
  };
}

function namedCurrencies(
  rates: readonly Rate[],
  customers: readonly Customer[],
  lists: readonly PriceList[],
  rules: readonly Rule[],
  policy: FullPolicy,
): ReadonlySet<string> {
  const named = [
    policy.currency,
    ...rates.flatMap(({ id }) => id.split("@", 1)[0]?.split("/") ?? []),
    ...customers.map(({ currency }) => currency),
    ...lists.map(({ currency }) => currency),
    ...rules.flatMap((rule) => [rule.currency, ...currenciesOfEffect(rule)]),
  ];
  return new Set(named.filter((code) => code !== undefined));
}
