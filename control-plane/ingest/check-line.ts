import type * as z from "zod";
import { JsonError, parseExactJson } from "../../shared/api/exact-json.ts";
import {
  deletion,
  isRecordType,
  recordSchemas,
  type Deletion,
  type UpsertRecord,
} from "../../shared/api/records/record.ts";
import { issueCode, issuePointer } from "../../shared/api/values.ts";
import { revAheadMaxMilliseconds } from "./limits.ts";

/** Why a line was refused. */
export interface Refusal {
  readonly code: string;
  readonly pointer?: string | undefined;
  readonly message: string;
  /** As far as the line tells. */
  readonly type?: string | undefined;
  readonly id?: string | undefined;
}

export type CheckedLine =
  | { readonly kind: "upsert"; readonly record: UpsertRecord }
  | { readonly kind: "delete"; readonly record: Deletion }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/**
 * A line as a record, or the first thing that is wrong with it: its JSON, its type, its fields in the order
 * of the contract, unknown fields, fields that contradict each other, its rev.
 */
export function checkLine(text: string, now: number): CheckedLine {
  let value: unknown;
  try {
    value = parseExactJson(text);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return { kind: "refused", refusal: { code: error.fault, message: messageOfFault[error.fault] } };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return {
      kind: "refused",
      refusal: { code: "wrong_type", pointer: "", message: "A record is an object" },
    };
  }
  return checkObject(value as Record<string, unknown>, now);
}

const messageOfFault: Record<JsonError["fault"], string> = {
  malformed_json: "The line is not JSON",
  too_deep: "The JSON is nested too deeply",
  forbidden_key: "A key is not allowed: __proto__, constructor and prototype",
  lone_surrogate: "A text holds half of a surrogate pair",
};

function checkObject(object: Record<string, unknown>, now: number): CheckedLine {
  const type = object["type"];
  if (!isRecordType(type)) {
    const missing = type === undefined || type === null;
    return refused(object, {
      code: missing ? "missing_field" : "unknown_type",
      pointer: "/type",
      message: missing ? "The field is required" : "There is no such type of record",
    });
  }
  if (object["op"] === "delete") {
    const found = deletion.safeParse(object);
    if (!found.success) return refused(object, refusalOf(found.error, object));
    return futureRev(found.data, object, now) ?? { kind: "delete", record: found.data };
  }
  const found = recordSchemas[type].safeParse(object);
  if (!found.success) return refused(object, refusalOf(found.error, object));
  return futureRev(found.data, object, now) ?? { kind: "upsert", record: found.data };
}

function futureRev(
  record: UpsertRecord | Deletion,
  object: Record<string, unknown>,
  now: number,
): CheckedLine | undefined {
  const at = record.rev?.at;
  if (at === undefined || at <= now + revAheadMaxMilliseconds) return undefined;
  return refused(object, {
    code: "future_version",
    pointer: "/rev",
    message: "The rev lies over ten minutes ahead and would block all later ones",
  });
}

const pointerCharactersMax = 300;

function refusalOf(error: z.ZodError, object: unknown): Refusal {
  const [issue] = error.issues;
  if (issue === undefined) throw new Error("A schema refused a record without an issue");
  const pointer = issuePointer(issue);
  // A key may be as long as a line: the problem then points at the object that holds it.
  const short = pointer.length <= pointerCharactersMax ? pointer : pointer.slice(0, pointer.lastIndexOf("/"));
  return { ...describe(issue, object), ...(short.length <= pointerCharactersMax ? { pointer: short } : {}) };
}

function describe(issue: z.core.$ZodIssue, object: unknown): { code: string; message: string } {
  if (issue.code === "unrecognized_keys") return { code: "unknown_field", message: "There is no such field" };
  const value = valueAt(object, issue.path);
  if (value === undefined) return { code: "missing_field", message: "The field is required" };
  if (value === null) {
    return { code: "missing_field", message: "null stands for no value: give one or leave the field out" };
  }
  if (issue.code === "invalid_type")
    return { code: "wrong_type", message: `Expected a value of type ${issue.expected}` };
  return { code: issueCode(issue), message: issue.code === "custom" ? issue.message : messageOfIssue(issue) };
}

// Zod's own messages may repeat what was sent, at any length.
function messageOfIssue(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_value":
      return `Expected one of ${issue.values.map(String).join(", ")}`;
    case "too_big":
      return `At most ${String(issue.maximum)}`;
    case "too_small":
      return `At least ${String(issue.minimum)}`;
    default:
      return "The value does not have the documented form";
  }
}

function valueAt(object: unknown, path: readonly PropertyKey[]): unknown {
  let value = object;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

const namedCharactersMax = 200;

function refused(object: Record<string, unknown>, refusal: Refusal): CheckedLine {
  return { kind: "refused", refusal: { ...refusal, ...named("type", object), ...named("id", object) } };
}

function named(field: "type" | "id", object: Record<string, unknown>): { type?: string; id?: string } {
  const value = object[field];
  return typeof value === "string" && value.length <= namedCharactersMax && value.isWellFormed()
    ? { [field]: value }
    : {};
}
