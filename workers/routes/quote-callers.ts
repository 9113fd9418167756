import type { Caller } from "../../shared/api/callers.ts";
import { Problem } from "../../shared/api/problem.ts";
import type { Actor } from "../../shared/quoting/actor.ts";
import type { IdempotencyKey } from "../quotes/quote-store.ts";

/** Who may call what of quotes, and for which side. */

export const buyers = ["storefront", "customer"] as const;
export const sellers = ["sales", "approver", "manager", "admin"] as const;
export const everyParty = [...buyers, ...sellers] as const;

export type Side = "buyer" | "seller";

/** A customer's token and a shop's key act for the buyer; all others that get here are people of the company. */
export function sideOf(caller: Caller): Side {
  return caller.kind === "customer" || (caller.kind === "key" && caller.role === "storefront")
    ? "buyer"
    : "seller";
}

/** Who does something with a quote of this customer. */
export function actorOf(caller: Caller, customer: string): Actor {
  if (sideOf(caller) === "buyer") return { party: "buyer", person: customer, key: caller.keyId };
  return { party: "seller", person: personOf(caller), key: caller.keyId };
}

/** The person of a seller's key or sign-in; a key that is nobody's stands for itself. */
export function personOf(caller: Caller): string {
  return caller.kind === "key" ? (caller.person ?? `key:${caller.keyId}`) : `key:${caller.keyId}`;
}

/** What a request is told apart by from all others: the caller's own word for it, and its bytes. */
export async function idempotencyOf(
  caller: Caller,
  key: string,
  { path, body }: { readonly path: string; readonly body: Uint8Array },
): Promise<IdempotencyKey> {
  const scope = JSON.stringify([caller.keyId, caller.kind === "customer" ? caller.customer : null, key]);
  const place = new TextEncoder().encode(`${path}\n`);
  const bytes = new Uint8Array(place.length + body.length);
  bytes.set(place);
  bytes.set(body, place.length);
  return { scope, digest: hex(await crypto.subtle.digest("SHA-256", bytes)) };
}

function hex(buffer: ArrayBuffer): string {
  return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A buyer has no say in what is offered. */
export function forSellers(pointer: string): Problem {
  return new Problem("invalid_request", {
    detail: "This is for sellers",
    pointer,
    more: { reason: "not_for_buyers" },
  });
}
