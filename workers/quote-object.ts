import { DurableObject } from "cloudflare:workers";
import { log } from "../shared/api/log.ts";
import type { Actor } from "../shared/quoting/actor.ts";
import { decide } from "../shared/quoting/decide.ts";
import type { LoggedEvent, QuoteEvent } from "../shared/quoting/event.ts";
import { handedOver } from "../shared/quoting/handed-over.ts";
import { opened } from "../shared/quoting/opened.ts";
import { orderOf } from "../shared/quoting/order-of.ts";
import type { Quote } from "../shared/quoting/quote.ts";
import { reduce } from "../shared/quoting/reduce.ts";
import { dueEvents, timersOf } from "../shared/quoting/timers.ts";
import { instantOf } from "../shared/quoting/validity.ts";
import type { EdgeEnv } from "./env.ts";
import type { InboxNote } from "./inbox-object.ts";
import { auditLog } from "./quotes/audit-log.ts";
import { claimMilliseconds, handOver } from "./quotes/hand-over.ts";
import { EventLog, isTooLarge } from "./quotes/event-log.ts";
import { listen, tellListeners, type Step } from "./quotes/live.ts";
import { noteInInbox } from "./quotes/inboxes.ts";
import { Outbox, type Message } from "./quotes/outbox.ts";
import { projectQuote } from "./quotes/project-quote.ts";
import type {
  Audit,
  Executed,
  Execution,
  IdempotencyKey,
  Looked,
  LookQuestion,
  Opened,
  Opening,
  QuoteStore,
} from "./quotes/quote-store.ts";
import { retryPause } from "./quotes/retry-pause.ts";
import { sweepAt } from "./quotes/sweep.ts";
import { addresseeOfTopic, askedOf, listsTopic, orderTopic, topicsOf } from "./quotes/topics.ts";

// What comes in while others are told is told too, but not for ever: the next alarm goes on.
const roundsMax = 10;
// After a failure that nobody expected.
const stuckMilliseconds = 60_000;
// How often an accepted quote looks whether there is somebody to book its order by now.
const noTakerMilliseconds = 3_600_000;

const system: Actor = { party: "system", person: "system", key: "system" };

/**
 * One quote. It guarantees that
 * - its log of events is only ever added to, and its state is what the log adds up to;
 * - a command is carried out on the version that its sender saw, or not at all, and once however often it is sent;
 * - the events of a command, its key and what is to be told of it are one transaction.
 * What is told to others is told at least once, by an alarm that is set for as long as something is left to do.
 */
export class QuoteObject extends DurableObject<EdgeEnv> implements QuoteStore {
  readonly #log: EventLog;
  readonly #outbox: Outbox;
  // What the log adds up to: a copy, for as long as the object stays in memory.
  #quote: Quote | undefined;
  // What the transaction that runs has appended, for those who listen.
  #untold: Step[] = [];
  #telling: Promise<void> | undefined;
  // Why the log adds up to nothing: somebody has changed it. An audit is all that is left to do then.
  #broken: Error | undefined;

  constructor(context: DurableObjectState, env: EdgeEnv) {
    super(context, env);
    this.#log = new EventLog(context.storage.sql);
    this.#outbox = new Outbox(context.storage.sql);
    try {
      this.#quote = this.#asOf();
    } catch (error) {
      this.#broken = new Error("The log of this quote does not add up", { cause: error });
      log("quote_broken", { quote: context.id.name, error });
    }
  }

  async open({ actor, idempotency, ...opening }: Opening): Promise<Opened> {
    return this.#transaction((at): Opened => {
      if (this.#current() !== undefined) {
        const earlier = idempotency && this.#log.earlier(idempotency);
        const quote = earlier?.isSame === true ? this.#asOf(earlier.version) : undefined;
        return quote === undefined ? { kind: "key_reused" } : { kind: "repeated", quote };
      }
      const events = [opened(opening, { actor, at })];
      if (isTooLarge(events)) return { kind: "too_large" };
      return { kind: "done", quote: this.#append(events, { actor, at, idempotency }) };
    });
  }

  async read(): Promise<Quote | undefined> {
    return this.#current();
  }

  async look(question: LookQuestion): Promise<Looked> {
    return this.#look(question);
  }

  async execute({ command, actor, ...question }: Execution): Promise<Executed> {
    return this.#transaction((at): Executed => {
      const looked = this.#look(question);
      if (looked.kind === "stale") return { kind: "stale", version: looked.current.version };
      if (looked.kind !== "ready") return looked;
      const decision = decide(looked.current, command, { actor, at });
      if (decision.kind === "refused") {
        const { kind, ...refusal } = decision;
        return { kind, refusal };
      }
      const { events } = decision;
      if (isTooLarge(events)) return { kind: "too_large" };
      const { idempotency } = question;
      return { kind: "done", quote: this.#append(events, { actor, at, idempotency }) };
    });
  }

  async events(): Promise<readonly LoggedEvent[]> {
    return this.#log.read();
  }

  async audit(): Promise<Audit | undefined> {
    const [log, quote] = [this.#log.read(), this.ctx.id.name];
    return log.length === 0 || quote === undefined ? undefined : auditLog(quote, log, this.env);
  }

  override fetch(request: Request): Response {
    return listen(this.ctx, request, Date.now());
  }

  /** Listeners are not listened to: commands come as requests. */
  override webSocketMessage(): void {}

  async wake(): Promise<boolean> {
    await this.#work();
    return this.#current() !== undefined;
  }

  override async alarm(): Promise<void> {
    await this.#work();
  }

  /** @throws when the log does not add up to a quote */
  #current(): Quote | undefined {
    if (this.#broken !== undefined) throw this.#broken;
    return this.#quote;
  }

  #look({ expected, idempotency }: LookQuestion): Looked {
    const current = this.#current();
    if (current === undefined) return { kind: "unknown" };
    const earlier = this.#log.earlier(idempotency);
    if (earlier !== undefined) {
      const quote = earlier.isSame ? this.#asOf(earlier.version) : undefined;
      return quote === undefined ? { kind: "key_reused", current } : { kind: "repeated", quote, current };
    }
    return { kind: expected === current.version ? "ready" : "stale", current };
  }

  /**
   * Does the work in one transaction. If it appends something, the alarm that tells of it is set with it.
   * @throws what `work` throws; then nothing has changed
   */
  async #transaction<Result>(work: (at: string) => Result): Promise<Result> {
    const before = this.#quote;
    const now = Date.now();
    let result: Result;
    this.#untold = [];
    try {
      result = this.ctx.storage.transactionSync(() => work(new Date(now).toISOString()));
    } catch (error) {
      this.#quote = before;
      throw error;
    }
    if (this.#quote === before) return result;
    // In the same turn as the transaction, and so written with it.
    const alarm = this.ctx.storage.setAlarm(now);
    tellListeners(this.ctx, this.#untold, now);
    await alarm;
    return result;
  }

  #append(
    events: readonly QuoteEvent[],
    by: { readonly actor: Actor; readonly at: string; readonly idempotency?: IdempotencyKey | undefined },
  ): Quote {
    const before = this.#quote;
    let quote = before;
    for (const logged of this.#log.append(events, by)) {
      quote = reduce(quote, logged);
      this.#untold.push({ logged, quote });
    }
    if (quote === undefined) throw new RangeError("Cannot append no events");
    if (by.idempotency !== undefined) this.#log.keep(by.idempotency, quote.version);
    for (const topic of topicsOf(before, quote)) this.#outbox.put(topic, quote.version, Date.parse(by.at));
    this.#quote = quote;
    return quote;
  }

  /** Does all that is due, and sets the alarm for what comes due next. It never fails: nobody would try again. */
  async #work(): Promise<void> {
    let earliest = 0;
    try {
      await this.#letTimePass();
      await (this.#telling ??= this.#tell().finally(() => {
        this.#telling = undefined;
      }));
    } catch (error) {
      log("quote_stuck", { quote: this.#quote?.id, error });
      earliest = Date.now() + stuckMilliseconds;
    }
    const next = this.#nextAt();
    if (next === undefined) await this.ctx.storage.deleteAlarm();
    else await this.ctx.storage.setAlarm(Math.max(next, earliest));
  }

  /** Appends what time has done. An alarm that is late or rings twice finds nothing more to append. */
  async #letTimePass(): Promise<void> {
    for (;;) {
      const appended = await this.#transaction((at) => {
        const quote = this.#current();
        const events = quote === undefined ? [] : dueEvents(quote, instantOf(at));
        if (events.length > 0) this.#append(events, { actor: system, at });
        return events.length;
      });
      if (appended === 0) return;
    }
  }

  /** Tells what is to be told by now. The lists come first, since others lead to what they say. */
  async #tell(): Promise<void> {
    for (let round = 0; round < roundsMax; round++) {
      const due = this.#outbox.due(Date.now());
      if (due.length === 0) return;
      const lists = due.filter(({ topic }) => topic === listsTopic);
      for (const message of lists) await this.#carry(message);
      await Promise.all(due.filter((message) => !lists.includes(message)).map((each) => this.#carry(each)));
    }
  }

  /** Tells one thing. If that fails, it is tried again later. */
  async #carry(message: Message): Promise<void> {
    const { topic, attempts } = message;
    try {
      if (topic === orderTopic) await this.#carryOrder(message);
      else await this.#carryState(topic);
    } catch (error) {
      // Whose inbox it is, is nobody's business who reads the log.
      const [about] = topic.split("/", 1);
      log("quote_not_told", { quote: this.#quote?.id, about, attempts, error });
      // When an order is tried again was written down before this attempt.
      if (topic !== orderTopic) this.#outbox.postpone(message, Date.now() + retryPause(attempts));
    }
  }

  /** Brings the lists or an inbox to what the quote is by now. */
  async #carryState(topic: string): Promise<void> {
    const quote = this.#opened();
    const addressee = addresseeOfTopic(topic);
    if (addressee === undefined) await this.#project(quote);
    else await noteInInbox(this.env, inboxNote(quote, addressee));
    this.#outbox.told(topic, quote.version);
  }

  /**
   * Hands the order over. The attempt is written down before it is made: whoever finds it there, after a crash or
   * without an answer, waits until it must have ended.
   */
  async #carryOrder(message: Message): Promise<void> {
    const order = orderOf(this.#opened());
    if (this.env.ORDERS === undefined || order === undefined) {
      return this.#outbox.postpone(message, Date.now() + noTakerMilliseconds);
    }
    const pause = claimMilliseconds + retryPause(message.attempts);
    this.#outbox.postpone(message, Date.now() + pause);
    const placed = await handOver(order, this.env.ORDERS);
    await this.#transaction((at) => {
      const events = handedOver(this.#opened(), placed);
      if (events.length > 0) this.#append(events, { actor: system, at });
      this.#outbox.told(message.topic, message.version);
    });
  }

  async #project(quote: Quote): Promise<void> {
    const last = this.#log.last();
    if (last === undefined || last.seq !== quote.version) throw new Error("The log is not the quote's");
    await projectQuote(this.env.PUBLISHED, quote, {
      last,
      secret: this.env.SIGNING_SECRET,
      dueAt: sweepAt(quote, Date.now()),
    });
  }

  /** @throws {Error} when it was never opened, so that there is nothing to tell of */
  #opened(): Quote {
    if (this.#quote === undefined) throw new Error("The quote was not opened");
    return this.#quote;
  }

  /** The quote as it was at a version; without one, as it is. */
  #asOf(version?: number): Quote | undefined {
    return reduceAll(this.#log.read(version));
  }

  #nextAt(): number | undefined {
    const [timer] = this.#quote === undefined ? [] : timersOf(this.#quote);
    const due = [this.#outbox.nextAt(), timer?.at].filter((at) => at !== undefined);
    return due.length === 0 ? undefined : Math.min(...due);
  }
}

function inboxNote(quote: Quote, addressee: string): InboxNote {
  const isAsked = askedOf(quote).has(addressee);
  return { addressee, quote: quote.id, version: quote.version, isAsked };
}

function reduceAll(logged: readonly LoggedEvent[], before?: Quote): Quote | undefined {
  return logged.reduce<Quote | undefined>(reduce, before);
}
