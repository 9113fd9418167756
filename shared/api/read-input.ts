import type { HonoRequest } from "hono";
import * as z from "zod";
import { checkInput, paramsReader, readQuery } from "./check-input.ts";
import { Problem } from "./problem.ts";
import { bodyBytesMaxByDefault, checkContentType, checkEncoding, jsonOf, readBytes } from "./read-body.ts";
import type { IncomingStream, RouteDefinition } from "./route.ts";

const nothing = z.object({});

/**
 * Reads all of a request that its route asks for, checked: the body down to its JSON first, then the schemas.
 * @throws {Problem} for the first fault
 */
export function inputReader(definition: RouteDefinition) {
  const { body, headers } = definition;
  const readParameters = parametersReader(definition);
  const check = (request: HonoRequest, { received, bodyBytes }: ReceivedBody) => {
    const { params, query } = readParameters(request);
    return {
      params,
      query,
      headers:
        headers === undefined
          ? {}
          : checkInput(headers, pickHeaders(headers, request.raw.headers), "parameters"),
      body: body instanceof z.ZodType ? checkInput(body, received, "body") : received,
      bodyBytes,
    };
  };
  return (request: HonoRequest) =>
    // Most requests have none, and need not wait for it.
    body === undefined
      ? check(request, noBody)
      : receiveBody(request.raw, definition).then((received) => check(request, received));
}

interface Parameters {
  readonly route: RouteDefinition;
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
}

// What a URL says never changes, and a shop asks for the same again and again.
const recent = new Map<string, Parameters>();
const recentMax = 2_000;
const urlLengthMax = 500;

function parametersReader(route: RouteDefinition): (request: HonoRequest) => Parameters {
  const { params = nothing, query = nothing } = route;
  const readParams = paramsReader(route.path);
  return ({ url, path }) => {
    const known = recent.get(url);
    // Another method has a route of its own.
    if (known?.route === route) return known;
    const read = {
      route,
      params: Object.freeze(checkInput(params, readParams(path), "parameters")),
      query: Object.freeze(checkInput(query, readQuery(url), "parameters")),
    };
    if (url.length <= urlLengthMax) {
      recent.set(url, read);
      const [oldest] = recent.keys();
      if (recent.size > recentMax && oldest !== undefined) recent.delete(oldest);
    }
    return read;
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
