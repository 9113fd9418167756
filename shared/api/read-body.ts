import { JsonError, parseExactJson } from "./exact-json.ts";
import { Problem } from "./problem.ts";
import type { Encoding } from "./route.ts";

export const bodyBytesMaxByDefault = 1_048_576;

/** @throws {Problem} `unsupported_media_type`, unless the body is of this type, in UTF-8 if that is said */
export function checkContentType(headers: Headers, expected: string): void {
  const [type = "", ...parameters] = (headers.get("Content-Type") ?? "")
    .split(";")
    .map((part) => part.trim());
  const charset = parameters.find((parameter) => /^charset=/i.test(parameter));
  if (type.toLowerCase() !== expected) {
    throw new Problem("unsupported_media_type", { detail: `The content type must be ${expected}` });
  }
  if (charset !== undefined && !/^charset="?utf-8"?$/i.test(charset)) {
    throw new Problem("unsupported_media_type", { detail: "The charset must be UTF-8" });
  }
}

/** @throws {Problem} `unsupported_encoding` */
export function checkEncoding(headers: Headers, accepted: readonly Encoding[]): Encoding {
  const name = (headers.get("Content-Encoding") ?? "identity").trim().toLowerCase();
  const encoding = accepted.find((one) => one === name);
  if (encoding !== undefined) return encoding;
  throw new Problem("unsupported_encoding", {
    detail: `The content encoding must be ${accepted.join(" or ")}`,
  });
}

/**
 * The JSON of a body, with numbers by their source text. Undefined for an empty body.
 * @throws {Problem} `bad_encoding`, or what is wrong with the JSON
 */
export function jsonOf(bytes: Uint8Array): unknown {
  if (bytes.byteLength === 0) return undefined;
  try {
    return parseExactJson(decode(bytes));
  } catch (error) {
    if (error instanceof JsonError) throw problemOf(error);
    throw error;
  }
}

function problemOf({ fault, message }: JsonError): Problem {
  if (fault === "lone_surrogate")
    return new Problem("invalid_request", { detail: message, more: { reason: fault } });
  return new Problem(fault, { detail: message });
}

/** @throws {Problem} `body_too_large` */
export async function readBytes(request: Request, bytesMax: number): Promise<Uint8Array> {
  const tooLarge = () => new Problem("body_too_large", { detail: `The body has at most ${bytesMax} bytes` });
  if (Number(request.headers.get("Content-Length") ?? 0) > bytesMax) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let length = 0;
  // The header may be missing, or lie.
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength;
    if (length > bytesMax) throw tooLarge();
    chunks.push(chunk);
  }
  const [only] = chunks;
  if (only !== undefined && chunks.length === 1) return only;
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Problem("bad_encoding", { cause });
  }
}
