import { DurableObject } from "cloudflare:workers";
import { log } from "../shared/api/log.ts";
import type { Actor } from "../shared/quoting/actor.ts";
import { decide } from "../shared/quoting/decide.ts";
import type { LoggedEvent, QuoteEvent } from "../shared/quoting/event.ts";
import { opened } from "../shared/quoting/opened.ts";
import { orderOf } from "../shared/quoting/order-of.ts";
import type { Quote } from "../shared/quoting/quote.ts";
import { reduce } from "../shared/quoting/reduce.ts";
import { dueEvents, nextDueAt } from "../shared/quoting/timers.ts";
import type { EdgeEnv } from "./env.ts";
import { claimMilliseconds, handOver } from "./quotes/hand-over.ts";
import { EventLog, isTooLarge } from "./quotes/event-log.ts";
import { Outbox, type Message } from "./quotes/outbox.ts";
import { projectQuote } from "./quotes/project-quote.ts";
import type {
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
import { topicsOf } from "./quotes/topics.ts";

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
  #telling: Promise<void> | undefined;

  constructor(context: DurableObjectState, env: EdgeEnv) {
    super(context, env);
    this.#log = new EventLog(context.storage.sql);
    this.#outbox = new Outbox(context.storage.sql);
    this.#quote = this.#asOf();
  }

  async open({ actor, idempotency, ...opening }: Opening): Promise<Opened> {
    return this.#transaction((at): Opened => {
      if (this.#quote !== undefined) {
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
    return this.#transaction(() => this.#quote);
  }

  async look(question: LookQuestion): Promise<Looked> {
    return this.#transaction(() => this.#look(question));
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
    return this.#transaction(() => this.#log.read());
  }

  async wake(): Promise<boolean> {
    await this.#work();
    return this.#quote !== undefined;
  }

  override async alarm(): Promise<void> {
    await this.#work();
  }

  #look({ expected, idempotency }: LookQuestion): Looked {
    const current = this.#quote;
    if (current === undefined) return { kind: "unknown" };
    const earlier = this.#log.earlier(idempotency);
    if (earlier !== undefined) {
      const quote = earlier.isSame ? this.#asOf(earlier.version) : undefined;
      return quote === undefined ? { kind: "key_reused", current } : { kind: "repeated", quote, current };
    }
    return { kind: expected === current.version ? "ready" : "stale", current };
  }

  /**
   * Does the work in one transaction, on the quote as it is by now: what has come due happens first, so that an alarm
   * that is late makes no difference to anybody. Whatever was appended, the alarm is set with it.
   */
  async #transaction<Result>(work: (at: string) => Result): Promise<Result> {
    const before = this.#quote;
    const now = Date.now();
    let result: Result;
    try {
      result = this.ctx.storage.transactionSync(() => {
        this.#letTimePass(now);
        return work(new Date(now).toISOString());
      });
    } catch (error) {
      this.#quote = before;
      throw error;
    }
    // In the same turn as the transaction, and so in the same write.
    if (this.#quote !== before) await this.ctx.storage.setAlarm(now);
    return result;
  }

  #letTimePass(now: number): void {
    const at = new Date(now).toISOString();
    for (;;) {
      const events = this.#quote === undefined ? [] : dueEvents(this.#quote, at);
      if (events.length === 0) return;
      this.#append(events, { actor: system, at });
    }
  }

  #append(
    events: readonly QuoteEvent[],
    by: { readonly actor: Actor; readonly at: string; readonly idempotency?: IdempotencyKey | undefined },
  ): Quote {
    const before = this.#quote;
    const logged = this.#log.append(events, by);
    const quote = reduceAll(logged, before);
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
      await this.#transaction(() => undefined);
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

  /** Tells what is to be told now: the lists first, so that what the others lead to is there. */
  async #tell(): Promise<void> {
    for (;;) {
      const due = this.#outbox.due(Date.now());
      const [first, ...others] = due.some(({ topic }) => topic === "lists")
        ? [due.filter(({ topic }) => topic === "lists"), due.filter(({ topic }) => topic !== "lists")]
        : [due];
      if (due.length === 0) return;
    }
  }

  #nextAt(): number | undefined {
    const timer = this.#quote && nextDueAt(this.#quote);
    const due = [this.#outbox.nextAt(), timer].filter((at) => at !== undefined);
    return due.length === 0 ? undefined : Math.min(...due);
  }
}
