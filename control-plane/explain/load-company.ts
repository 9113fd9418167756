import { companyOf, companyTypes, type Company, type CompanyRecord } from "../../shared/pricing/company.ts";
import type { Customer } from "../../shared/pricing/records.ts";
import type { Account } from "../../shared/quoting/records.ts";
import { recordOf } from "../publish/load-plan.ts";
import { allRecords, readRecord } from "../queries/read-records.ts";

/**
 * The company as it was at a sequence, with one customer and its parent accounts: all that the prices of that
 * customer follow from, besides products and prices.
 */
export async function loadCompanyFor(
  catalog: D1Database,
  customer: string,
  sequence: number,
): Promise<{ readonly company: Company; readonly customer: Customer } | undefined> {
  const records: CompanyRecord[] = [];
  const accounts = await loadAccounts(catalog, customer, sequence);
  const [own] = accounts;
  if (own === undefined) return undefined;
  const types = companyTypes.filter((type) => type !== "customer");
  for await (const row of allRecords(catalog, types, sequence)) records.push(recordOf<CompanyRecord>(row));
  return { company: companyOf([...records, ...accounts]), customer: own };
}

/** The customer, then its parents. */
export async function loadAccounts(
  catalog: D1Database,
  customer: string,
  sequence: number,
): Promise<Account[]> {
  const accounts: Account[] = [];
  let id: string | undefined = customer;
  while (id !== undefined && !accounts.some((known) => known.id === id)) {
    const row = await readRecord(catalog, { type: "customer", id, sequence });
    if (row === undefined) break;
    const account = recordOf<Account>(row);
    accounts.push(account);
    id = account.parent;
  }
  return accounts;
}
