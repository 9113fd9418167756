import type { HonoRequest } from "hono";
import * as z from "zod";
import { checkInput, paramsReader, readQuery } from "./check-input.ts";
import { Problem } from "./problem.ts";
import { bodyBytesMaxByDefault, checkContentType, checkEncoding, jsonOf, readBytes } from "./read-body.ts";
import type { IncomingStream, RouteDefinition } from "./route.ts";

const nothing = z.object({});
const anyHeaders = z.looseObject({});

/**
 * Reads all of a request that its route asks for, checked: the body down to its JSON first, then the schemas.
 * @throws {Problem} for the first fault
 */
export function inputReader(definition: RouteDefinition) {
  const { params = nothing, query = nothing, headers = anyHeaders, body } = definition;
  const readParams = paramsReader(definition.path);
  return async (request: HonoRequest) => {
    // Most requests have none, and need not wait for it.
    const { received, bodyBytes } = body === undefined ? noBody : await receiveBody(request.raw, definition);
    return {
      params: checkInput(params, readParams(request.path), "parameters"),
      query: checkInput(query, readQuery(request.url), "parameters"),
      headers: checkInput(headers, pickHeaders(headers, request.raw.headers), "parameters"),
      body: body instanceof z.ZodType ? checkInput(body, received, "body") : received,
      bodyBytes,
    };
  };
}

interface ReceivedBody {
  readonly received: unknown;
  readonly bodyBytes: Uint8Array;
}

const noBytes = new Uint8Array();
const noBody: ReceivedBody = { received: undefined, bodyBytes: noBytes };

async function receiveBody(request: Request, definition: RouteDefinition): Promise<ReceivedBody> {
  const { body, bodyOptional = false, bodyBytesMax = bodyBytesMaxByDefault } = definition;
  if (body === undefined) return noBody;
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
  const picked: Record<string, string> = {};
  for (const name in schema.shape) {
    const value = headers.get(name);
    if (value !== null) picked[name] = value;
  }
  return picked;
}
