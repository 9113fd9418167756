import type * as z from "zod";
import { Problem } from "./problem.ts";
import { quickCheckOf, unsure, type QuickCheck } from "./quick-check.ts";
import { issueCode, issuePointer } from "./values.ts";

/**
 * The value as the schema gives it.
 * @throws {Problem} `invalid_request` with the first issue's code as `reason`, and where it is: a `pointer` into the
 * body, or a `parameter`'s name
 */
export function checkInput<S extends z.ZodType>(
  schema: S,
  value: unknown,
  place: "body" | "parameters",
): z.output<S> {
  const { strict, quickly } = checksOf(schema);
  const passed = quickly?.(value) ?? unsure;
  if (passed !== unsure) return passed as z.output<S>; // As the schema gives it.
  const result = strict.safeParse(value, { reportInput: true });
  if (result.success) return result.data as z.output<S>; // Being strict changes no output type.
  const [issue] = result.error.issues;
  if (issue === undefined) throw new Problem("invalid_request");
  const pointer = issuePointer(issue);
  const reason = issueCode(issue);
  if (place === "body")
    throw new Problem("invalid_request", { detail: issue.message, pointer, more: { reason } });
  throw invalidParameter(decodePointer(pointer), reason, issue.message);
}

interface Checks {
  readonly strict: z.ZodType;
  readonly quickly: QuickCheck | undefined;
}

// A schema is made once and used for every request, and making another of it takes longer than using it.
const made = new WeakMap<z.ZodType, Checks>();

function checksOf(schema: z.ZodType): Checks {
  const known = made.get(schema);
  if (known !== undefined) return known;
  const strict = isObjectSchema(schema) && schema.def.catchall === undefined ? schema.strict() : schema;
  const checks = { strict, quickly: quickCheckOf(strict) };
  made.set(schema, checks);
  return checks;
}

function isObjectSchema(schema: z.ZodType): schema is z.ZodObject {
  return schema.type === "object";
}

function decodePointer(pointer: string): string {
  return pointer.slice(1).replaceAll("~1", "/").replaceAll("~0", "~");
}

function invalidParameter(parameter: string, reason: string, detail: string): Problem {
  return new Problem("invalid_request", { detail, more: { reason, parameter } });
}

/** Reads the parameters of a pattern from a path, percent-decoded exactly once. */
export function paramsReader(pattern: string): (path: string) => Record<string, string> {
  const parameters = pattern.split("/").flatMap((part, index) => {
    const name = /^\{(.+)\}$/.exec(part)?.[1];
    return name === undefined ? [] : [{ name, index }];
  });
  return (path) => {
    const params: Record<string, string> = {};
    if (parameters.length === 0) return params;
    const segments = path.split("/");
    for (const { name, index } of parameters) params[name] = decodeOnce(segments[index] ?? "", name);
    return params;
  };
}

/** The query's parameters, each of which may occur once. */
export function readQuery(url: string): Record<string, string> {
  const query: Record<string, string> = Object.create(null) as Record<string, string>;
  const start = url.indexOf("?");
  if (start === -1) return query;
  const end = url.indexOf("#", start);
  for (const part of url.slice(start + 1, end === -1 ? url.length : end).split("&")) {
    if (part === "") continue;
    const text = part.includes("+") ? part.replaceAll("+", " ") : part;
    const equals = text.includes("=") ? text.indexOf("=") : text.length;
    const rawName = text.slice(0, equals);
    const name = decodeOnce(rawName, rawName);
    if (name in query) throw invalidParameter(name, "repeated_parameter", "A parameter may occur once only");
    query[name] = decodeOnce(text.slice(equals + 1), name);
  }
  return query;
}

function decodeOnce(text: string, parameter: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    if (!(cause instanceof URIError)) throw cause;
    throw invalidParameter(parameter, "bad_percent_encoding", "The percent-encoding is not that of UTF-8");
  }
}
