import type { Actor } from "../../shared/quoting/actor.ts";
import type { Assessment, Authority, Tier } from "../../shared/quoting/approval.ts";
import type { PricedSet } from "../../shared/quoting/command.ts";
import type { QuoteItem } from "../../shared/quoting/line.ts";
import type { Opening } from "../../workers/quotes/quote-store.ts";

/** Who acts in the tests of quotes. */
export const buyer: Actor = { party: "buyer", person: "C1", key: "key-of-shop" };
export const seller: Actor = { party: "seller", person: "sally", key: "key-of-sally" };

export function approver(person: string): Actor {
  return { party: "seller", person, key: `key-of-${person}` };
}

export function authorityOf(person: string, roles: readonly string[] = []): Authority {
  return { person, roles, standsInFor: [] };
}

/** A line of ten at a price, listed at 10.00 each. */
export function item(more: Partial<QuoteItem> = {}): QuoteItem {
  return {
    item: "0",
    sku: "BIKE",
    name: "A bike",
    quantity: "10",
    unit: "EA",
    per: "1",
    listed: { unit: "EA", unitPrice: "10.00", per: "1", lineTotal: "100.00" },
    ...more,
  };
}

export function priced(
  items: readonly Partial<QuoteItem>[] = [{ requestedPrice: "9.00" }],
  { snapshot = "s1", ...terms }: { readonly snapshot?: string; readonly validUntil?: string } = {},
): PricedSet {
  return {
    lines: items.map((each, index) => ({ line: String(index + 1), own: item(each), alternatives: [] })),
    terms: { contacts: [], attachments: [], ...terms },
    pin: { snapshot, sequence: 1, at: "2031-01-01T00:00:00.000Z", lineRounding: { mode: "half-up" } },
  };
}

/** One tier for each of these: whoever of them approves is enough. */
export function assessmentOf(
  tiers: readonly (readonly Tier["clauses"][number]["of"][number][])[],
  more: Partial<Tier> = {},
): Assessment {
  return {
    sequence: 1,
    tiers: tiers.map((of, index) => ({
      tier: index + 1,
      clauses: [{ atLeast: 1, of }],
      causes: [{ policy: `tier-${index + 1}`, because: "discount of 10.00 % is above 5 %" }],
      ...more,
    })),
    margin: { total: "20.00", lines: { 1: "20.00" } },
    referenceTotal: { amount: "90.00", currency: "EUR" },
    discountPercent: "10.00",
  };
}

export function opening(quote: string, more: Partial<Opening> = {}): Opening {
  return {
    quote,
    customer: "C1",
    customerName: "Cycles & Co",
    currency: "EUR",
    set: priced(),
    actor: buyer,
    ...more,
  };
}
