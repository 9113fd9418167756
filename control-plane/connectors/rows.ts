import type * as z from "zod";
import { NumberLiteral } from "../../shared/api/exact-json.ts";
import { issueCode, issuePointer } from "../../shared/api/values.ts";
import type { ConnectorProblem } from "./translation.ts";

/** A row of an ERP's table, with the ERP's own key for it. */
export interface Row<Value> {
  readonly source: string;
  readonly value: Value;
}

export interface Rows<Value> {
  readonly rows: readonly Row<Value>[];
  readonly problems: readonly ConnectorProblem[];
}

/** Reads a table's rows. `keys` are the fields by which the ERP's people find a row again. */
export function readRows<Value>(
  table: string,
  rows: readonly unknown[],
  schema: z.ZodType<Value>,
  keys: readonly string[],
): Rows<Value> {
  const read: Row<Value>[] = [];
  const problems: ConnectorProblem[] = [];
  for (const [index, row] of rows.entries()) {
    const source = `${table} ${keyOf(row, keys) ?? `#${index}`}`;
    const found = schema.safeParse(row);
    if (found.success) read.push({ source, value: found.data });
    else problems.push(...found.error.issues.map((issue) => problemOf(source, issue)));
  }
  return { rows: read, problems };
}

/** What a schema found, with the field named in front. */
export function problemOf(source: string, issue: z.core.$ZodIssue): ConnectorProblem {
  const field = issuePointer(issue).slice(1);
  return {
    source,
    code: issueCode(issue),
    message: field === "" ? issue.message : `${field}: ${issue.message}`,
  };
}

function keyOf(row: unknown, keys: readonly string[]): string | undefined {
  if (typeof row !== "object" || row === null) return undefined;
  const byName = new Map(Object.entries(row).map(([name, value]) => [comparable(name), value as unknown]));
  const texts = keys.flatMap((key) => {
    const value = byName.get(comparable(key));
    if (value instanceof NumberLiteral) return [value.text];
    return typeof value === "string" && value !== "" ? [value] : [];
  });
  return texts.length === 0 ? undefined : texts.join(" ");
}

/** A field's name as it is compared: `Line_No` of an OData page is `lineNo` of an API page. */
export function comparable(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}
