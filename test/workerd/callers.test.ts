import { createExecutionContext } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { sign } from "hono/jwt";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createControlPlane } from "../../control-plane/app.ts";
import type { ControlEnv } from "../../control-plane/env.ts";
import { hashOfKey, keyCacheMilliseconds, newKey } from "../../shared/api/api-keys.ts";
import { mayAsk } from "../../shared/api/callers.ts";
import { signCustomerToken } from "../../shared/api/customer-token.ts";
import { findCaller } from "../../shared/api/find-caller.ts";
import { createEdge } from "../../workers/app.ts";
import type { EdgeEnv } from "../../workers/env.ts";
import { insertKey, type InsertedKey } from "../support/insert-key.ts";

const edge = createEdge();
const control = createControlPlane();
const bootstrap = newKey("admin");

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function ask(
  plane: {
    fetch(
      request: Request,
      bindings: ControlEnv & EdgeEnv,
      context: ExecutionContext,
    ): Response | Promise<Response>;
  },
  path: string,
  { key, method = "GET", body }: { key: string; method?: string; body?: unknown },
): Promise<Answer> {
  const init = {
    method,
    headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
  const bindings = {
    ...env,
    EXPLAINER: { explain: () => Promise.resolve([]) },
    DESK: exports.QuoteDesk,
    QUOTES: { getByName: nothingToAsk },
    INBOXES: { getByName: nothingToAsk },
    ADMIN_KEY_SHA256: hashOfKey(bootstrap),
  };
  const response = await plane.fetch(
    new Request(`http://test${path}`, init),
    bindings,
    createExecutionContext(),
  );
  const text = await response.text();
  return { status: response.status, body: text === "" ? {} : JSON.parse(text) };
}

function nothingToAsk(): never {
  throw new Error("No test here asks for a quote");
}

const callerOf = (bearer: string) => findCaller(env, `Bearer ${bearer}`);

describe("keys: it promises that…", () => {
  it("the bootstrap key makes the first key, which then works and is shown once", async () => {
    const made = await ask(control, "/v1/keys", {
      key: bootstrap,
      method: "POST",
      body: { role: "admin", label: "first" },
    });
    expect(made.status).toBe(201);
    const key = String(made.body["key"]);
    expect(key).toMatch(/^pw_admin_[A-Za-z0-9_-]{43}$/);
    const listed = await ask(control, "/v1/keys", { key });
    expect(listed.body["keys"]).toContainEqual({
      id: made.body["id"],
      role: "admin",
      customers: null,
      person: null,
      label: "first",
      createdAt: made.body["createdAt"],
      revokedAt: null,
    });
    expect(JSON.stringify(listed.body)).not.toContain(key);
  });

  it("only the hash is stored", async () => {
    const { key } = await insertKey(env.PUBLISHED, { role: "erp" });
    const rows = await env.PUBLISHED.prepare("SELECT * FROM api_keys").all();
    expect(JSON.stringify(rows.results)).toContain(hashOfKey(key));
    expect(JSON.stringify(rows.results)).not.toContain(key);
  });

  it("a revoked key is refused at once where it was revoked, and revoking twice is no fault", async () => {
    const { id, key } = await insertKey(env.PUBLISHED, { role: "manager" });
    expect(await callerOf(key)).toMatchObject({ role: "manager" });
    for (const _ of [1, 2]) {
      const { status } = await ask(control, `/v1/keys/${id}`, { key: bootstrap, method: "DELETE" });
      expect(status).toBe(204);
    }
    expect(await callerOf(key)).toBeUndefined();
  });

  it("elsewhere a revoked key is refused when the memory of it has run out", async () => {
    const { id, key } = await insertKey(env.PUBLISHED, { role: "manager" });
    const now = Date.now();
    expect(await callerOf(key)).toMatchObject({ keyId: id });
    await env.PUBLISHED.prepare("UPDATE api_keys SET revoked_at = '2026-01-02T00:00:00Z' WHERE id = ?")
      .bind(id)
      .run();
    vi.setSystemTime(now + keyCacheMilliseconds + 1000);
    expect(await callerOf(key)).toBeUndefined();
    vi.useRealTimers();
  });

  it("revoking what does not exist is 404", async () => {
    expect((await ask(control, "/v1/keys/none", { key: bootstrap, method: "DELETE" })).status).toBe(404);
  });

  it("only a storefront key is limited to customers", async () => {
    const body = { role: "erp", customers: ["C-1"] };
    const { body: problem } = await ask(control, "/v1/keys", { key: bootstrap, method: "POST", body });
    expect(problem).toMatchObject({ code: "invalid_request", pointer: "/customers" });
  });

  it.each(["sales", "manager", "approver", "admin"])(
    "a key of the role %s may be a person's",
    async (role) => {
      const body = { role, person: "sales-manager-north-america" };
      const made = await ask(control, "/v1/keys", { key: bootstrap, method: "POST", body });
      expect(made).toMatchObject({ status: 201, body });
      expect(await callerOf(String(made.body["key"]))).toMatchObject(body);
    },
  );

  it.each(["storefront", "erp"])("a key of the role %s is nobody's", async (role) => {
    const body = { role, person: "sales-manager-north-america" };
    const { status, body: problem } = await ask(control, "/v1/keys", {
      key: bootstrap,
      method: "POST",
      body,
    });
    expect({ status, ...problem }).toMatchObject({
      status: 400,
      code: "invalid_request",
      pointer: "/person",
    });
  });

  it.each([
    "",
    "Bearer",
    "Bearer ",
    "Basic cHc6",
    "Bearer pw_erp_short",
    "Bearer a b",
    `Bearer ${"x".repeat(5000)}`,
  ])("the header %j is nobody's", async (header) => {
    expect(await findCaller(env, header)).toBeUndefined();
  });

  it("a key counts as a bearer's only, also one that was found a moment ago", async () => {
    const { key, id: keyId } = await insertKey(env.PUBLISHED, { role: "erp" });
    for (const scheme of ["Bearer ", "Bearer ", "bearer ", "Bearer  "]) {
      expect([scheme, await findCaller(env, scheme + key)]).toMatchObject([scheme, { keyId }]);
    }
    for (const scheme of ["", "Basic  ", "Bearer_", "XBearer "]) {
      expect([scheme, await findCaller(env, scheme + key)]).toEqual([scheme, undefined]);
    }
  });
});

describe("customer tokens: it promises that…", () => {
  let storefront: InsertedKey;
  beforeAll(async () => {
    storefront = await insertKey(env.PUBLISHED, { role: "storefront", customers: ["C-1", "C-2"] });
  });

  let claims: Record<string, unknown>;
  beforeEach(() => {
    const iat = Math.floor(Date.now() / 1000);
    claims = {
      iss: "pricewright",
      aud: "pricewright-edge",
      sub: "C-1",
      key: storefront.id,
      iat,
      exp: iat + 300,
    };
  });

  it("a storefront gets one for a customer in its scope, and it is that customer", async () => {
    const body = { customer: "C-1" };
    const made = await ask(edge, "/v1/tokens", { key: storefront.key, method: "POST", body });
    expect(made.status).toBe(201);
    const lives = Date.parse(String(made.body["expiresAt"])) - Date.now();
    expect(lives).toBeLessThanOrEqual(300_000);
    const caller = await callerOf(String(made.body["token"]));
    expect(caller).toEqual({ kind: "customer", customer: "C-1", keyId: storefront.id });
  });

  it("a customer out of its scope is as unknown as one that does not exist", async () => {
    const made = await ask(edge, "/v1/tokens", {
      key: storefront.key,
      method: "POST",
      body: { customer: "C-3" },
    });
    expect([made.status, made.body["code"]]).toEqual([404, "unknown_customer"]);
  });

  it("a customer can't make another token with its token", async () => {
    const token = await sign(claims, env.SIGNING_SECRET, "HS256");
    expect(
      (await ask(edge, "/v1/tokens", { key: token, method: "POST", body: { customer: "C-1" } })).status,
    ).toBe(403);
  });

  it("what is signed like ours is taken", async () => {
    expect(await callerOf(await sign(claims, env.SIGNING_SECRET, "HS256"))).toMatchObject({
      customer: "C-1",
    });
  });

  it.each<[string, (good: Record<string, unknown>) => Record<string, unknown>]>([
    [
      "an expired token",
      (good) => ({ ...good, iat: Number(good["iat"]) - 400, exp: Number(good["iat"]) - 100 }),
    ],
    [
      "one from the future",
      (good) => ({ ...good, iat: Number(good["iat"]) + 100, exp: Number(good["iat"]) + 300 }),
    ],
    ["one that lives too long", (good) => ({ ...good, exp: Number(good["iat"]) + 301 })],
    ["one without an end", ({ exp: _, ...rest }) => rest],
    ["one without a start", ({ iat: _, ...rest }) => rest],
    ["another audience", (good) => ({ ...good, aud: "elsewhere" })],
    ["another issuer", (good) => ({ ...good, iss: "elsewhere" })],
    ["no customer", ({ sub: _, ...rest }) => rest],
    ["a customer out of the key's scope", (good) => ({ ...good, sub: "C-3" })],
    ["an unknown key", (good) => ({ ...good, key: "none" })],
  ])("%s is refused", async (_, change) => {
    expect(await callerOf(await sign(change(claims), env.SIGNING_SECRET, "HS256"))).toBeUndefined();
  });

  it("another signature, another algorithm and none are refused", async () => {
    expect(await callerOf(await sign(claims, "another secret", "HS256"))).toBeUndefined();
    expect(await callerOf(await sign(claims, env.SIGNING_SECRET, "HS512"))).toBeUndefined();
    const [, payload] = (await sign(claims, env.SIGNING_SECRET, "HS256")).split(".");
    for (const alg of ["none", "None"]) {
      const header = btoa(JSON.stringify({ alg, typ: "JWT" })).replaceAll("=", "");
      expect(await callerOf(`${header}.${payload}.`)).toBeUndefined();
    }
  });

  it("the tokens of a revoked key are refused", async () => {
    const { id } = await insertKey(env.PUBLISHED, { role: "storefront" });
    const given = { secret: env.SIGNING_SECRET, now: Date.now() };
    const { token } = await signCustomerToken({ customer: "C-1", keyId: id }, given);
    expect(await callerOf(token)).toMatchObject({ customer: "C-1" });
    await ask(control, `/v1/keys/${id}`, { key: bootstrap, method: "DELETE" });
    expect(await callerOf(token)).toBeUndefined();
  });
});

it("it promises that a caller may ask for itself or within its scope only", () => {
  const key = { kind: "key", keyId: "k", role: "storefront" } as const;
  expect(mayAsk({ ...key, customers: null }, "C-1")).toBe(true);
  expect(mayAsk({ ...key, customers: ["C-1"] }, "C-1")).toBe(true);
  expect(mayAsk({ ...key, customers: ["C-1"] }, "C-10")).toBe(false);
  expect(mayAsk({ kind: "customer", customer: "C-1", keyId: "k" }, "C-2")).toBe(false);
});
