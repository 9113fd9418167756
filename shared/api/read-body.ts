import { JsonError, parseExactJson } from "./exact-json.ts";
import { Problem } from "./problem.ts";
import type { Encoding } from "./route.ts";

export const bodyBytesMaxByDefault = 1_048_576;

/** @throws {Problem} `unsupported_media_type`, unless the body is of this type, in UTF-8 if that is said */
export function checkContentType(headers: Headers, expected: string): void {
  const given = headers.get("Content-Type") ?? "";
  if (given === expected) return;
  const [type = "", ...parameters] = given.split(";").map((part) => part.trim());
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
  const name = headers.get("Content-Encoding")?.trim().toLowerCase() ?? "identity";
  const encoding = accepted.find((one) => one === name);
  if (encoding !== undefined) return encoding;
  throw new Problem("unsupported_encoding", {
    detail: `The content encoding must be ${accepted.join(" or ")}`,
  });
}

/**
 * The body's JSON, with numbers by their source text. Undefined for an empty body.
 * @throws {Problem} `body_too_large`, `bad_encoding`, or what is wrong with the JSON
 */
export async function readJson(request: Request, bytesMax: number): Promise<unknown> {
  const bytes = await readBytes(request, bytesMax);
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

async function readBytes(request: Request, bytesMax: number): Promise<Uint8Array> {
  const tooLarge = () => new Problem("body_too_large", { detail: `The body has at most ${bytesMax} bytes` });
  const announced = request.headers.get("Content-Length");
  if (Number(announced ?? 0) > bytesMax) throw tooLarge();
  if (announced !== null) {
    // HTTP lets no more bytes come than were announced, and taking them at once is far quicker than one by one.
    const bytes = new Uint8Array(await request.arrayBuffer());
    if (bytes.byteLength > bytesMax) throw tooLarge();
    return bytes;
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
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

const decoder = new TextDecoder("utf-8", { fatal: true });

function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new Problem("bad_encoding", { cause });
  }
}
