import { withAncestors } from "./ancestors.ts";
import type { Company, ListInForce } from "./company.ts";
import { listChainOf } from "./list-chain.ts";
import type { Customer, Rule } from "./records.ts";
import { valuesOf, type Audience } from "./scope.ts";

/**
 * Where a customer stands in one channel: the sources of its prices, each in the order in which they are
 * asked, and the rules that are for it. What a rule is about, and when, is still open.
 */
export interface Standing extends Audience {
  readonly customer: Customer;
  /** The customer, then its parents. */
  readonly accountChain: readonly string[];
  readonly groupChain: readonly string[];
  readonly listChain: readonly string[];
  /** The customer's one list, where the policy gives it only one. */
  readonly list: ListInForce | undefined;
  /** In the order of the company's rules; a rule of a list only if the list is in the chain. */
  readonly rules: readonly Rule[];
}

export function standingOf(customer: Customer, channel: string | undefined, company: Company): Standing {
  const accountChain = withAncestors(customer.id, company.customers);
  const groupChain = unique((customer.groups ?? []).flatMap((id) => withAncestors(id, company.groups)));
  const audience: Audience = {
    accounts: new Set(accountChain),
    groups: new Set(groupChain),
    channel,
    attribute: (key) => attributeOf(key, customer, groupChain, company),
  };
  const listChain = listChainOf(customer, groupChain, audience, company);
  const lists = new Set(listChain);
  return {
    ...audience,
    customer,
    accountChain,
    groupChain,
    listChain,
    list: company.policy.lists === "one" ? company.lists.get(listChain[0] ?? "") : undefined,
    rules: company.rulesFor
      .of(audience)
      .filter((rule) => (rule.list === undefined ? !company.policy.rulesOfListsOnly : lists.has(rule.list))),
  };
}

function attributeOf(
  key: string,
  customer: Customer,
  groupChain: readonly string[],
  company: Company,
): readonly string[] {
  const owners = [customer.attributes, ...groupChain.map((id) => company.groups.get(id)?.attributes)];
  return valuesOf(
    owners.find((attributes) => attributes !== undefined && Object.hasOwn(attributes, key)),
    key,
  );
}

function unique(ids: readonly string[]): string[] {
  return [...new Set(ids)];
}
