import type { ApprovalPolicy, CompanyProfile, Person, TeamMember } from "../../shared/quoting/records.ts";
import { slug } from "./slug.ts";
import { readTable } from "./tab-separated.ts";

/** Who approves what in the sample company. The source has the territories; people are named by what they do. */

export const company: CompanyProfile = {
  type: "company",
  id: "default",
  name: "Adventure Works Cycles",
  address: ["Bothell, Washington"],
  terms: "Prices are net of tax.",
  referenceCurrency: "USD",
};

const representative = "sales-representative";
const manager = "sales-manager";

export interface Territory {
  readonly name: string;
  readonly country: string;
  /** Several territories. */
  readonly region: string;
}

/** By their number. */
export function territories(): ReadonlyMap<string, Territory> {
  const rows = readTable("SalesTerritory.csv", [
    "TerritoryID",
    "Name",
    "CountryRegionCode",
    "Group",
    "SalesYTD",
    "SalesLastYear",
    "CostYTD",
    "CostLastYear",
    "rowguid",
    "ModifiedDate",
  ]);
  return new Map(
    rows.map((row) => [
      row.TerritoryID,
      { name: row.Name, country: row.CountryRegionCode, region: row.Group },
    ]),
  );
}

/** A representative a territory and a manager a region, who may give away a quarter; then those above them. */
export function people(): readonly Person[] {
  const all = [...territories().values()];
  const regions = [...new Set(all.map(({ region }) => region))];
  return [
    ...all.map(({ name }) =>
      person(`${representative}-${slug(name)}`, `Sales representative, ${name}`, representative),
    ),
    ...regions.map((region) => ({
      ...person(`${manager}-${slug(region)}`, `Sales manager, ${region}`, manager),
      limit: { discountPercent: "25" },
    })),
    person("vice-president-of-sales", "Vice president of sales", "vice-president-of-sales"),
    person("finance-manager", "Finance manager", "finance-manager"),
  ];
}

function person(id: string, name: string, role: string): Person {
  return { type: "person", id, name, roles: [role] };
}

export function teamOf({ name, region }: Territory): readonly TeamMember[] {
  return [
    { person: `${representative}-${slug(name)}`, role: representative },
    { person: `${manager}-${slug(region)}`, role: manager },
  ];
}

/** The store's own manager first; then who looks after the margin, or the size of the order. */
export const approvalPolicies: readonly ApprovalPolicy[] = [
  {
    type: "approvalPolicy",
    id: "discount-above-10",
    name: "More than 10 % off the whole",
    when: { discountAbove: "10" },
    tier: 1,
    needs: [{ of: [{ team: manager }] }],
    remindAfterHours: 24,
    escalateAfterHours: 72,
    escalateTo: { person: "vice-president-of-sales" },
  },
  {
    type: "approvalPolicy",
    id: "line-margin-below-15",
    name: "A line with a margin below 15 %",
    when: { lineMarginBelow: "15" },
    tier: 2,
    needs: [{ of: [{ person: "finance-manager" }] }],
    remindAfterHours: 24,
  },
  {
    type: "approvalPolicy",
    id: "total-above-100000",
    name: "A total above 100,000 US dollars",
    when: { totalAbove: { amount: "100000", currency: "USD" } },
    tier: 2,
    needs: [{ of: [{ person: "vice-president-of-sales" }] }],
    remindAfterHours: 24,
  },
];
