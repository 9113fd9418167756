import type { Product } from "../../shared/pricing/records.ts";
import type { DescribeQuestion, Description, Letterhead } from "../../shared/quoting/desk.ts";
import type { Account, CompanyProfile } from "../../shared/quoting/records.ts";
import { recordOf } from "../publish/load-plan.ts";
import { readProducts, readRecord } from "../queries/read-records.ts";
import { readProfile } from "./read-profile.ts";

/** What people read on a quote; undefined where there is no such customer. */
export async function describe(
  catalog: D1Database,
  { sequence, customer, skus }: DescribeQuestion,
): Promise<Description | undefined> {
  const [account, products, profile] = await Promise.all([
    readRecord(catalog, { type: "customer", id: customer, sequence }),
    readProducts(catalog, { skus: [...new Set(skus)], sequence }),
    readProfile(catalog, sequence),
  ]);
  if (account === undefined) return undefined;
  const { name, paymentTerms } = recordOf<Account>(account);
  return {
    customerName: name,
    ...(paymentTerms === undefined ? {} : { paymentTerms }),
    productNames: Object.fromEntries(products.map((row) => [row.id, recordOf<Product>(row).name])),
    company: letterheadOf(profile),
  };
}

function letterheadOf(profile: CompanyProfile | undefined): Letterhead {
  if (profile === undefined) return { name: "", address: [] };
  const { name, address = [], contact, taxId, terms } = profile;
  return {
    name,
    address,
    ...(contact === undefined ? {} : { contact }),
    ...(taxId === undefined ? {} : { taxId }),
    ...(terms === undefined ? {} : { terms }),
  };
}
