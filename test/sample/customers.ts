import type { CustomerGroup } from "../../shared/pricing/records.ts";
import type { Account } from "../../shared/quoting/records.ts";
import { teamOf, territories } from "./approvals.ts";
import { ampersandSeparated, readTable } from "./tab-separated.ts";

/** The group of all stores, whatever their business. */
export const resellerGroup = "reseller";
/** The group of private buyers. The sample has none of them, only offers that are theirs. */
export const retailGroup = "retail";

/** The codes of the stores' survey; the data warehouse of the same source spells them out. */
const businessTypes: Readonly<Record<string, { readonly id: string; readonly name: string }>> = {
  BM: { id: "value-added-reseller", name: "Value Added Reseller" },
  BS: { id: "specialty-bike-shop", name: "Specialty Bike Shop" },
  OS: { id: "warehouse", name: "Warehouse" },
};

export function customerGroups(): readonly CustomerGroup[] {
  return [
    { type: "customerGroup", id: resellerGroup, name: "Reseller" },
    ...Object.values(businessTypes).map(({ id, name }) => ({
      type: "customerGroup" as const,
      id,
      name,
      parent: resellerGroup,
    })),
    { type: "customerGroup", id: retailGroup, name: "Retail" },
  ];
}

/** The stores, in the order of their account numbers. */
export function stores(): readonly Account[] {
  const accounts = accountsByStore();
  const places = territories();
  return readTable(
    "Store.csv",
    ["BusinessEntityID", "Name", "SalesPersonID", "Demographics", "rowguid", "ModifiedDate"],
    ampersandSeparated,
  )
    .map((row) => {
      const account = accounts.get(row.BusinessEntityID);
      const group = businessTypes[surveyed(row.Demographics, "BusinessType")];
      const place = places.get(account?.territory ?? "");
      if (account === undefined || group === undefined || place === undefined) {
        throw new RangeError(`Cannot make a customer as its account, group or place is unknown: ${row.Name}`);
      }
      return {
        type: "customer" as const,
        id: account.number,
        // Four names of the source end in a space.
        name: row.Name.trim(),
        groups: [group.id],
        currency: "USD",
        attributes: {
          territory: place.name,
          country: place.country,
          specialty: surveyed(row.Demographics, "Specialty"),
        },
        team: teamOf(place),
      };
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Most stores have a second account in the name of a person who buys there; the store's own names nobody. */
function accountsByStore(): ReadonlyMap<string, { number: string; territory: string }> {
  const rows = readTable("Customer.csv", [
    "CustomerID",
    "PersonID",
    "StoreID",
    "TerritoryID",
    "AccountNumber",
    "rowguid",
    "ModifiedDate",
  ]);
  return new Map(
    rows
      .filter((row) => row.PersonID === "")
      .map((row) => [row.StoreID, { number: row.AccountNumber, territory: row.TerritoryID }]),
  );
}

function surveyed(survey: string, element: string): string {
  const [, value] = new RegExp(`<${element}>([^<]*)</${element}>`).exec(survey) ?? [];
  if (value === undefined) throw new RangeError(`Cannot read a store's survey as it has no ${element}`);
  return value;
}
