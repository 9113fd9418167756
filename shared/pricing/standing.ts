import { withAncestors } from "./ancestors.ts";
import type { Company } from "./company.ts";
import type { Customer, Rule } from "./records.ts";
import { valuesOf, whoMatches, type Audience } from "./scope.ts";

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
  /** In the order of rank, then id; a rule of a list only if the list is in the chain. */
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
    rules: company.rules.filter(
      (rule) => (rule.list === undefined || lists.has(rule.list)) && whoMatches(rule.who, audience),
    ),
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

// Own lists, then the groups' lists, then all their parents, then the grandparents, level by level.
function listChainOf(
  customer: Customer,
  groupChain: readonly string[],
  audience: Audience,
  company: Company,
): string[] {
  const chain = new Set<string>();
  let level = [...(customer.lists ?? []), ...groupChain.flatMap((id) => company.groups.get(id)?.lists ?? [])];
  while (level.length > 0) {
    const parents: string[] = [];
    for (const id of level) {
      const list = company.lists.get(id);
      if (list === undefined || chain.has(id) || !whoMatches(list.who, audience)) continue;
      chain.add(id);
      if (list.parent !== undefined) parents.push(list.parent);
    }
    level = parents;
  }
  return [...chain];
}

function unique(ids: readonly string[]): string[] {
  return [...new Set(ids)];
}
