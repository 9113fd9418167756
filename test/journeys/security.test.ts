import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { roles } from "../../shared/api/callers.ts";
import { describedRoutes, type DescribedRoute } from "../support/described-routes.ts";
import { makeKey, startPlanes, type Ask, type Planes } from "../support/planes.ts";

/**
 * What holds for every route of both planes. The routes come from the planes' own descriptions, so a new one is
 * covered by itself.
 */

let planes: Planes;
let revoked: string;
const routes: { edge: DescribedRoute[]; control: DescribedRoute[] } = { edge: [], control: [] };
const planeNames = ["edge", "control"] as const;

beforeAll(async () => {
  planes = await startPlanes();
  for (const plane of planeNames) routes[plane] = await describedRoutes(planes[plane].fetch);
  const admin = planes.keys.admin.key;
  const key = await makeKey(planes.control.fetch, admin, "admin");
  await planes.control.fetch(`/v1/keys/${key.id}`, {
    method: "DELETE",
    headers: { Authorization: `Bearer ${admin}` },
  });
  revoked = key.key;
});
afterAll(() => planes.close());

interface Answer {
  readonly status: number;
  readonly code: unknown;
  readonly reason: unknown;
  readonly headers: Headers;
}

async function send(ask: Ask, route: DescribedRoute, init: RequestInit = {}): Promise<Answer> {
  const response = await ask(route.path, { method: route.method, ...init });
  const text = await response.text();
  const isProblem = response.headers.get("Content-Type") === "application/problem+json";
  const problem: Record<string, unknown> = isProblem && text !== "" ? JSON.parse(text) : {};
  expect(response.headers.get("X-Request-Id")).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
  expect(response.headers.get("X-Content-Type-Options")).toBe("nosniff");
  expect(response.headers.get("Cache-Control")).not.toBeNull();
  expect([...response.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
  if (response.status >= 400) {
    expect(response.headers.get("Content-Type")).toBe("application/problem+json");
    if (text !== "")
      expect(problem).toMatchObject({
        status: response.status,
        requestId: response.headers.get("X-Request-Id"),
      });
  }
  return {
    status: response.status,
    code: problem["code"],
    reason: problem["reason"],
    headers: response.headers,
  };
}

const bearer = (key: string) => ({ Authorization: `Bearer ${key}` });

/** Does the check for each route that it is for, and names the ones that fail it. */
async function each(
  plane: (typeof planeNames)[number],
  isMeant: (route: DescribedRoute) => boolean,
  check: (route: DescribedRoute, ask: Ask) => Promise<void>,
): Promise<void> {
  const failures: string[] = [];
  for (const route of routes[plane].filter(isMeant)) {
    await check(route, planes[plane].fetch).catch((error: unknown) => {
      failures.push(`${route.method} ${route.pattern}: ${String(error)}`);
    });
  }
  expect(failures).toEqual([]);
}

const isGuarded = ({ roles: allowed }: DescribedRoute) => allowed?.includes("public") !== true;
const takesBody = (route: DescribedRoute) => isGuarded(route) && route.bodyType !== undefined;
const keyFor = ({ roles: allowed = [] }: DescribedRoute) => {
  const role = roles.find((one) => allowed.includes(one));
  if (role === undefined) throw new Error("No key may call this");
  return planes.keys[role].key;
};

/** More than any JSON body of the plane may have. */
const bytesTooMany = { edge: 2_000_000, control: 21_000_000 };

describe.each(planeNames)("the %s: it promises that…", (plane) => {
  it("every route says who may call it, and only three are public", async () => {
    await each(
      plane,
      () => true,
      async ({ roles: allowed }) => {
        expect(allowed?.length).toBeGreaterThan(0);
      },
    );
    const open = routes[plane].filter((route) => !isGuarded(route)).map(({ pattern }) => pattern);
    expect(open.toSorted()).toEqual(["/docs", "/healthz", "/openapi.json"]);
  });

  it("public routes answer everybody", async () => {
    await each(
      plane,
      (route) => !isGuarded(route),
      async (route, ask) => {
        expect((await send(ask, route)).status).toBe(200);
      },
    );
  });

  it("nobody gets in without a valid key", async () => {
    const known = planes.keys.admin.key;
    const headers = [
      undefined,
      "",
      "Bearer",
      known,
      `Basic ${btoa(`admin:${known}`)}`,
      `Bearer ${known}x`,
      `Bearer ${known.slice(0, -1)}`,
      `Bearer ${known.toUpperCase()}`,
      `Bearer pw_admin_${"A".repeat(43)}`,
      `Bearer ${revoked}`,
      "Bearer eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJzdWIiOiJDLTEifQ.",
    ];
    await each(plane, isGuarded, async (route, ask) => {
      for (const header of headers) {
        const answer = await send(
          ask,
          route,
          header === undefined ? {} : { headers: { Authorization: header } },
        );
        expect([header, answer.status, answer.code]).toEqual([header, 401, "unauthenticated"]);
        expect(answer.headers.get("WWW-Authenticate")).toBe("Bearer");
      }
    });
  });

  it("a key in the query or the body opens nothing", async () => {
    const key = planes.keys.admin.key;
    await each(plane, isGuarded, async (route, ask) => {
      const path = `${route.path}?access_token=${key}&key=${key}`;
      expect((await send(ask, { ...route, path })).status).toBe(401);
    });
  });

  it("the wrong role is refused, before its body is looked at", async () => {
    await each(plane, isGuarded, async (route, ask) => {
      for (const role of roles.filter((one) => route.roles?.includes(one) !== true)) {
        const answer = await send(ask, route, { headers: bearer(planes.keys[role].key) });
        expect([role, answer.status, answer.code]).toEqual([role, 403, "forbidden"]);
      }
    });
  });

  it("a customer token opens only what is for customers", async () => {
    const made = await planes.edge.fetch("/v1/tokens", {
      method: "POST",
      headers: { ...bearer(planes.keys.storefront.key), "Content-Type": "application/json" },
      body: JSON.stringify({ customer: "C-1" }),
    });
    const { token } = await made.json<{ token: string }>();
    await each(plane, isGuarded, async (route, ask) => {
      const { status } = await send(ask, route, { headers: bearer(token) });
      if (route.roles?.includes("customer") === true) expect([401, 403]).not.toContain(status);
      else expect(status).toBe(403);
    });
  });

  it("a method that a path lacks is 405 and says which it has, to everybody", async () => {
    // A path may be that of several patterns: `/v1/snapshots/preview` is a `/v1/snapshots/{id}` as well.
    const methodsOf = (path: string) =>
      routes[plane]
        .filter(({ pattern }) => new RegExp(`^${pattern.replaceAll(/\{[^}]+\}/g, "[^/]+")}$`).test(path))
        .map(({ method }) => method);
    await each(
      plane,
      () => true,
      async (route, ask) => {
        const has = [...new Set(methodsOf(route.path))];
        const lacks = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].filter(
          (method) => !has.includes(method),
        );
        if (!has.includes("GET")) lacks.push("HEAD");
        for (const method of lacks) {
          const { status, headers } = await send(ask, { ...route, method });
          expect([method, status]).toEqual([method, 405]);
          const allowed = (headers.get("Allow") ?? "").split(", ").filter((one) => one !== "HEAD");
          expect(allowed.toSorted()).toEqual(has.toSorted());
        }
      },
    );
  });

  it("a body of another type or encoding is refused", async () => {
    await each(plane, takesBody, async (route, ask) => {
      const headers = { ...bearer(keyFor(route)), "Idempotency-Key": crypto.randomUUID() };
      for (const type of ["text/plain", "application/xml", "multipart/form-data; boundary=x"]) {
        const { status } = await send(ask, route, {
          headers: { ...headers, "Content-Type": type },
          body: "{}",
        });
        expect([type, status]).toEqual([type, 415]);
      }
      const encoded = { ...headers, "Content-Type": route.bodyType ?? "", "Content-Encoding": "br" };
      expect((await send(ask, route, { headers: encoded, body: "{}" })).status).toBe(415);
    });
  });

  it("what is no JSON, no UTF-8, too large or unknown is refused with its code", async () => {
    await each(
      plane,
      (route) => takesBody(route) && route.bodyType === "application/json",
      async (route, ask) => {
        const codeOf = async (body: string | Uint8Array<ArrayBuffer>) => {
          const headers = { ...bearer(keyFor(route)), "Content-Type": "application/json" };
          const { status, code, reason } = await send(ask, route, { headers, body });
          return [status, code, reason];
        };
        expect(await codeOf("{")).toEqual([400, "malformed_json", undefined]);
        expect(await codeOf(new Uint8Array([0x7b, 0xff, 0x7d]))).toEqual([400, "bad_encoding", undefined]);
        expect(await codeOf(`${"[".repeat(1000)}${"]".repeat(1000)}`)).toEqual([400, "too_deep", undefined]);
        expect(await codeOf('{"constructor": {}}')).toEqual([400, "forbidden_key", undefined]);
        expect(await codeOf(" ".repeat(bytesTooMany[plane]))).toEqual([413, "body_too_large", undefined]);
        expect((await codeOf('{"no such field": 1}')).slice(0, 2)).toEqual([400, "invalid_request"]);
      },
    );
  });

  it("an unknown parameter is refused", async () => {
    await each(
      plane,
      (route) => isGuarded(route) && route.method === "GET",
      async (route, ask) => {
        const path = `${route.path}?no-such-parameter=1`;
        const { status, code } = await send(ask, { ...route, path }, { headers: bearer(keyFor(route)) });
        expect([status, code]).toEqual([400, "invalid_request"]);
      },
    );
  });

  it("a damaged percent-encoding is refused, and never an internal error", async () => {
    const isParameterised = ({ pattern }: DescribedRoute) => pattern.includes("{");
    await each(plane, isParameterised, async (route, ask) => {
      for (const bad of ["%", "%zz", "%E0%A4%A", "%ff"]) {
        const path = route.pattern.replaceAll(/\{[^}]+\}/g, bad);
        const headers = { ...bearer(keyFor(route)), "Content-Type": route.bodyType ?? "application/json" };
        const body = route.bodyType === undefined ? {} : { body: "{}" };
        const { status } = await send(ask, { ...route, path }, { headers, ...body });
        expect([bad, status]).toEqual([bad, 400]);
      }
    });
  });

  it("paths that do not exist are 404", async () => {
    for (const path of [
      "/",
      "/v1",
      "/v1/",
      "/v1/nothing",
      "/healthz/",
      "/HEALTHZ",
      "/v1//keys",
      "/.git/config",
    ]) {
      const response = await planes[plane].fetch(path);
      expect([path, response.status]).toEqual([path, 404]);
    }
  });
});
