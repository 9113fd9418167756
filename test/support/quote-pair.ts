import { expect } from "vitest";
import { parseInstant } from "../../shared/pricing/instant.ts";
import { plainLineTotal } from "../../shared/pricing/line-total.ts";
import type { Addressee, Tier } from "../../shared/quoting/approval.ts";
import { findBreak } from "../../shared/quoting/audit-chain.ts";
import type { CommandName, PricedSet, QuoteCommand } from "../../shared/quoting/command.ts";
import { contentHash } from "../../shared/quoting/content-hash.ts";
import type { QuoteEvent } from "../../shared/quoting/event.ts";
import { eventFor } from "../../shared/quoting/event-view.ts";
import type { QuoteItem } from "../../shared/quoting/line.ts";
import { orderOf } from "../../shared/quoting/order-of.ts";
import { pricedItem } from "../../shared/quoting/priced-item.ts";
import { currentRevision, type QuoteStatus } from "../../shared/quoting/quote.ts";
import { allowedCommands } from "../../shared/quoting/transitions.ts";
import { viewFor } from "../../shared/quoting/view.ts";
import { formatInstant } from "./format-instant.ts";
import { people, plain, type Attempt, type Lines } from "./quote-attempt.ts";
import { QuoteModel, type ModelCommand, type ModelContent } from "./quote-model.ts";
import { buyer, QuoteWorld, secretMargin, seller } from "./quote-world.ts";
import { reduceAll } from "./reduce-all.ts";

const hour = 3_600_000;
const start = parseInstant("2026-06-15T12:00:00Z") ?? 0;
const money = { currency: "EUR", lineRounding: { mode: "half-up" } } as const;

/** What no buyer may read of a seller's words. */
const secretWords = [
  "secret-cause",
  "secret-comment",
  "secret-rejection",
  "secret-approval",
  "secret-problem",
];

/** The code and the model side by side. */
export class QuotePair {
  readonly world: QuoteWorld;
  readonly model: QuoteModel;
  /** Every price that a seller entered, and whether the buyer was sent it. */
  readonly #offers = new Map<string, boolean>();
  readonly reached = new Set<QuoteStatus>();
  readonly outcomes = new Set<string>();
  #prices = 0;

  constructor(isBuyers: boolean, lines: Lines) {
    this.world = new QuoteWorld(start);
    for (const [person, roles, limit] of [
      ["sly-ann", ["lead"], { total: { amount: "5000", currency: "EUR" } }],
      ["sly-bob", ["lead", "finance"], { discountPercent: "10" }],
      ["sly-cat", ["finance"], undefined],
      ["sly-dan", ["director", "lead"], undefined],
    ] as const) {
      this.world.people.set(person, { person, roles, ...(limit === undefined ? {} : { limit }) });
    }
    this.world.absences.push(
      { person: "sly-ann", from: start, until: start + 30 * hour, standIn: "sly-eve" },
      { person: "sly-cat", from: start + 10 * hour, until: start + 60 * hour, standIn: "sly-bob" },
      { person: "sly-sally", from: start, until: start + 60 * hour, standIn: "sly-cat" },
    );
    const actor = isBuyers ? buyer : seller("sly-sally");
    const [set, content] = this.#set(lines, isBuyers);
    this.world.open(actor, set);
    this.model = new QuoteModel(isBuyers ? "buyer" : "seller", "sly-sally", content);
  }

  attempt(given: Attempt): void {
    const { world, model } = this;
    if (given.isLate) world.now += given.hours * hour;
    else {
      world.advanceTo(world.now + given.hours * hour);
      model.pass(world.now);
    }
    expect(world.quote.status).toBe(model.status);
    if (model.status === "accepted" && given.nth < 4) {
      world.handOver(
        given.isPlaced
          ? { kind: "placed", erpOrder: "SO-1" }
          : { kind: "refused", problem: "secret-problem" },
      );
      model.book(given.isPlaced);
    } else this.#give(given);
    this.#compare();
  }

  #give(given: Attempt): void {
    const { world, model } = this;
    const [next, side] = nextCommand[model.status];
    const isBuyer = given.choice === "next" ? (side ?? model.owner) === "buyer" : given.isBuyer;
    const fitting = model.allowed(isBuyer ? "buyer" : "seller");
    const chosen = { next, fitting: fitting[given.nth % fitting.length], any: given.command };
    const name = chosen[given.choice] ?? given.command;
    const actor = isBuyer ? buyer : seller(given.person);
    const [command, told] = this.#command(name, given, isBuyer);

    const before = world.quote;
    const entries = world.log.length;
    const decision = world.execute(actor, command);
    const refusal = model.run({
      command: name,
      side: isBuyer ? "buyer" : "seller",
      person: actor.person,
      at: world.now,
      ...told,
    });

    expect({ name, reason: decision.kind === "refused" ? decision.reason : undefined }).toEqual({
      name,
      reason: refusal,
    });
    this.outcomes.add(refusal ?? name);
    if (decision.kind === "refused") {
      expect(world.log.length).toBe(entries);
      expect(world.quote).toBe(before);
      if (decision.reason === "wrong_state") expect(decision.status).toBe(before.status);
    } else expect(world.log.length).toBe(entries + decision.events.length);
    if (name === "send" && refusal === undefined) this.#publish();
  }

  #command(name: CommandName, given: Attempt, isBuyer: boolean): [QuoteCommand, Partial<ModelCommand>] {
    const { world } = this;
    const authority = world.authorityOf(given.person);
    switch (name) {
      case "offer": {
        if (given.lines === undefined)
          return this.#offered({ command: name, assessment: this.#assess(given) }, given);
        const [set, content] = this.#set(given.lines, isBuyer);
        return this.#offered({ command: name, set, assessment: this.#assess(given, set) }, given, content);
      }
      case "counter": {
        const [set, content] = this.#set(given.lines ?? plain, isBuyer);
        if (isBuyer) return [{ command: name, set }, { content }];
        return this.#offered({ command: name, set, assessment: this.#assess(given, set) }, given, content);
      }
      case "revise":
      case "reprice": {
        const [set, content] = this.#set(given.lines ?? plain, isBuyer);
        return [{ command: name, set }, { content }];
      }
      case "comment": {
        const text = given.isInternal ? "secret-comment" : "a word";
        return [{ command: name, text, internal: given.isInternal }, { internal: given.isInternal }];
      }
      case "approve":
        return [{ command: name, authority, comment: "secret-approval" }, { authority }];
      case "reject":
        return [{ command: name, authority, reason: "secret-rejection" }, { authority }];
      case "delegate":
        return [
          { command: name, authority, to: given.to },
          { authority, to: given.to },
        ];
      case "accept": {
        const { pick } = given;
        return [
          { command: name, picks: pick === undefined ? {} : { "1": pick } },
          pick === undefined ? {} : { pick },
        ];
      }
      case "submit":
      case "send":
      case "decline":
      case "withdraw":
        return [{ command: name }, {}];
    }
  }

  #offered(
    command: Extract<QuoteCommand, { command: "offer" | "counter" }>,
    { tiers }: Attempt,
    content?: ModelContent,
  ): [QuoteCommand, Partial<ModelCommand>] {
    const { assessment } = command;
    const amounts = {
      total: assessment?.referenceTotal?.amount ?? null,
      discount: assessment?.discountPercent ?? null,
    };
    return [command, { tiers, amounts, ...(content === undefined ? {} : { content }) }];
  }

  #assess({ tiers }: Attempt, set?: PricedSet) {
    this.world.tiers = tiers.map(({ tier, clauses, remindAfter, escalateAfter, escalateTo }): Tier => ({
      tier,
      clauses: clauses.map(({ atLeast, of }) => ({ atLeast, of: of.map(addressee) })),
      causes: [{ policy: "secret-cause", because: "secret-cause" }],
      ...(remindAfter === undefined ? {} : { remindAfterHours: remindAfter }),
      ...(escalateAfter === undefined ? {} : { escalateAfterHours: escalateAfter }),
      ...(escalateTo === undefined ? {} : { escalateTo: addressee(escalateTo) }),
    }));
    return this.world.assess(set);
  }

  #set(lines: Lines, isBuyer: boolean): [PricedSet, ModelContent] {
    const validUntil = lines.validHours === undefined ? undefined : this.world.now + lines.validHours * hour;
    const items = Array.from({ length: lines.alternatives + 1 }, (_, index) => this.#item(lines, index));
    const [own, ...alternatives] = items;
    if (own === undefined) throw new Error("A line has an item of its own");
    const set: PricedSet = {
      lines: [{ line: "1", own, alternatives }],
      terms: {
        contacts: [],
        attachments: [],
        ...(validUntil === undefined ? {} : { validUntil: formatInstant(validUntil) }),
      },
      pin: { snapshot: "S", sequence: 1, at: this.world.at, lineRounding: money.lineRounding },
    };
    const content = {
      lacksPrice: lines.isUnlisted && (isBuyer || !lines.isOffered),
      alternatives: lines.alternatives,
      ...(validUntil === undefined ? {} : { validUntil }),
    };
    return [set, content];
  }

  /** Each offered price is another, so that it can be looked for. */
  #item(lines: Lines, index: number): QuoteItem {
    const quantity = String(lines.quantity);
    const number = this.#prices++;
    const price = `9${number % 10}.${String(number).padStart(4, "0")}73`;
    if (lines.isOffered) this.#offers.set(price, false);
    const listed = { unitPrice: "100.00", per: "1" };
    return pricedItem(
      {
        item: String(index),
        sku: "BIKE",
        name: "Bike",
        quantity,
        unit: "EA",
        listed: lines.isUnlisted
          ? { unavailable: "no_price" }
          : {
              unit: "EA",
              ...listed,
              lineTotal: plainLineTotal(listed, quantity, money.currency, money.lineRounding),
            },
        ...(lines.isAsked ? { requestedPrice: "80.00" } : {}),
        ...(lines.isOffered ? { offeredPrice: price } : {}),
      },
      money,
    );
  }

  #publish(): void {
    const text = JSON.stringify(currentRevision(this.world.quote));
    for (const price of this.#offers.keys()) if (text.includes(price)) this.#offers.set(price, true);
  }

  #compare(): void {
    const { world, model } = this;
    const { quote } = world;
    this.reached.add(quote.status);
    expect(quote.status).toBe(model.status);
    expect(quote.version).toBe(world.log.length);
    for (const party of ["buyer", "seller"] as const) {
      expect(allowedCommands(quote, party)).toEqual(model.allowed(party));
    }
    expect(allowedCommands(quote, "system")).toEqual([]);

    const shown = viewFor("buyer", quote);
    expect(shown !== undefined).toBe(model.isShown);
    if (shown === undefined) return;
    const told = world.log.flatMap((entry) => eventFor("buyer", entry) ?? []);
    const text = JSON.stringify([shown, told]);
    const unsent = [...this.#offers].filter(([, isSent]) => !isSent).map(([price]) => price);
    const secrets = [...people, ...secretWords, secretMargin, ...unsent];
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  }

  /** What must hold of every log, whatever happened. */
  finish(): void {
    const { log, quote } = this.world;
    expect(reduceAll(log)).toEqual(quote);
    expect(findBreak(log)).toBeUndefined();
    this.#expectRightfulApprovals();
    if (quote.acceptance === undefined) return;
    const hash = contentHash(currentRevision(quote), quote.currency, quote.customer);
    const sent = log.findLast(({ event }) => event.type === "sent");
    const hashes = [quote.approval?.contentHash, quote.acceptance.contentHash, orderOf(quote)?.contentHash];
    expect(hashes).toEqual([hash, hash, hash]);
    expect(sent?.event).toEqual({ type: "sent", contentHash: hash });
  }

  /** Nobody approved what they had a hand in, or more than their limit or that of whom they acted for. */
  #expectRightfulApprovals(): void {
    const makers = new Set<string>();
    let offered: QuoteEvent | undefined;
    for (const { actor, event } of this.world.log) {
      if (event.type === "offered") offered = event;
      if (["opened", "revised", "offered"].includes(event.type)) makers.add(actor.person);
      if (event.type !== "approved" || offered?.type !== "offered") continue;
      const { referenceTotal, discountPercent } = offered.assessment;
      const { person, insteadOf } = { person: actor.person, insteadOf: event.insteadOf };
      expect(event.contentHash).toBe(offered.contentHash);
      expect(makers).not.toContain(person);
      expect(makers).not.toContain(insteadOf);
      // Whoever acts for another is bound by the other's limit, be it as a stand-in or as a delegate.
      const limit = this.world.people.get(insteadOf ?? person)?.limit;
      if (limit?.total !== undefined) {
        expect(Number(referenceTotal?.amount)).toBeLessThanOrEqual(Number(limit.total.amount));
      }
      if (limit?.discountPercent !== undefined) {
        expect(Number(discountPercent ?? "100")).toBeLessThanOrEqual(Number(limit.discountPercent));
      }
    }
  }
}

/** Without a side: the side that opened it. */
const nextCommand: Readonly<Record<QuoteStatus, readonly [CommandName, ("buyer" | "seller")?]>> = {
  draft: ["submit"],
  requested: ["offer", "seller"],
  in_review: ["offer", "seller"],
  awaiting_approval: ["approve", "seller"],
  approved: ["send", "seller"],
  rejected: ["offer", "seller"],
  sent: ["accept", "buyer"],
  expired: ["reprice", "seller"],
  accepted: ["comment", "buyer"],
  ordered: ["comment", "buyer"],
  declined: ["comment", "buyer"],
  withdrawn: ["comment", "buyer"],
};

function addressee(key: string): Addressee {
  const [kind, name = ""] = key.split("/");
  return kind === "role" ? { role: name } : { person: name };
}
