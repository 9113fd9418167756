import type { Company } from "../../shared/pricing/company.ts";
import type { Price, Product, Rule, Who } from "../../shared/pricing/records.ts";
import { whatMatches } from "../../shared/pricing/scope.ts";
import { idOf } from "../../shared/snapshot/hash.ts";
import type { RuleFacts } from "./rule-facts.ts";
import { whoKey } from "./who-key.ts";

/** The SKUs that the same rule scopes reach, with what else can make a difference between customers there. */
export interface PricingClass {
  readonly id: string;
  /** The keys of the rule scopes that reach it. */
  readonly scopes: ReadonlySet<string>;
  /** The groups and lists that hold a price of some SKU of the class; no other splits its variants. */
  readonly groups: ReadonlySet<string>;
  readonly lists: ReadonlySet<string>;
  /** The `who`s of its prices that name no customers. */
  readonly whos: ReadonlyMap<string, Who>;
  /** The point rules that name some SKU of the class and no customers. */
  readonly pointRules: ReadonlySet<Rule>;
  readonly skus: readonly string[];
}

/** What planning needs to know of a price: whom it is for. */
export type PriceScope = Pick<Price, "sku" | "list" | "group" | "customer" | "who">;

export class PricingClassBuilder {
  readonly id: string;
  readonly scopes: ReadonlySet<string>;
  readonly groups = new Set<string>();
  readonly lists = new Set<string>();
  readonly whos = new Map<string, Who>();
  readonly pointRules = new Set<Rule>();
  readonly skus: string[] = [];

  constructor(scopes: readonly string[]) {
    this.id = idOf(JSON.stringify(scopes));
    this.scopes = new Set(scopes);
  }

  addProduct(product: Product, pointRules: readonly Rule[], company: Company): void {
    this.skus.push(product.id);
    for (const rule of pointRules) {
      if (whatMatches(rule.what, product, company.categories)) this.pointRules.add(rule);
    }
  }

  addPrice({ list, group, customer, who }: PriceScope): void {
    // A price that names customers is theirs alone: their overlays hold it.
    if (customer !== undefined || who?.customers !== undefined) return;
    if (group !== undefined) this.groups.add(group);
    if (list !== undefined) this.lists.add(list);
    if (who !== undefined) this.whos.set(whoKey(who), who);
  }
}

/** The point rules that name no customers, by each SKU that they name. */
export function pointRulesBySku(facts: ReadonlyMap<Rule, RuleFacts>): ReadonlyMap<string, readonly Rule[]> {
  const bySku = new Map<string, Rule[]>();
  for (const [rule, { scope, individual }] of facts) {
    if (scope !== undefined || individual) continue;
    for (const sku of rule.what?.skus ?? []) {
      const rules = bySku.get(sku) ?? [];
      bySku.set(sku, rules);
      rules.push(rule);
    }
  }
  return bySku;
}
