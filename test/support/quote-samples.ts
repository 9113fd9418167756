import type { Actor } from "../../shared/quoting/actor.ts";
import type { Assessment, Authority, Tier } from "../../shared/quoting/approval.ts";
import type { PricedSet } from "../../shared/quoting/command.ts";
import type { QuoteItem } from "../../shared/quoting/line.ts";
import type { Quote } from "../../shared/quoting/quote.ts";
import type { Execution, Opening, QuoteStore } from "../../workers/quotes/quote-store.ts";

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

/** Somebody's command. */
export type Move = Pick<Execution, "actor" | "command">;

const head = { role: "head" };
const chief = { role: "chief" };

/** What anna and carl do in a quote that two tiers are asked of. */
export const approvals: readonly Move[] = [
  { actor: approver("anna"), command: { command: "approve", authority: authorityOf("anna", ["head"]) } },
  { actor: approver("carl"), command: { command: "approve", authority: authorityOf("carl", ["chief"]) } },
];

/** An offer that two tiers are asked of. */
export const offer: Move = {
  actor: seller,
  command: {
    command: "offer",
    set: priced([{ offeredPrice: "9.50" }], { validUntil: "2031-02-01T00:00:00Z" }),
    assessment: assessmentOf([[head], [chief]]),
  },
};

/** From a draft to an accepted quote. */
export const life: readonly Move[] = [
  { actor: buyer, command: { command: "submit" } },
  offer,
  ...approvals,
  { actor: seller, command: { command: "send" } },
  { actor: buyer, command: { command: "accept", picks: {} } },
];

/** Carries out these commands, each on the version that the one before it left. */
export async function carryOut(
  store: Pick<QuoteStore, "read" | "execute">,
  moves: readonly Move[],
): Promise<Quote> {
  for (const move of moves) {
    const quote = await store.read();
    const scope = `${move.actor.key}/${quote?.version}`;
    const execution = { ...move, expected: quote?.version ?? 0, idempotency: { scope, digest: "d" } };
    const executed = await store.execute(execution);
    if (executed.kind !== "done") throw new Error(`${move.command.command}: ${JSON.stringify(executed)}`);
  }
  const quote = await store.read();
  if (quote === undefined) throw new Error("The quote was not opened");
  return quote;
}
