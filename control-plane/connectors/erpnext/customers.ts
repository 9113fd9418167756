import type { Customer as CustomerRecord } from "../../../shared/pricing/records.ts";
import type { Made } from "../made.ts";
import type { Row } from "../rows.ts";
import type { Customer, CustomerGroup, Territory } from "./doctypes.ts";

/** Attributes by which pricing rules find customers; a territory is within those above it. */
export const territoryAttribute = "territory";
export const salesPartnerAttribute = "salesPartner";

export function* customerRecords(
  rows: readonly Row<Customer>[],
  groups: readonly Row<CustomerGroup>[],
  territories: readonly Row<Territory>[],
  isUsable: (list: string) => boolean,
): Generator<Made> {
  for (const { source, value } of groups) {
    yield { source, record: { type: "customerGroup", id: value.name, parent: value.parent_customer_group } };
  }
  const groupByName = new Map(groups.map(({ value }) => [value.name, value]));
  const parentByTerritory = new Map(territories.map(({ value }) => [value.name, value.parent_territory]));
  for (const { source, value: own } of rows) {
    // ERPNext asks the customer's own group only, none above it, so the list is the customer's here.
    const list =
      own.default_price_list ??
      (own.customer_group === undefined
        ? undefined
        : groupByName.get(own.customer_group)?.default_price_list);
    if (list !== undefined && !isUsable(list)) {
      const message = `The customer's price list ${list} is not in use, or was refused`;
      yield { source, code: "unknown_price_list", message };
      continue;
    }
    const record: CustomerRecord = {
      type: "customer",
      id: own.name,
      name: own.customer_name ?? own.name,
      groups: own.customer_group === undefined ? undefined : [own.customer_group],
      lists: list === undefined ? undefined : [list],
      currency: own.default_currency,
      status: own.disabled ? "blocked" : "active",
      attributes: attributesOf(own, parentByTerritory),
    };
    yield { source, record };
  }
}

function attributesOf(
  { territory, default_sales_partner: partner }: Customer,
  parents: ReadonlyMap<string, string | undefined>,
): CustomerRecord["attributes"] {
  const within: string[] = [];
  for (let at = territory; at !== undefined && !within.includes(at); at = parents.get(at)) within.push(at);
  if (within.length === 0 && partner === undefined) return undefined;
  return {
    ...(within.length === 0 ? {} : { [territoryAttribute]: within }),
    ...(partner === undefined ? {} : { [salesPartnerAttribute]: partner }),
  };
}
