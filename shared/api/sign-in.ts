import { decode, verifyWithJwks } from "hono/jwt";
import { keyOfSignIn, type KeyCaller } from "./callers.ts";
import { AccessKeys } from "./access-keys.ts";

/** The application of Cloudflare Access through which people sign in; without both of these nobody does. */
export interface SignInSettings {
  /** Such as `team.cloudflareaccess.com`. */
  readonly ACCESS_TEAM_DOMAIN?: string;
  /** The application's audience tag. */
  readonly ACCESS_AUDIENCE?: string;
}

const header = "Cf-Access-Jwt-Assertion";
const domainForm = /^[a-z0-9-]+\.cloudflareaccess\.com$/;
const clockSkewSeconds = 60;
const assertionCharactersMax = 8_192;

const keys = new AccessKeys();

/**
 * The approver whom Cloudflare Access vouches for. The person is the e-mail of the sign-in; which roles it has, the
 * records of people say.
 *
 * A browser sends the sign-in along by itself, so that a page of another site could have it sent. With an `Origin` that
 * is not our own it does not count.
 */
export async function findSignIn(
  { ACCESS_TEAM_DOMAIN: domain, ACCESS_AUDIENCE: audience }: SignInSettings,
  request: Pick<Request, "headers" | "url">,
): Promise<KeyCaller | undefined> {
  const assertion = request.headers.get(header);
  if (assertion === null || assertion.length > assertionCharactersMax) return undefined;
  if (domain === undefined || audience === undefined || audience === "") return undefined;
  if (!domainForm.test(domain)) {
    throw new Error(`ACCESS_TEAM_DOMAIN must be like team.cloudflareaccess.com: it is ${domain}`);
  }
  if (isForeign(request)) return undefined;
  const claims = await verified(assertion, { domain, audience });
  if (claims === undefined || !isInTime(claims, Date.now() / 1000)) return undefined;
  // A service token has no e-mail: what it does is nobody's.
  const { email, sub, type } = claims;
  if (type !== "app" || typeof email !== "string" || email === "") return undefined;
  if (typeof sub !== "string" || sub === "") return undefined;
  return {
    kind: "key",
    keyId: keyOfSignIn(sub),
    role: "approver",
    customers: null,
    person: email.toLowerCase(),
  };
}

function isForeign({ headers, url }: Pick<Request, "headers" | "url">): boolean {
  const origin = headers.get("Origin");
  return origin !== null && origin !== new URL(url).origin;
}

async function verified(
  assertion: string,
  { domain, audience }: { readonly domain: string; readonly audience: string },
): Promise<Record<string, unknown> | undefined> {
  const kid = keyIdOf(assertion);
  if (kid === undefined) return undefined;
  const known = await keys.having(kid, domain);
  try {
    return await verifyWithJwks(assertion, {
      keys: known,
      // Nothing else: with a symmetric one the public key would be the secret.
      allowedAlgorithms: ["RS256"],
      // The times are looked at below, with some leeway for clocks that differ.
      verification: { iss: `https://${domain}`, aud: audience, exp: false, nbf: false, iat: false },
    });
  } catch {
    // Whatever is wrong with an assertion, its sender is nobody; why is not theirs to know.
    return undefined;
  }
}

function keyIdOf(assertion: string): string | undefined {
  try {
    return decode(assertion).header.kid;
  } catch {
    return undefined;
  }
}

function isInTime({ exp, iat, nbf = iat }: Record<string, unknown>, now: number): boolean {
  if (typeof exp !== "number" || typeof iat !== "number" || typeof nbf !== "number") return false;
  return now < exp + clockSkewSeconds && Math.max(iat, nbf) <= now + clockSkewSeconds;
}
