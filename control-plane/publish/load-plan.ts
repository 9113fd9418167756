import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { companyOf, companyTypes, type CompanyRecord } from "../../shared/pricing/company.ts";
import type { PricingRecord, Product } from "../../shared/pricing/records.ts";
import { Planner, type Plan } from "../compile/plan.ts";
import { allRecords, readPriceSources, type StoredRecord } from "../queries/read-records.ts";

export interface LoadedPlan {
  readonly plan: Plan;
  /** Of everything but products and prices: when it is another, every bucket may be another. */
  readonly companyDigest: string;
}

const rowsPerPage = 5_000;

/** Plans the compile of the catalogue as it was at a sequence, reading it page by page. */
export async function loadPlan(catalog: D1Database, sequence: number): Promise<LoadedPlan> {
  const digest = sha256.create();
  const company: CompanyRecord[] = [];
  for await (const row of allRecords(catalog, companyTypes, sequence)) {
    digest.update(utf8ToBytes(JSON.stringify([row.type, row.id, row.body])));
    company.push(recordOf<CompanyRecord>(row));
  }
  const planner = new Planner(companyOf(company));
  for await (const row of allRecords(catalog, ["product"], sequence))
    planner.addProduct(recordOf<Product>(row));

  let after: string | undefined;
  do {
    const sources = await readPriceSources(catalog, { sequence, after, limit: rowsPerPage });
    for (const source of sources.rows) planner.addPrice(source);
    after = sources.next;
  } while (after !== undefined);
  return { plan: planner.plan(), companyDigest: bytesToHex(digest.digest()) };
}

/** The record of a stored row, whose body was checked when it was taken in. */
export function recordOf<Type extends PricingRecord>({ type, id, body }: StoredRecord): Type {
  return { ...(JSON.parse(body) as object), type, id } as Type;
}
