import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findBreak } from "../../shared/quoting/audit-chain.ts";
import { contentHash } from "../../shared/quoting/content-hash.ts";
import type { LoggedEvent, QuoteEvent } from "../../shared/quoting/event.ts";
import { orderOf } from "../../shared/quoting/order-of.ts";
import { currentRevision, quoteStatuses, type Quote } from "../../shared/quoting/quote.ts";
import { reduceAll } from "../support/reduce-all.ts";

interface Recorded {
  readonly story: string;
  readonly log: readonly LoggedEvent[];
  readonly state: Quote;
}

const folder = join(import.meta.dirname, "corpus");
const corpus = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .map((name): readonly [string, Recorded] => [name, JSON.parse(readFileSync(join(folder, name), "utf8"))]);

describe.each(corpus)("%s", (_name, { log, state }) => {
  it("reduces to the state that it had when it was recorded", () => {
    expect(reduceAll(log)).toEqual(state);
  });

  it("holds together as it did then", () => {
    expect(findBreak(log)).toBeUndefined();
  });

  it("has the content that was approved, and still is when it is sent, accepted and ordered", () => {
    const { approval, acceptance, currency, customer } = state;
    if (approval === undefined) return;
    expect(contentHash(currentRevision(state), currency, customer)).toBe(approval.contentHash);
    if (acceptance !== undefined) expect(orderOf(state)?.contentHash).toBe(approval.contentHash);
  });
});

describe("the whole corpus", () => {
  it("ends in every state that a quote can end in", () => {
    const ends = new Set(corpus.map(([, { state }]) => state.status));
    expect(quoteStatuses.filter((status) => !ends.has(status))).toEqual([]);
  });

  it("has every kind of event", () => {
    const kinds: Record<QuoteEvent["type"], number> = {
      opened: 0,
      revised: 0,
      submitted: 0,
      offered: 0,
      approved: 0,
      tier_met: 0,
      rejected: 0,
      delegated: 0,
      reminded: 0,
      escalated: 0,
      commented: 0,
      sent: 0,
      accepted: 0,
      declined: 0,
      withdrawn: 0,
      expired: 0,
      ordered: 0,
      order_refused: 0,
    };
    for (const [, { log }] of corpus) for (const { event } of log) kinds[event.type]++;
    expect(Object.entries(kinds).filter(([, count]) => count === 0)).toEqual([]);
  });
});
