import { currentIds } from "../../queries/find-records.ts";
import type { ConnectorProblem, FeedRecord, Translation } from "../translation.ts";
import type { TrytonClient } from "./client.ts";
import { readCompany } from "./read-company.ts";
import { translateCompany, type TrytonOptions } from "./translate.ts";

/** The types that are Tryton's alone: what it does not have any more is gone, since deletes leave no trace there. */
const ownTypes = [
  "category",
  "customer",
  "priceList",
  "product",
  "rate",
  "rule",
  "tax",
  "taxRule",
] as const satisfies readonly FeedRecord["type"][];

// More than a fifth of a type gone at once is rather a fault of the reading than a change.
const sharePerHundredMax = 20;
const alwaysMayGo = 5;

/** Reads a Tryton company whole, and finds what it does not have any more. */
export async function wholeCompany(
  client: TrytonClient,
  catalog: D1Database,
  options: TrytonOptions,
): Promise<Translation> {
  const { records, problems } = translateCompany(await readCompany(client), options);
  const gone: FeedRecord[] = [];
  const kept: ConnectorProblem[] = [];
  for (const type of ownTypes) {
    const present = new Set(records.flatMap((record) => (record.type === type ? [record.id] : [])));
    const known = await currentIds(catalog, type);
    const missing = known.filter((id) => !present.has(id));
    if (missing.length > alwaysMayGo && missing.length * 100 > known.length * sharePerHundredMax) {
      const message = `${missing.length} of ${known.length} would go, which is more than a fifth: they were kept`;
      kept.push({ source: type, code: "shrink_guard", message });
      continue;
    }
    gone.push(...missing.map((id): FeedRecord => ({ type, id, op: "delete" })));
  }
  return { records: [...records, ...gone], problems: [...problems, ...kept] };
}
