/**
 * JSON that keeps what `JSON.parse` loses: a number's source text. Everything else a strict border must
 * refuse before a schema sees it is refused here: prototype keys, lone surrogates, deep nesting.
 */

/** A number literal by its source text, so that no decimal passes through a binary float. */
export class NumberLiteral {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type JsonFault = "malformed_json" | "too_deep" | "forbidden_key" | "lone_surrogate";

export class JsonError extends Error {
  override readonly name = "JsonError";
  readonly fault: JsonFault;

  constructor(fault: JsonFault, message: string) {
    super(message);
    this.fault = fault;
  }
}

const depthMax = 32;
const forbiddenKeys = new Set(["__proto__", "constructor", "prototype"]);
const mayHoldNumber = /[:[,]\s*-?\d|^\s*-?\d/;
const mayHoldForbiddenKey = /"(?:__proto__|constructor|prototype)"|\\u/;

// TypeScript's library does not know the third argument of a reviver yet.
type Reviver = (this: unknown, key: string, value: unknown, context: { source?: string }) => unknown;
const parse = JSON.parse as (text: string, reviver?: Reviver) => unknown;

/**
 * The value of a JSON text, with a `NumberLiteral` for each number.
 * @throws {JsonError} saying what is wrong with the text
 */
export function parseExactJson(text: string): unknown {
  checkDepth(text);
  let value: unknown;
  try {
    value =
      mayHoldNumber.test(text) || mayHoldForbiddenKey.test(text) ? parse(text, revive) : JSON.parse(text);
  } catch (error) {
    if (error instanceof JsonError) throw error;
    throw new JsonError("malformed_json", error instanceof Error ? error.message : String(error));
  }
  if (text.includes("\\u") && hasLoneSurrogate(value)) {
    throw new JsonError("lone_surrogate", "A string holds half of a surrogate pair");
  }
  return value;
}

const revive: Reviver = (key, value, context) => {
  if (forbiddenKeys.has(key)) throw new JsonError("forbidden_key", `The key ${key} is not allowed`);
  return typeof value === "number" && context.source !== undefined
    ? new NumberLiteral(context.source)
    : value;
};

// Before parsing, since what walks the parsed value recurses; brackets within strings do not count.
function checkDepth(text: string): void {
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x22) {
      index = endOfString(text, index);
    } else if (code === 0x7b || code === 0x5b) {
      depth++;
      if (depth > depthMax) throw new JsonError("too_deep", `The JSON is nested over ${depthMax} deep`);
    } else if (code === 0x7d || code === 0x5d) {
      depth--;
    }
  }
}

function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === 0x5c) backslashes++;
    if (backslashes % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  return text.length;
}

function hasLoneSurrogate(value: unknown): boolean {
  if (typeof value === "string") return !value.isWellFormed();
  if (Array.isArray(value)) return value.some(hasLoneSurrogate);
  if (typeof value === "object" && value !== null && !(value instanceof NumberLiteral)) {
    return Object.entries(value).some(([key, member]) => !key.isWellFormed() || hasLoneSurrogate(member));
  }
  return false;
}
