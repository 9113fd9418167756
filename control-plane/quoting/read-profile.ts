import { fullPolicy } from "../../shared/pricing/policy.ts";
import type { Policy } from "../../shared/pricing/records.ts";
import type { CompanyProfile } from "../../shared/quoting/records.ts";
import { recordOf } from "../publish/load-plan.ts";
import { readRecord } from "../queries/read-records.ts";

/** The company's own record, as it was at a sequence. */
export async function readProfile(
  catalog: D1Database,
  sequence: number,
): Promise<CompanyProfile | undefined> {
  const row = await readRecord(catalog, { type: "company", id: "default", sequence });
  return row === undefined ? undefined : recordOf<CompanyProfile>(row);
}

/** The time zone of the company's local days. */
export async function readTimeZone(catalog: D1Database, sequence: number): Promise<string> {
  const row = await readRecord(catalog, { type: "policy", id: "default", sequence });
  return fullPolicy(row === undefined ? undefined : recordOf<Policy>(row)).timeZone;
}
