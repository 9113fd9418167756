import { findKey, findKeyById, hashOfKey, isKey, recallKey } from "./api-keys.ts";
import { mayAsk, type Caller, type CustomerCaller, type KeyCaller } from "./callers.ts";
import { readCustomerToken } from "./customer-token.ts";
import type { SignInSettings } from "./sign-in.ts";

export interface CallerEnv extends SignInSettings {
  readonly PUBLISHED: D1Database;
  readonly SIGNING_SECRET: string;
  /** The hash of a key that is always an admin's, so that the first key can be made. */
  readonly ADMIN_KEY_SHA256?: string;
}

const bearerForm = /^Bearer +([A-Za-z0-9._~+/=-]{1,4096}) *$/i;

/**
 * The header `Authorization`. A browser can't send one with a WebSocket: its token may come as the second of the
 * protocols that it offers, after our own name.
 */
export function authorizationOf(headers: Headers): string | undefined {
  const given = headers.get("Authorization");
  if (given !== null || headers.get("Upgrade")?.toLowerCase() !== "websocket") return given ?? undefined;
  const [protocol, token, ...more] = (headers.get("Sec-WebSocket-Protocol") ?? "").split(/ *, */);
  return protocol === socketProtocol && token !== undefined && more.length === 0
    ? `Bearer ${token}`
    : undefined;
}

/** What our WebSockets speak; a browser wants to hear it again. */
export const socketProtocol = "pricewright";

/** Whose key or token the header `Authorization` carries, if that is valid now. */
export function findCaller(
  env: CallerEnv,
  authorization: string | undefined,
): Caller | undefined | Promise<Caller | undefined> {
  if (authorization === undefined) return undefined;
  // A key that was found a moment ago has its form.
  const known = recallKey(authorization.slice("Bearer ".length));
  if (known !== undefined && authorization.startsWith("Bearer ")) return known;
  const bearer = bearerForm.exec(authorization)?.[1];
  if (bearer === undefined) return undefined;
  return isKey(bearer) ? findKeyCaller(env, bearer) : findCustomer(env, bearer);
}

function findKeyCaller(env: CallerEnv, key: string): KeyCaller | undefined | Promise<KeyCaller | undefined> {
  if (env.ADMIN_KEY_SHA256 !== undefined && hashOfKey(key) === env.ADMIN_KEY_SHA256)
    return { kind: "key", keyId: "bootstrap", role: "admin", customers: null };
  return findKey(env.PUBLISHED, key);
}

async function findCustomer(env: CallerEnv, token: string): Promise<CustomerCaller | undefined> {
  const read = await readCustomerToken(token, env.SIGNING_SECRET);
  if (read === undefined) return undefined;
  const key = await findKeyById(env.PUBLISHED, read.keyId);
  if (key === undefined || key.role !== "storefront" || !mayAsk(key, read.customer)) return undefined;
  return { kind: "customer", ...read };
}
