import type { PriceList } from "../records.ts";
import type { Case } from "./case.ts";
import type { Buyer } from "./customer.ts";
import { distinct } from "./matching.ts";
import { cascade } from "./presets/oro.ts";

/** The customer's lists in order, whether in force or not; those whose `who` doesn't match are left out. */
export function listsOf(buyer: Buyer, asked: Case): PriceList[] {
  const known = (ids: readonly (string | undefined)[]) =>
    ids
      .map((id) => asked.find("priceList", id))
      .filter((list) => list !== undefined)
      .filter((list) => buyer.matches(list.who));
  switch (asked.policy.lists) {
    case "all":
      return withParents(known([...given(buyer, asked)]), known, asked);
    case "one":
      return known([...given(buyer, asked), ...asked.policy.defaultLists]).slice(0, 1);
    case "matching":
      return asked
        .all("priceList")
        .filter((list) => buyer.matches(list.who))
        .sort((a, b) => (a.id < b.id ? -1 : 1));
    case "cascade":
      return distinct(known(cascade(buyer, asked)));
  }
}

/** The customer's own, then its groups'. */
function given(buyer: Buyer, asked: Case): string[] {
  return [
    ...(buyer.customer.lists ?? []),
    ...buyer.groups.flatMap((group) => asked.find("customerGroup", group)?.lists ?? []),
  ];
}

function withParents(
  own: readonly PriceList[],
  known: (ids: readonly (string | undefined)[]) => PriceList[],
  asked: Case,
): PriceList[] {
  const found: PriceList[] = [];
  let level = own.length === 0 ? known(asked.policy.defaultLists) : own;
  while (level.length > 0) {
    const added = distinct(level).filter((list) => !found.includes(list));
    found.push(...added);
    level = known(added.map(({ parent }) => parent));
  }
  return found;
}
