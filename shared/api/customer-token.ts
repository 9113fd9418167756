import { sign, verify } from "hono/jwt";

/** With a customer token only one customer's data can be reached, and only for minutes: made for browsers. */
export interface CustomerToken {
  readonly customer: string;
  /** The storefront key that made it; when that is revoked, so are its tokens. */
  readonly keyId: string;
}

export const tokenSecondsMax = 300;
const issuer = "pricewright";
const audience = "pricewright-edge";

export async function signCustomerToken(
  { customer, keyId }: CustomerToken,
  { secret, now }: { secret: string; now: number },
): Promise<{ token: string; expiresAt: string }> {
  const iat = Math.floor(now / 1000);
  const exp = iat + tokenSecondsMax;
  const claims = { iss: issuer, aud: audience, sub: customer, key: keyId, iat, exp };
  const token = await sign(claims, checked(secret), "HS256");
  return { token, expiresAt: new Date(exp * 1000).toISOString() };
}

/** What the token says, or undefined unless it is signed by us, for us, and in its time. */
export async function readCustomerToken(token: string, secret: string): Promise<CustomerToken | undefined> {
  const claims = await verified(token, checked(secret));
  if (claims === undefined) return undefined;
  const { sub, key, iat, exp } = claims;
  if (typeof sub !== "string" || typeof key !== "string") return undefined;
  if (typeof iat !== "number" || typeof exp !== "number" || exp - iat > tokenSecondsMax) return undefined;
  return { customer: sub, keyId: key };
}

async function verified(token: string, secret: string): Promise<Record<string, unknown> | undefined> {
  try {
    return await verify(token, secret, { alg: "HS256", iss: issuer, aud: audience });
  } catch {
    // Whatever is wrong with a token, its sender is nobody; why is not theirs to know.
    return undefined;
  }
}

function checked(secret: string | undefined): string {
  if (secret !== undefined && secret.length >= 32) return secret;
  throw new Error("Cannot sign or check tokens: SIGNING_SECRET must have at least 32 characters");
}
