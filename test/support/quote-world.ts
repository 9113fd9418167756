import { add, compare, parseDecimal, zero } from "../../shared/pricing/fraction.ts";
import type { Instant } from "../../shared/pricing/instant.ts";
import { moneyText } from "../../shared/pricing/line-total.ts";
import type { Actor } from "../../shared/quoting/actor.ts";
import type { Assessment, Authority, Limit, Tier } from "../../shared/quoting/approval.ts";
import { appendToChain } from "../../shared/quoting/audit-chain.ts";
import type { Decision, PricedSet, QuoteCommand } from "../../shared/quoting/command.ts";
import { decide } from "../../shared/quoting/decide.ts";
import type { LoggedEvent, QuoteEvent } from "../../shared/quoting/event.ts";
import { handedOver } from "../../shared/quoting/handed-over.ts";
import { offeredSet } from "../../shared/quoting/offered-set.ts";
import { opened } from "../../shared/quoting/opened.ts";
import type { Placed } from "../../shared/quoting/order.ts";
import { currentRevision, type Quote } from "../../shared/quoting/quote.ts";
import { reduce } from "../../shared/quoting/reduce.ts";
import { revisionOf } from "../../shared/quoting/revision.ts";
import { dueEvents, timersOf } from "../../shared/quoting/timers.ts";
import { formatInstant } from "./format-instant.ts";

export interface Person {
  readonly person: string;
  readonly roles: readonly string[];
  readonly limit?: Limit;
}

export interface Absence {
  readonly person: string;
  readonly from: Instant;
  readonly until: Instant;
  readonly standIn: string;
}

export const buyer: Actor = { party: "buyer", person: "C-100", key: "key-shop" };
export const system: Actor = { party: "system", person: "system", key: "system" };

export function seller(person: string): Actor {
  return { party: "seller", person, key: `key-${person}` };
}

/** One quote with its people, policy and clock: what the quote's object and the desk are to it elsewhere. */
export class QuoteWorld {
  readonly log: LoggedEvent[] = [];
  readonly people = new Map<string, Person>();
  readonly absences: Absence[] = [];
  tiers: Tier[] = [];
  /** No rate to the reference currency. */
  isTotalUnknown = false;
  now: Instant;
  #quote: Quote | undefined;

  constructor(now: Instant) {
    this.now = now;
  }

  get quote(): Quote {
    if (this.#quote === undefined) throw new Error("The quote was not opened");
    return this.#quote;
  }

  get at(): string {
    return formatInstant(this.now);
  }

  open(actor: Actor, set: PricedSet): void {
    const opening = { quote: "Q-1", customer: "C-100", customerName: "Customer 100", currency: "EUR", set };
    this.append(actor, [opened(opening, { actor, at: this.at })]);
  }

  execute(actor: Actor, command: QuoteCommand): Decision {
    const decision = decide(this.quote, command, { actor, at: this.at });
    if (decision.kind === "accepted") this.append(actor, decision.events);
    return decision;
  }

  /** Time passes, and all that comes due is done when it is due. */
  advanceTo(instant: Instant): void {
    for (;;) {
      const [next] = timersOf(this.quote);
      if (next === undefined || next.at > instant) break;
      this.now = Math.max(this.now, next.at);
      this.append(system, dueEvents(this.quote, this.now));
    }
    this.now = instant;
  }

  handOver(placed: Placed): readonly QuoteEvent[] {
    const events = handedOver(this.quote, placed);
    this.append(system, events);
    return events;
  }

  append(actor: Actor, events: readonly QuoteEvent[]): void {
    for (const event of events) {
      // As it comes back from storage.
      const entry: LoggedEvent = JSON.parse(
        JSON.stringify(appendToChain(this.log.at(-1), { at: this.at, actor, event })),
      );
      this.log.push(entry);
      this.#quote = reduce(this.#quote, entry);
    }
  }

  /** As the control plane would assess what is offered now. */
  assess(set: PricedSet = currentRevision(this.quote)): Assessment {
    const { currency } = this.quote;
    const offered = offeredSet(set, currency, this.at);
    const { discountPercent } = revisionOf(offered, { number: 1, by: "seller", at: this.at, currency });
    const dearest = offered.lines.map(({ own, alternatives }) =>
      [own, ...alternatives]
        .map(({ lineTotal }) => parseDecimal(lineTotal ?? "0"))
        .reduce((a, b) => (compare(a, b) < 0 ? b : a)),
    );
    const amount = moneyText(dearest.reduce(add, zero), currency);
    return {
      sequence: set.pin.sequence,
      tiers: this.tiers,
      margin: { total: secretMargin, lines: { "1": secretMargin } },
      referenceTotal: this.isTotalUnknown ? null : { amount, currency },
      discountPercent: discountPercent ?? null,
    };
  }

  authorityOf(person: string): Authority {
    const standsInFor = this.absences
      .filter(({ standIn, from, until }) => standIn === person && from <= this.now && this.now < until)
      .map((absence) => this.#personOf(absence.person));
    return { ...this.#personOf(person), standsInFor };
  }

  #personOf(person: string): Person {
    return this.people.get(person) ?? { person, roles: [] };
  }
}

/** To be looked for where it must not be. */
export const secretMargin = "13.3713";
