import { runInDurableObject } from "cloudflare:test";
import { vi } from "vitest";
import type { OrderTaker } from "../../shared/quoting/order.ts";
import type { EdgeEnv } from "../../workers/env.ts";
import { QuoteObject } from "../../workers/quote-object.ts";
import { edgeEnv, quoteObject } from "./edge-env.ts";
import { gatedDatabase, type Gate } from "./gated-env.ts";
import type { Fates, Outcome } from "./publisher-machine.ts";

/**
 * A quote's object on a machine that can break at any call. Its storage is a Durable Object's real one, and so are D1
 * and the inboxes; what it waits for when it dies never comes, and the next one starts from the storage alone. The
 * alarm rings when a test says so, and the clock is then at least where it was set to.
 */
export class QuoteMachine {
  readonly #state: DurableObjectState;
  readonly #orders: OrderTaker | undefined;
  #object: QuoteObject | undefined;
  #died = Promise.withResolvers<undefined>();
  #fates: Fates = () => "works";
  #alarmAt: number | null = null;
  /** Since the fates were set. */
  calls: string[] = [];

  constructor(state: DurableObjectState, orders: OrderTaker | undefined) {
    this.#state = state;
    this.#orders = orders;
  }

  setFates(fates: Fates = () => "works"): void {
    this.#fates = fates;
    this.calls = [];
  }

  get alarmAt(): number | null {
    return this.#alarmAt;
  }

  evict(): void {
    this.#object = undefined;
  }

  /** Does something with the object, which is started if it is dead, unless it dies over it. */
  async run<Result>(work: (object: QuoteObject) => Promise<Result>): Promise<Outcome<Result>> {
    const object = (this.#object ??= this.#start());
    const done = work(object).then((value) => ({ kind: "done", value }) as const);
    return Promise.race([done, this.#died.promise.then(() => ({ kind: "crashed" }) as const)]);
  }

  /** As `run`, of what must not break. */
  async ask<Result>(work: (object: QuoteObject) => Promise<Result>): Promise<Result> {
    const outcome = await this.run(work);
    if (outcome.kind === "crashed") throw new Error("The quote's object died");
    return outcome.value;
  }

  /** Rings the alarm that is set for now or later; the one over which the object dies stays. */
  async ring(): Promise<void> {
    const at = this.#alarmAt;
    if (at === null) return;
    vi.setSystemTime(Math.max(Date.now(), at));
    this.#alarmAt = null;
    const outcome = await this.run((object) => object.alarm());
    if (outcome.kind === "crashed") this.#alarmAt ??= at;
  }

  /** Rings so many times, or until no alarm is set before then. */
  async settle(until: number, times = 40): Promise<void> {
    for (let ring = 0; ring < times && this.#alarmAt !== null && this.#alarmAt <= until; ring++)
      await this.ring();
  }

  #start(): QuoteObject {
    const died = Promise.withResolvers<undefined>();
    this.#died = died;
    let isDead = false;
    const die = (): Promise<never> => {
      isDead = true;
      this.#object = undefined;
      died.resolve(undefined);
      return new Promise(() => undefined);
    };
    const gate: Gate = async (call, work) => {
      if (isDead) return die();
      this.calls.push(call);
      const fate = this.#fates(call, this.calls.length);
      if (fate === "dies") return die();
      if (fate === "fails") throw new Error(`${call} failed`);
      const result = await work();
      if (isDead || fate === "diesAfter") return die();
      if (fate === "lost") throw new Error(`The answer of ${call} was lost`);
      return result;
    };
    const { storage } = this.#state;
    const alarms = {
      setAlarm: async (at: number) => {
        if (!isDead) this.#alarmAt = at;
      },
      deleteAlarm: async () => {
        if (!isDead) this.#alarmAt = null;
      },
    };
    const own = {
      storage: {
        ...alarms,
        sql: storage.sql,
        transactionSync: <Result>(work: () => Result) => storage.transactionSync(work),
      },
      getWebSockets: () => [],
    };
    const object = new QuoteObject(this.#state, gatedEdgeEnv(gate, this.#orders));
    // The real object's own alarm would ring by itself, for an object that was made without these gates.
    Object.defineProperty(object, "ctx", { value: own });
    return object;
  }
}

function gatedEdgeEnv(gate: Gate, orders: OrderTaker | undefined): EdgeEnv {
  const inbox = (name: string) => {
    const stub = edgeEnv.INBOXES.getByName(name);
    return {
      note: (...call: Parameters<typeof stub.note>) => gate("inbox.note", async () => stub.note(...call)),
      quotes: (...call: Parameters<typeof stub.quotes>) =>
        gate("inbox.quotes", async () => stub.quotes(...call)),
    };
  };
  const taker = orders && {
    find: (...call: Parameters<OrderTaker["find"]>) => gate("orders.find", () => orders.find(...call)),
    place: (...call: Parameters<OrderTaker["place"]>) => gate("orders.place", () => orders.place(...call)),
  };
  return {
    ...edgeEnv,
    PUBLISHED: gatedDatabase(edgeEnv.PUBLISHED, "published", gate),
    INBOXES: { getByName: inbox },
    ...(taker === undefined ? {} : { ORDERS: taker }),
  };
}

/** Does something with the object of a quote; its storage and alarm are nobody else's. */
export function withQuoteObject(
  quote: string,
  orders: OrderTaker | undefined,
  work: (machine: QuoteMachine) => Promise<void>,
): Promise<void> {
  return runInDurableObject(quoteObject(quote), (_object, state) => work(new QuoteMachine(state, orders)));
}
