import type { UpsertRecord } from "../../shared/api/records/record.ts";
import { canonicalJson } from "../../shared/canonical-json.ts";
import type { CheckedLine, Refusal } from "./check-line.ts";
import { referencesOf } from "./references.ts";

/** The columns of `staged` that a line brings, in the order of `StagedRow`: those come first that most have. */
export const stagedColumns = [
  "line",
  "type",
  "id",
  "op",
  "body",
  "sku",
  "list",
  "customer",
  "group_id",
  "parent",
  "rev",
  "rev_order",
  "refs",
  "code",
  "pointer",
  "message",
] as const;

/** What is null at its end is left out. */
export type StagedRow = readonly (string | number | null)[];

/** Where a sweep takes records: of one type, and of one scope. */
export interface Scope {
  readonly type: string;
  readonly field?: "list" | "customer" | "group" | undefined;
  readonly id?: string | undefined;
}

/** A checked line as a row of `staged`. */
export function stagedRow(line: number, checked: CheckedLine, scope?: Scope): StagedRow {
  if (checked.kind === "refused") return refusedRow(line, checked.refusal);
  const { record } = checked;
  const outside = scope === undefined ? undefined : outsideSweep(checked, scope);
  if (outside !== undefined) return refusedRow(line, { ...outside, type: record.type, id: record.id });
  const version = [record.rev?.text ?? null, record.rev?.order ?? null];
  if (checked.kind === "delete") {
    return trimmed([line, record.type, record.id, "delete", "", ...nulls(5), ...version]);
  }
  const { type: _type, id: _id, op: _op, rev: _rev, ...content } = checked.record;
  const references = referencesOf(checked.record);
  return trimmed([
    line,
    record.type,
    record.id,
    "upsert",
    canonicalJson(content),
    ...keysOf(checked.record),
    ...version,
    references.length === 0 ? null : JSON.stringify(references),
  ]);
}

function trimmed(row: (string | number | null)[]): StagedRow {
  while (row.at(-1) === null) row.pop();
  return row;
}

/** sku, list, customer, group_id and parent. */
function keysOf(record: UpsertRecord): (string | null)[] {
  switch (record.type) {
    case "price":
      return [record.sku, record.list ?? null, record.customer ?? null, record.group ?? null, null];
    case "product":
      return [record.id, null, null, null, null];
    case "inventory":
      return [record.sku, null, null, null, null];
    case "category":
    case "customerGroup":
    case "customer":
    case "priceList":
      return [null, null, null, null, record.parent ?? null];
    case "rule":
    case "policy":
    case "rate":
    case "tax":
    case "taxRule":
    case "order":
    case "person":
    case "approvalPolicy":
    case "company":
      return nulls(5);
  }
}

function outsideSweep(checked: Exclude<CheckedLine, { kind: "refused" }>, scope: Scope): Refusal | undefined {
  const { record } = checked;
  if (record.type !== scope.type) {
    return {
      code: "outside_sweep",
      pointer: "/type",
      message: `The sweep takes records of type ${scope.type}`,
    };
  }
  if (checked.kind === "delete") {
    return {
      code: "outside_sweep",
      pointer: "/op",
      message: "What a sweep does not hold is deleted by its commit",
    };
  }
  const { field, id } = scope;
  if (field === undefined || checked.record.type !== "price" || checked.record[field] === id)
    return undefined;
  return { code: "outside_sweep", pointer: `/${field}`, message: `The sweep takes prices of one ${field}` };
}

function refusedRow(line: number, refusal: Refusal): StagedRow {
  const { type = "", id = "", code, pointer = null, message } = refusal;
  return [line, type, id, "upsert", "", ...nulls(8), code, pointer, message];
}

function nulls(count: number): null[] {
  return Array<null>(count).fill(null);
}
