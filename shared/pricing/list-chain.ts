import type { Company } from "./company.ts";
import type { Customer, PriceList } from "./records.ts";
import { whoMatches, type Audience } from "./scope.ts";

/** The customer's price lists, in the order in which they are asked; `groupChain` has its groups. */
export function listChainOf(
  customer: Customer,
  groupChain: readonly string[],
  audience: Audience,
  company: Company,
): string[] {
  const matches = (list: PriceList | undefined): list is PriceList =>
    list !== undefined && whoMatches(list.who, audience);
  const known = (ids: Iterable<string>) => [...new Set(ids)].filter((id) => matches(company.lists.get(id)));
  const own = customer.lists ?? [];
  const ofGroups = groupChain.flatMap((id) => company.groups.get(id)?.lists ?? []);
  const { lists, defaultLists } = company.policy;
  switch (lists) {
    case "all":
      return withParents(
        known([...own, ...ofGroups]).length === 0 ? defaultLists : [...own, ...ofGroups],
        company,
        matches,
      );
    case "one":
      return known([...own, ...ofGroups, ...defaultLists]).slice(0, 1);
    case "matching":
      return known([...company.lists.keys()].sort());
    case "cascade":
      return known(cascade(customer, company));
  }
}

/** Level by level: the lists, then all their parents, then the grandparents. */
function withParents(
  first: readonly string[],
  company: Company,
  matches: (list: PriceList | undefined) => list is PriceList,
): string[] {
  const chain = new Set<string>();
  let level = first;
  while (level.length > 0) {
    const parents: string[] = [];
    for (const id of level) {
      const list = company.lists.get(id);
      if (chain.has(id) || !matches(list)) continue;
      chain.add(id);
      if (list.parent !== undefined) parents.push(list.parent);
    }
    level = parents;
  }
  return [...chain];
}

/** The customer's lists, its groups', then everyone's, until a level says that it is the last. */
function cascade(customer: Customer, company: Company): string[] {
  const groups = (customer.groups ?? []).flatMap((id) => company.groups.get(id) ?? []);
  if (customer.listsFallback === false) return [...(customer.lists ?? [])];
  const lists = [...(customer.lists ?? []), ...groups.flatMap((group) => group.lists ?? [])];
  return groups.some(({ listsFallback }) => listsFallback === false)
    ? lists
    : [...lists, ...company.policy.defaultLists];
}
