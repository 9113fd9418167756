import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { sign } from "hono/jwt";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { KeyCaller } from "../../shared/api/callers.ts";
import { createPlane } from "../../shared/api/plane.ts";
import { findSignIn } from "../../shared/api/sign-in.ts";
import { insertKey } from "../support/insert-key.ts";

type Claims = Record<string, unknown>;

const audience = "32eafc7626e974616deaf0dc3ce63d7bcbed58a2731e84d06bc3cdf1b53c4228";
const now = Date.parse("2026-11-02T10:00:00Z");

/** A team of its own a test, since keys are kept for the isolate. */
let domain = "";
let teams = 0;
let settings: { ACCESS_TEAM_DOMAIN: string; ACCESS_AUDIENCE: string };
let current: SigningKey;
let other: SigningKey;

interface SigningKey {
  readonly kid: string;
  readonly privateKey: JsonWebKey & { readonly kid: string; readonly alg: "RS256" };
  readonly publicKey: JsonWebKey;
}

async function makeKey(kid: string): Promise<SigningKey> {
  const algorithm = { name: "RSASSA-PKCS1-v1_5", modulusLength: 2048, hash: "SHA-256" };
  const pair = await crypto.subtle.generateKey(
    { ...algorithm, publicExponent: new Uint8Array([1, 0, 1]) },
    true,
    ["sign", "verify"],
  );
  if (!("privateKey" in pair)) throw new Error("RSA has a key pair");
  const exported = async (key: CryptoKey) => (await crypto.subtle.exportKey("jwk", key)) as JsonWebKey;
  const { kty, n, e } = await exported(pair.publicKey);
  return {
    kid,
    privateKey: { ...(await exported(pair.privateKey)), kid, alg: "RS256" },
    publicKey: { kid, kty, n, e, alg: "RS256", use: "sig" } as JsonWebKey,
  };
}

/** What is asked for certificates, and how often. */
let certificates: () => Response;
let asked: string[];

beforeAll(async () => {
  [current, other] = await Promise.all([makeKey("current"), makeKey("other")]);
});

beforeEach(() => {
  domain = `team-${++teams}.cloudflareaccess.com`;
  settings = { ACCESS_TEAM_DOMAIN: domain, ACCESS_AUDIENCE: audience };
  certificates = () => Response.json({ keys: [current.publicKey], public_cert: {} });
  asked = [];
  vi.setSystemTime(now);
  vi.stubGlobal("fetch", (url: string) => {
    asked.push(url);
    return Promise.resolve(certificates());
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function claims(more: Claims = {}): Claims {
  const issued = Math.floor(now / 1000) - 10;
  return {
    aud: [audience],
    email: "Director@example.com",
    iss: `https://${domain}`,
    iat: issued,
    nbf: issued,
    exp: issued + 60,
    type: "app",
    sub: "7335d417",
    ...more,
  };
}

const assertionOf = (content: Claims, key: SigningKey = current) => sign(content, key.privateKey, "RS256");

function callerOf(assertion: string, headers: Record<string, string> = {}): Promise<KeyCaller | undefined> {
  const request = new Request("https://edge.example.com/v1/inbox", {
    headers: { "Cf-Access-Jwt-Assertion": assertion, ...headers },
  });
  return findSignIn(settings, request);
}

describe("a sign-in through Access: it promises that…", () => {
  it("it is an approver's, and the person is its e-mail", async () => {
    expect(await callerOf(await assertionOf(claims()))).toEqual({
      kind: "key",
      keyId: "access:7335d417",
      role: "approver",
      customers: null,
      person: "director@example.com",
    });
    expect(asked).toEqual([`https://${domain}/cdn-cgi/access/certs`]);
  });

  it.each<[string, Claims]>([
    ["another audience", { aud: ["another"] }],
    ["no audience", { aud: undefined }],
    ["another team", { iss: "https://another.cloudflareaccess.com" }],
    ["no issuer", { iss: undefined }],
    ["one that has expired", { exp: now / 1000 - 61 }],
    ["one that never expires", { exp: undefined }],
    ["one of tomorrow", { iat: now / 1000 + 86_400, exp: now / 1000 + 90_000 }],
    ["one that is not valid yet", { nbf: now / 1000 + 61 }],
    ["one without a beginning", { iat: undefined, nbf: undefined }],
    ["a session of the whole team", { type: "org" }],
    ["a service token", { email: undefined, common_name: "robot", sub: "" }],
    ["an empty e-mail", { email: "" }],
    ["no user", { sub: undefined }],
  ])("%s is not accepted", async (_name, change) => {
    expect(await callerOf(await assertionOf(claims(change)))).toBeUndefined();
    expect(await callerOf(await assertionOf(claims()))).toBeDefined();
  });

  it("clocks may differ by a minute", async () => {
    const late = claims({ exp: now / 1000 - 59 });
    const early = claims({ iat: now / 1000 + 59, nbf: now / 1000 + 59 });
    expect(await callerOf(await assertionOf(late))).toBeDefined();
    expect(await callerOf(await assertionOf(early))).toBeDefined();
  });

  it("one without a signature, or with the public key as a secret, is not accepted", async () => {
    const good = await assertionOf(claims());
    const [head, payload] = good.split(".");
    const headOf = (content: object) => btoa(JSON.stringify(content)).replace(/=+$/, "");
    for (const alg of ["none", "None", "RS256"]) {
      expect(await callerOf(`${headOf({ alg, typ: "JWT", kid: "current" })}.${payload}.`)).toBeUndefined();
    }
    const secrets = [JSON.stringify(current.publicKey), String(current.publicKey.n)];
    for (const k of secrets) {
      const symmetric = { kty: "oct", k: btoa(k), kid: "current", alg: "HS256" } as never;
      expect(await callerOf(await sign(claims(), symmetric, "HS256"))).toBeUndefined();
      expect(await callerOf(await sign(claims(), k, "HS256"))).toBeUndefined();
    }
    expect(await callerOf(`${head}.${payload}.${"A".repeat(342)}`)).toBeUndefined();
    for (const text of ["", "a.b.c", "x", "a".repeat(9000)]) expect(await callerOf(text)).toBeUndefined();
  });

  it("another's key under the id of ours is not accepted", async () => {
    const forged = { ...other, privateKey: { ...other.privateKey, kid: "current" } };
    expect(await callerOf(await assertionOf(claims(), forged))).toBeUndefined();
  });

  it("a new key is looked for once a minute, however many ids are made up", async () => {
    expect(await callerOf(await assertionOf(claims()))).toBeDefined();
    const next = await assertionOf(claims({ exp: now / 1000 + 600 }), other);
    for (const _ of [1, 2, 3]) expect(await callerOf(next)).toBeUndefined();
    expect(asked).toHaveLength(1);
    vi.setSystemTime(now + 60_000);
    expect(await callerOf(next)).toBeUndefined();
    expect(asked).toHaveLength(2);
    certificates = () => Response.json({ keys: [current.publicKey, other.publicKey] });
    vi.setSystemTime(now + 120_000);
    expect(await callerOf(next)).toBeDefined();
    expect(asked).toHaveLength(3);
  });

  it("a key that the team has withdrawn ends within the hour", async () => {
    const lasting = await assertionOf(claims({ exp: now / 1000 + 100_000 }));
    expect(await callerOf(lasting)).toBeDefined();
    certificates = () => Response.json({ keys: [other.publicKey] });
    vi.setSystemTime(now + 3_600_000);
    expect(await callerOf(lasting)).toBeUndefined();
  });

  it("while no keys can be had the known ones last for a day, and without any it says so", async () => {
    const lasting = await assertionOf(claims({ exp: now / 1000 + 200_000 }));
    expect(await callerOf(lasting)).toBeDefined();
    certificates = () => new Response("", { status: 500 });
    vi.setSystemTime(now + 86_399_000);
    expect(await callerOf(lasting)).toBeDefined();
    vi.setSystemTime(now + 86_400_000 + 60_000);
    await expect(callerOf(lasting)).rejects.toMatchObject({ code: "store_unavailable", status: 503 });
  });

  it("what another site had the browser send is not accepted", async () => {
    const assertion = await assertionOf(claims());
    expect(await callerOf(assertion, { Origin: "https://edge.example.com" })).toBeDefined();
    for (const Origin of ["https://elsewhere.example", "null", "http://edge.example.com"]) {
      expect(await callerOf(assertion, { Origin })).toBeUndefined();
    }
  });

  it("without settings nobody signs in, and a domain of another kind is a mistake", async () => {
    const assertion = await assertionOf(claims());
    settings = { ...settings, ACCESS_AUDIENCE: "" };
    expect(await callerOf(assertion)).toBeUndefined();
    const request = new Request("https://edge.example.com/", {
      headers: { "Cf-Access-Jwt-Assertion": assertion },
    });
    expect(await findSignIn({}, request)).toBeUndefined();
    expect(asked).toEqual([]);
    settings = { ACCESS_TEAM_DOMAIN: "elsewhere.example/", ACCESS_AUDIENCE: audience };
    await expect(callerOf(assertion)).rejects.toThrow("ACCESS_TEAM_DOMAIN must be like");
  });
});

it("it promises that who brings a key is who the key says, signed in or not", async () => {
  const plane = createPlane<typeof env>({ title: "Test", version: "1", description: "For tests" });
  plane.route(
    {
      method: "get",
      path: "/me",
      summary: "Who asks",
      roles: ["approver", "manager"],
      responses: { 200: { description: "The caller" } },
    },
    ({ caller, c }) => c.json({ role: caller.role, person: caller.person ?? null }),
  );
  const assertion = await assertionOf(claims());
  const ask = async (headers: Record<string, string>) => {
    const request = new Request("https://edge.example.com/me", { headers });
    const response = await plane.fetch(request, { ...env, ...settings }, createExecutionContext());
    return [response.status, await response.json()];
  };
  const { key } = await insertKey(env.PUBLISHED, { role: "manager" });
  const signedIn = { "Cf-Access-Jwt-Assertion": assertion };
  expect(await ask(signedIn)).toEqual([200, { role: "approver", person: "director@example.com" }]);
  expect(await ask({ ...signedIn, Authorization: `Bearer ${key}` })).toEqual([
    200,
    { role: "manager", person: null },
  ]);
  expect((await ask({ ...signedIn, Authorization: "Bearer wrong" }))[0]).toBe(401);
});
