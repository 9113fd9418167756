import { NumberLiteral } from "../../shared/api/exact-json.ts";
import { deletion, recordSchemas } from "../../shared/api/records/record.ts";
import { problemOf } from "./rows.ts";
import type { ConnectorProblem, FeedRecord, Translation } from "./translation.ts";

/** A record with where in the ERP it comes from. */
export interface Draft {
  readonly source: string;
  readonly record: FeedRecord;
}

export type Made = Draft | ConnectorProblem;

/**
 * What a connector made. A record that intake would refuse is a problem here already, under the ERP's own key; so
 * are records that share an id, since nobody can tell which of them is meant.
 */
export function translationOf(made: Iterable<Made>): Translation {
  const problems: ConnectorProblem[] = [];
  const byId = new Map<string, Draft[]>();
  for (const one of made) {
    if (!("record" in one)) {
      problems.push(one);
      continue;
    }
    const faults = faultsOf(one);
    problems.push(...faults);
    if (faults.length > 0) continue;
    const key = `${one.record.type}/${one.record.id}`;
    const same = byId.get(key) ?? [];
    byId.set(key, same);
    same.push(one);
  }
  const records: FeedRecord[] = [];
  for (const [key, drafts] of byId) {
    const [only, ...more] = drafts;
    if (only !== undefined && more.length === 0) records.push(only.record);
    else {
      const message = `${drafts.length} rows would make the record ${key}`;
      problems.push(...drafts.map(({ source }) => ({ source, code: "duplicate_id", message })));
    }
  }
  return { records, problems };
}

function faultsOf({ source, record }: Draft): ConnectorProblem[] {
  const schema = "op" in record ? deletion : recordSchemas[record.type];
  const found = schema.safeParse(asParsed(record));
  return found.success ? [] : found.error.issues.map((issue) => problemOf(source, issue));
}

/** As intake parses it: numbers with their source text, fields that are undefined left out. */
function asParsed(value: unknown): unknown {
  if (typeof value === "number") return new NumberLiteral(String(value));
  if (Array.isArray(value)) return value.map(asParsed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => [key, asParsed(member)]),
  );
}
