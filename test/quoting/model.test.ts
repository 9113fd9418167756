import fc from "fast-check";
import { expect, it } from "vitest";
import { plainLineTotal } from "../../shared/pricing/line-total.ts";
import { parseInstant } from "../../shared/pricing/instant.ts";
import type { Addressee, Tier } from "../../shared/quoting/approval.ts";
import { findBreak } from "../../shared/quoting/audit-chain.ts";
import {
  quoteCommands,
  type CommandName,
  type PricedSet,
  type QuoteCommand,
} from "../../shared/quoting/command.ts";
import { contentHash } from "../../shared/quoting/content-hash.ts";
import type { QuoteEvent } from "../../shared/quoting/event.ts";
import { eventFor } from "../../shared/quoting/event-view.ts";
import type { QuoteItem } from "../../shared/quoting/line.ts";
import { orderOf } from "../../shared/quoting/order-of.ts";
import { pricedItem } from "../../shared/quoting/priced-item.ts";
import { currentRevision, quoteStatuses, type QuoteStatus } from "../../shared/quoting/quote.ts";
import { allowedCommands } from "../../shared/quoting/transitions.ts";
import { viewFor } from "../../shared/quoting/view.ts";
import { formatInstant } from "../support/format-instant.ts";
import { QuoteModel, type ModelCommand, type ModelContent, type ModelTier } from "../support/quote-model.ts";
import { buyer, QuoteWorld, secretMargin, seller } from "../support/quote-world.ts";
import { reduceAll } from "../support/reduce-all.ts";

const hour = 3_600_000;
const start = parseInstant("2026-06-15T12:00:00Z") ?? 0;
const money = { currency: "EUR", lineRounding: { mode: "half-up" } } as const;

/** Names that no buyer may read: sellers and approvers, and a seller's words that are internal. */
const people = ["sly-sally", "sly-ann", "sly-bob", "sly-cat", "sly-dan", "sly-eve"] as const;
const secretWords = [
  "secret-cause",
  "secret-comment",
  "secret-rejection",
  "secret-approval",
  "secret-problem",
];

interface Attempt {
  readonly command: CommandName;
  /** `next`: what brings the quote towards its order; `fitting`: the n-th that the state allows; `any`: the command. */
  readonly choice: "next" | "fitting" | "any";
  readonly nth: number;
  readonly isBuyer: boolean;
  readonly person: (typeof people)[number];
  readonly to: (typeof people)[number];
  readonly hours: number;
  readonly isLate: boolean;
  readonly lines: Lines | undefined;
  readonly tiers: readonly ModelTier[];
  readonly isInternal: boolean;
  readonly pick: string | undefined;
  readonly isPlaced: boolean;
}

interface Lines {
  readonly quantity: number;
  readonly isOffered: boolean;
  readonly isAsked: boolean;
  readonly isUnlisted: boolean;
  readonly alternatives: number;
  readonly validHours: number | undefined;
}

const addressees = ["role/lead", "role/finance", "person/sly-ann", "person/sly-bob", "person/sly-eve"];

const tierArbitrary = fc.record({
  clauses: fc.array(
    fc
      .subarray(addressees, { minLength: 1, maxLength: 3 })
      .chain((of) => fc.record({ of: fc.constant(of), atLeast: fc.integer({ min: 1, max: of.length + 1 }) })),
    { minLength: 1, maxLength: 2 },
  ),
  isTimed: fc.boolean(),
});

const attemptArbitrary: fc.Arbitrary<Attempt> = fc.record({
  command: fc.constantFrom(...quoteCommands),
  choice: fc.oneof(
    { weight: 5, arbitrary: fc.constant("next" as const) },
    { weight: 3, arbitrary: fc.constant("fitting" as const) },
    { weight: 2, arbitrary: fc.constant("any" as const) },
  ),
  nth: fc.nat(12),
  isBuyer: fc.boolean(),
  person: fc.constantFrom(...people),
  to: fc.constantFrom(...people),
  hours: fc.oneof(
    { weight: 6, arbitrary: fc.nat(3) },
    { weight: 2, arbitrary: fc.integer({ min: 3, max: 30 }) },
    { weight: 1, arbitrary: fc.constant(31 * 24) },
  ),
  isLate: fc.boolean(),
  lines: fc.option(
    fc.record({
      quantity: fc.integer({ min: 1, max: 80 }),
      isOffered: fc.boolean(),
      isAsked: fc.boolean(),
      isUnlisted: fc.oneof(
        { weight: 5, arbitrary: fc.constant(false) },
        { weight: 1, arbitrary: fc.constant(true) },
      ),
      alternatives: fc.nat(2),
      validHours: fc.option(fc.integer({ min: -1, max: 40 }), { nil: undefined, freq: 2 }),
    }),
    { nil: undefined, freq: 4 },
  ),
  tiers: fc.array(tierArbitrary, { maxLength: 2 }).map((tiers) =>
    tiers.map(({ clauses, isTimed }, index) => ({
      tier: 10 * (index + 1),
      clauses,
      ...(isTimed ? { remindAfter: 2, escalateAfter: 4, escalateTo: "role/director" } : {}),
    })),
  ),
  isInternal: fc.boolean(),
  pick: fc.option(fc.constantFrom("0", "1", "2", "3"), { nil: undefined }),
  isPlaced: fc.boolean(),
});

/** The code and the model side by side. */
class Pair {
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

const plain: Lines = {
  quantity: 10,
  isOffered: true,
  isAsked: true,
  isUnlisted: false,
  alternatives: 0,
  validHours: undefined,
};

function addressee(key: string): Addressee {
  const [kind, name = ""] = key.split("/");
  return kind === "role" ? { role: name } : { person: name };
}

const runArbitrary = fc.record({
  isBuyers: fc.boolean(),
  attempts: fc.array(attemptArbitrary, { minLength: 1, maxLength: 40, size: "max" }),
});

function play({
  isBuyers,
  attempts,
}: {
  readonly isBuyers: boolean;
  readonly attempts: readonly Attempt[];
}): Pair {
  const pair = new Pair(isBuyers, plain);
  for (const attempt of attempts) pair.attempt(attempt);
  pair.finish();
  return pair;
}

it(
  "does what an independent model of the rules does, refuses what it refuses, and shows a buyer no secret",
  { timeout: 60_000 },
  () => {
    fc.assert(
      fc.property(runArbitrary, (run) => {
        play(run);
      }),
      { numRuns: 300 },
    );
  },
);

it("has runs that reach every state, every command and every reason to refuse", { timeout: 60_000 }, () => {
  const reached = new Set<string>();
  const outcomes = new Set<string>();
  for (const run of fc.sample(runArbitrary, { numRuns: 200, seed: 1 })) {
    const pair = play(run);
    for (const status of pair.reached) reached.add(status);
    for (const outcome of pair.outcomes) outcomes.add(outcome);
  }
  expect(quoteStatuses.filter((status) => !reached.has(status))).toEqual([]);
  const reasons = [
    "not_for_party",
    "wrong_state",
    "expired",
    "self_approval",
    "not_asked",
    "beyond_authority",
    "already_decided",
    "not_a_delegate",
    "incomplete",
    "unknown_pick",
  ];
  expect([...quoteCommands, ...reasons].filter((each) => !outcomes.has(each))).toEqual([]);
});
