import { mayAsk, type Caller } from "../../shared/api/callers.ts";
import { Problem } from "../../shared/api/problem.ts";
import type { Actor } from "../../shared/quoting/actor.ts";
import type { Authority } from "../../shared/quoting/approval.ts";
import type { Quote } from "../../shared/quoting/quote.ts";
import type { Audience } from "../../shared/quoting/view.ts";
import { isShownToBuyer } from "../../shared/quoting/shown-revision.ts";
import type { EdgeEnv } from "../env.ts";
import type { Side } from "../quotes/new-set.ts";
import { askDesk } from "../quotes/quote-desk.ts";
import type { IdempotencyKey } from "../quotes/quote-store.ts";
import { openSnapshot } from "../snapshots/live-snapshot.ts";

/** Who may call what of quotes, and for which side. */

export const buyers = ["storefront", "customer"] as const;
export const sellers = ["sales", "approver", "manager", "admin"] as const;
export const everyParty = [...buyers, ...sellers] as const;

/** A customer's token and a shop's key act for the buyer; all others that get here are people of the company. */
export function sideOf(caller: Caller): Side {
  return caller.kind === "customer" || caller.role === "storefront" ? "buyer" : "seller";
}

export function audienceOf(caller: Caller): Audience {
  return sideOf(caller) === "buyer" ? "buyer" : "internal";
}

/** Whose quotes the caller may see; null: everyone's. */
export function customersOf(caller: Caller): readonly string[] | null {
  return caller.kind === "customer" ? [caller.customer] : caller.customers;
}

/**
 * Who does something with a quote of this customer. Who is known by an e-mail, be it of a sign-in or of a key, is the
 * person whose e-mail it is: nobody is two people, one of whom could approve what is the other's.
 */
export async function actorOf(
  env: EdgeEnv,
  caller: Caller,
  { customer, now }: { readonly customer: string; readonly now: number },
): Promise<Actor> {
  if (sideOf(caller) === "buyer") return { party: "buyer", person: customer, key: caller.keyId };
  const given = personOf(caller);
  const person = given.includes("@") ? (await authorityOf(env, caller, now)).person : given;
  return { party: "seller", person, key: caller.keyId };
}

/** The person of a seller's key or sign-in; a key that is nobody's stands for itself. */
function personOf(caller: Caller): string {
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

/**
 * The quote, if the caller may see it.
 * @throws {Problem} `not_found` for another's as for none
 */
export function ownQuote(caller: Caller, quote: Quote | undefined): Quote {
  const isOwn =
    quote !== undefined &&
    mayAsk(caller, quote.customer) &&
    (sideOf(caller) === "seller" || isShownToBuyer(quote));
  if (!isOwn) throw noSuchQuote();
  return quote;
}

export function noSuchQuote(): Problem {
  return new Problem("not_found", { detail: "There is no such quote" });
}

/** What the caller may decide now, by the live snapshot's records. */
export async function authorityOf(env: EdgeEnv, caller: Caller, now: number): Promise<Authority> {
  const { head } = await openSnapshot(env, now, undefined);
  return askDesk(env.DESK, (desk) =>
    desk.authority({
      sequence: head.sequence,
      person: personOf(caller),
      roles: caller.kind === "key" ? [caller.role] : [],
      at: new Date(now).toISOString(),
    }),
  );
}
