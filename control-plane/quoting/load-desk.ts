import { withAncestors } from "../../shared/pricing/ancestors.ts";
import { Rates } from "../../shared/pricing/rates.ts";
import type { Category, CustomerGroup, Product, Rate } from "../../shared/pricing/records.ts";
import type { AssessQuestion } from "../../shared/quoting/desk.ts";
import type {
  Account,
  ApprovalPolicy,
  CompanyProfile,
  Person,
  TeamMember,
} from "../../shared/quoting/records.ts";
import { loadAccounts } from "../explain/load-company.ts";
import { recordOf } from "../publish/load-plan.ts";
import { allRecords, readProducts } from "../queries/read-records.ts";
import { readProfile, readTimeZone } from "./read-profile.ts";

/** All records that an offer to one customer is assessed by, as they were at a sequence. */
export interface Desk {
  readonly policies: readonly ApprovalPolicy[];
  readonly people: readonly Person[];
  readonly products: ReadonlyMap<string, Product>;
  readonly categories: ReadonlyMap<string, Category>;
  readonly rates: Rates;
  readonly timeZone: string;
  readonly profile: CompanyProfile | undefined;
  readonly paymentTerms: string | undefined;
  /** The customer's groups, and those above them. */
  readonly groups: ReadonlySet<string>;
  readonly team: readonly TeamMember[];
}

type DeskRecord = ApprovalPolicy | Person | Category | CustomerGroup | Rate;

const deskTypes = [
  "approvalPolicy",
  "person",
  "category",
  "customerGroup",
  "rate",
] as const satisfies readonly DeskRecord["type"][];

export async function loadDesk(
  catalog: D1Database,
  { sequence, customer, lines }: AssessQuestion,
): Promise<Desk> {
  const skus = [...new Set(lines.map(({ sku }) => sku))];
  const [records, accounts, products, timeZone, profile] = await Promise.all([
    loadRecords(catalog, sequence),
    loadAccounts(catalog, customer, sequence),
    readProducts(catalog, { skus, sequence }),
    readTimeZone(catalog, sequence),
    readProfile(catalog, sequence),
  ]);
  const groups = byId(records.filter((record) => record.type === "customerGroup"));
  const [own] = accounts;
  return {
    policies: records.filter((record) => record.type === "approvalPolicy"),
    people: records.filter((record) => record.type === "person"),
    products: new Map(products.map((row) => [row.id, recordOf<Product>(row)])),
    categories: byId(records.filter((record) => record.type === "category")),
    rates: new Rates(
      records.filter((record) => record.type === "rate"),
      timeZone,
    ),
    timeZone,
    profile,
    paymentTerms: own?.paymentTerms,
    groups: new Set((own?.groups ?? []).flatMap((id) => withAncestors(id, groups))),
    team: teamOf(accounts),
  };
}

/** The customer's own account team, or that of the nearest parent account which has one. */
export function teamOf(accounts: readonly Account[]): readonly TeamMember[] {
  return accounts.find(({ team }) => team !== undefined)?.team ?? [];
}

async function loadRecords(catalog: D1Database, sequence: number): Promise<DeskRecord[]> {
  const records: DeskRecord[] = [];
  for await (const row of allRecords(catalog, deskTypes, sequence)) records.push(recordOf<DeskRecord>(row));
  return records;
}

function byId<Of extends { readonly id: string }>(records: readonly Of[]): ReadonlyMap<string, Of> {
  return new Map(records.map((record) => [record.id, record]));
}
