import type { Rule } from "../../shared/pricing/records.ts";
import type { Standing } from "../../shared/pricing/standing.ts";
import { idOf } from "../../shared/snapshot/hash.ts";
import type { Bucket, Plan } from "./plan.ts";
import type { PricesBySource } from "./prices-by-source.ts";
import type { RuleFacts } from "./rule-facts.ts";

/** The SKUs for which some price names an account, by account. */
export type NamedAccounts = ReadonlyMap<string, ReadonlySet<string>>;

export function accountsOf(prices: PricesBySource): NamedAccounts {
  const skusByAccount = new Map<string, Set<string>>();
  const note = (account: string, skus: Iterable<string>) => {
    const known = skusByAccount.get(account) ?? new Set<string>();
    skusByAccount.set(account, known);
    for (const sku of skus) known.add(sku);
  };
  for (const [account, skus] of prices.skusByAccount()) note(account, skus);
  for (const { sku, who } of prices.narrowed()) {
    for (const account of who?.customers ?? []) note(account, [sku]);
  }
  return skusByAccount;
}

/**
 * The customers with prices of their own in a bucket, and for which SKUs: some price or point rule names the
 * customer or one of its parent accounts.
 */
export function individualsOf(
  bucket: Bucket,
  named: NamedAccounts,
  plan: Pick<Plan, "heirs" | "facts">,
): Map<string, Set<string>> {
  const skusByCustomer = new Map<string, Set<string>>();
  for (const skusByAccount of [named, accountsOfRules(bucket, plan)]) {
    for (const [account, skus] of skusByAccount) {
      for (const customer of plan.heirs.get(account) ?? []) {
        const known = skusByCustomer.get(customer) ?? new Set<string>();
        skusByCustomer.set(customer, known);
        for (const sku of skus) known.add(sku);
      }
    }
  }
  return skusByCustomer;
}

function accountsOfRules(bucket: Bucket, plan: Pick<Plan, "facts">): NamedAccounts {
  const skusByAccount = new Map<string, Set<string>>();
  const bySku = individualRules(plan.facts);
  if (bySku.size === 0) return skusByAccount;
  for (const sku of bucket.skus) {
    for (const account of bySku.get(sku) ?? []) {
      const known = skusByAccount.get(account) ?? new Set<string>();
      skusByAccount.set(account, known);
      known.add(sku);
    }
  }
  return skusByAccount;
}

const accountsBySku = new WeakMap<Plan["facts"], ReadonlyMap<string, ReadonlySet<string>>>();

/** The accounts that point rules name, by the SKUs that they name. */
function individualRules(facts: ReadonlyMap<Rule, RuleFacts>): ReadonlyMap<string, ReadonlySet<string>> {
  const known = accountsBySku.get(facts);
  if (known !== undefined) return known;
  const bySku = new Map<string, Set<string>>();
  for (const [rule, { individual }] of facts) {
    if (!individual) continue;
    for (const sku of rule.what?.skus ?? []) {
      const accounts = bySku.get(sku) ?? new Set<string>();
      bySku.set(sku, accounts);
      for (const account of rule.who?.customers ?? []) accounts.add(account);
    }
  }
  accountsBySku.set(facts, bySku);
  return bySku;
}

/** What the customers' own prices in a bucket depend on besides its records: equal for equal overlays. */
export class IndividualDigests {
  readonly #plan: Plan;
  readonly #texts = new Map<string, string>();

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /** @param accounts those that the bucket's prices name */
  of(bucket: Bucket, accounts: readonly string[]): string {
    const ofRules = accountsOfRules(bucket, this.#plan);
    const customers = new Set(
      [...accounts, ...ofRules.keys()].flatMap((account) => this.#plan.heirs.get(account) ?? []),
    );
    const rules = [...ofRules].map(([account, skus]) => JSON.stringify([account, [...skus].sort()])).sort();
    return idOf(JSON.stringify([rules, [...customers].sort().map((one) => this.#textOf(one, bucket))]));
  }

  #textOf(customer: string, { id, scopes }: Bucket): string {
    const key = JSON.stringify([customer, id.slice(0, id.lastIndexOf("."))]);
    const known = this.#texts.get(key);
    if (known !== undefined) return known;
    const byChannel = [...(this.#plan.standings.get(customer) ?? [])];
    const text = idOf(
      JSON.stringify([customer, byChannel.map(([channel, one]) => [channel, this.#told(one, scopes)])]),
    );
    this.#texts.set(key, text);
    return text;
  }

  #told(standing: Standing, scopes: ReadonlySet<string>): unknown {
    const { company, facts } = this.#plan;
    const { customer, accountChain, groupChain, listChain, list, rules } = standing;
    const reaching = rules.flatMap((rule) => {
      const { scope, effect } = facts.get(rule) ?? { scope: undefined, effect: "" };
      const reaches = scope === undefined || scope === "" || scopes.has(scope);
      return reaches ? [[rule.id, effect]] : [];
    });
    const attributes = groupChain.map((group) => company.groups.get(group)?.attributes);
    return [
      [accountChain, groupChain, listChain, list?.id],
      [customer.taxRule, customer.attributes, attributes],
      reaching,
    ];
  }
}
