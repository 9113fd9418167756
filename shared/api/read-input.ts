import type { HonoRequest } from "hono";
import * as z from "zod";
import { checkInput, readParams, readQuery } from "./check-input.ts";
import { Problem } from "./problem.ts";
import { bodyBytesMaxByDefault, checkContentType, checkEncoding, jsonOf, readBytes } from "./read-body.ts";
import type { IncomingStream, RouteDefinition } from "./route.ts";

const nothing = z.object({});
const anyHeaders = z.looseObject({});

/**
 * All of a request that its route asks for, checked: the body down to its JSON first, then the schemas.
 * @throws {Problem} for the first fault
 */
export async function readInput(request: HonoRequest, definition: RouteDefinition) {
  const { params = nothing, query = nothing, headers = anyHeaders, body } = definition;
  const { received, bodyBytes } = await receiveBody(request.raw, definition);
  return {
    params: checkInput(params, readParams(definition.path, request.path), "parameters"),
    query: checkInput(query, readQuery(request.url), "parameters"),
    headers: checkInput(headers, pickHeaders(headers, request.raw.headers), "parameters"),
    body: body instanceof z.ZodType ? checkInput(body, received, "body") : received,
    bodyBytes,
  };
}

interface ReceivedBody {
  readonly received: unknown;
  readonly bodyBytes: Uint8Array;
}

const noBytes = new Uint8Array();

async function receiveBody(request: Request, definition: RouteDefinition): Promise<ReceivedBody> {
  const { body, bodyOptional = false, bodyBytesMax = bodyBytesMaxByDefault } = definition;
  if (body === undefined) return { received: undefined, bodyBytes: noBytes };
  if (!(body instanceof z.ZodType)) {
    checkContentType(request.headers, body.stream);
    const encoding = checkEncoding(request.headers, body.encodings);
    return { received: { stream: request.body, encoding } satisfies IncomingStream, bodyBytes: noBytes };
  }
  if (bodyOptional && isWithoutBody(request)) return { received: {}, bodyBytes: noBytes };
  checkContentType(request.headers, "application/json");
  checkEncoding(request.headers, ["identity"]);
  const bodyBytes = await readBytes(request, bodyBytesMax);
  const value = jsonOf(bodyBytes);
  if (value === undefined && !bodyOptional) throw new Problem("empty_body");
  return { received: value ?? {}, bodyBytes };
}

/** Some clients send an empty body where they have none. */
function isWithoutBody({ body, headers }: Request): boolean {
  return body === null || (headers.get("Content-Length") === "0" && !headers.has("Content-Type"));
}

function pickHeaders(schema: z.ZodObject, headers: Headers): Record<string, string> {
  const names = Object.keys(schema.shape);
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = headers.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );
}
