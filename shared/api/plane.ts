import { OpenAPIHono, createRoute } from "@hono/zod-openapi";
import type { Context, MiddlewareHandler } from "hono";
import { methodNotAllowed } from "hono/method-not-allowed";
import { timing } from "hono/timing";
import { addAboutRoutes } from "./about-routes.ts";
import type { Caller } from "./callers.ts";
import { authorizationOf, findCaller, type CallerEnv } from "./find-caller.ts";
import { log, withRequestId } from "./log.ts";
import { openApiRoute, registerCommonParts, type OpenApiDocument } from "./openapi.ts";
import { Problem } from "./problem.ts";
import { inputReader } from "./read-input.ts";
import type { AddRoute, PlaneTypes, Roles } from "./route.ts";
import { findSignIn } from "./sign-in.ts";

export interface Plane<Env extends object> {
  readonly route: AddRoute<Env>;
  readonly fetch: (request: Request, env: Env, context: ExecutionContext) => Response | Promise<Response>;
}

/**
 * The HTTP side of a plane. Nothing is reachable but what `route` adds, and nothing without a role but what says
 * `public`. A file of routes looks like this:
 *
 * ```ts
 * export function addKeyRoutes(plane: Plane<ControlEnv>): void {
 *   plane.route(
 *     {
 *       method: "get",
 *       path: "/v1/things/{id}",
 *       summary: "A thing",
 *       tags: ["Things"],
 *       roles: ["storefront", "customer"],
 *       params: z.object({ id }),
 *       query: z.object({ customer: id }),
 *       responses: { 200: { description: "The thing", schema: thing } },
 *     },
 *     async ({ params, query, caller, c }) => {
 *       if (!mayAsk(caller, query.customer)) throw new Problem("unknown_customer");
 *       const found = await wrapTime(c, "d1", findThing(c.env.PUBLISHED, params.id)); // from hono/timing
 *       if (found === undefined) throw new Problem("not_found");
 *       return c.json(found, 200);
 *     },
 *   );
 * }
 * ```
 *
 * `body: z.object({…})` is read as JSON and given as `body`; its numbers are `NumberLiteral`s, so its schema is made
 * of `values.ts`. `body: { stream: "application/x-ndjson", description, encodings: ["identity", "gzip"] }` is given
 * as `{ stream, encoding }`, unread. Objects are strict: a field or parameter that the schema lacks is refused.
 *
 * If several refusals hold, the first of these decides: path (404), method (405), caller (401), role (403), content
 * type and encoding (415), size (413), UTF-8, JSON, then the schemas of path, query, headers and body (400).
 */
export function createPlane<Env extends CallerEnv>({
  prepare,
  ...info
}: {
  title: string;
  version: string;
  description: string;
  /** Begins what a request will need, beside finding out who asks; must not reject. */
  prepare?: (env: Env) => Promise<void> | undefined;
}): Plane<Env> {
  const app = new OpenAPIHono<PlaneTypes<Env>>({ getPath: rawPath });
  registerCommonParts(app.openAPIRegistry);
  app.use(frame());
  app.use(timing({ totalDescription: "" }));
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, allowed) => problemResponse(wrongMethod(allowed), idOf(c)),
    }),
  );
  app.notFound((c) => problemResponse(new Problem("not_found"), idOf(c)));
  app.onError((error, c) => problemResponse(problemOf(error, idOf(c)), idOf(c)));

  const route: AddRoute<Env> = (definition, handler) => {
    const readInput = inputReader(definition);
    app.openapi(createRoute(openApiRoute(definition)), async (c: Context<PlaneTypes<Env>>) => {
      c.set("route", definition.path);
      const prepared = definition.roles === "public" ? undefined : prepare?.(c.env);
      // What is known is not waited for: every wait is a turn of the event loop.
      const found = callerOf(c, definition.roles);
      const caller = admitted(found instanceof Promise ? await found : found, definition.roles);
      c.set("keyId", caller?.keyId);
      if (prepared !== undefined) await prepared;
      const read = readInput(c.req);
      const given = read instanceof Promise ? await read : read;
      const input = { ...given, caller, requestId: idOf(c), c };
      // Checked by `admitted` and `readInput` to be what the definition's types say.
      return handler(input as Parameters<typeof handler>[0]);
    });
  };

  let document: OpenApiDocument | undefined;
  const documented = () => (document ??= app.getOpenAPI31Document({ openapi: "3.1.0", info }));
  addAboutRoutes(route, documented);
  return { route, fetch: (request, env, context) => app.fetch(request, env, context) };
}

// Hono's own decodes some of the path, after which a parameter cannot be decoded exactly once any more.
function rawPath(request: Request): string {
  const start = request.url.indexOf("/", request.url.indexOf("://") + 3);
  const end = request.url.slice(start).search(/[?#]/);
  return end === -1 ? request.url.slice(start) : request.url.slice(start, start + end);
}

/** Who asks, if that is known; at once where nothing has to be looked up. */
function callerOf<Env extends CallerEnv>(c: Context<PlaneTypes<Env>>, roles: Roles) {
  if (roles === "public") return undefined;
  const authorization = authorizationOf(c.req.raw.headers);
  // Who brings a key means it, and is nobody else should it be wrong. Access adds its assertion to every request.
  return authorization === undefined ? findSignIn(c.env, c.req.raw) : findCaller(c.env, authorization);
}

/** @throws {Problem} `unauthenticated` or `forbidden` */
function admitted(caller: Caller | undefined, roles: Roles): Caller | undefined {
  if (roles === "public") return undefined;
  if (caller === undefined)
    throw new Problem("unauthenticated", { headers: { "WWW-Authenticate": "Bearer" } });
  if (!roles.includes(caller.kind === "customer" ? "customer" : caller.role)) throw new Problem("forbidden");
  return caller;
}

/** What every answer has, and the request's line in the log. */
function frame<Env extends object>(): MiddlewareHandler<PlaneTypes<Env>> {
  return async (c, next) => {
    const started = performance.now();
    const given = c.req.header("X-Request-Id");
    const requestId =
      given !== undefined && /^[A-Za-z0-9_-]{1,64}$/.test(given) ? given : crypto.randomUUID();
    c.set("requestId", requestId);
    await withRequestId(requestId, next);
    c.res.headers.set("X-Request-Id", requestId);
    c.res.headers.set("X-Content-Type-Options", "nosniff");
    if (!c.res.headers.has("Cache-Control")) c.res.headers.set("Cache-Control", "no-store");
    log("request", {
      requestId,
      method: c.req.method,
      route: c.get("route"),
      status: c.res.status,
      milliseconds: Math.round(performance.now() - started),
      keyId: c.get("keyId"),
    });
  };
}

function idOf(c: { get(name: "requestId"): string }): string {
  return c.get("requestId");
}

function wrongMethod(allowed: readonly string[]): Problem {
  return new Problem("method_not_allowed", { headers: { Allow: allowed.join(", ") } });
}

function problemOf(error: Error, requestId: string): Problem {
  const problem = error instanceof Problem ? error : new Problem("internal", { cause: error });
  if (problem.status >= 500) log("request_failed", { requestId, error: problem });
  return problem;
}

function problemResponse(problem: Problem, requestId: string): Response {
  return new Response(JSON.stringify(problem.document(requestId)), {
    status: problem.status,
    headers: { ...problem.options.headers, "Content-Type": "application/problem+json" },
  });
}
