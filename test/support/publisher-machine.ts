import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { ControlEnv } from "../../control-plane/env.ts";
import type { HeadObject } from "../../control-plane/head-object.ts";
import { PublisherObject } from "../../control-plane/publisher-object.ts";
import type { CompileMessage } from "../../control-plane/publish/take-tasks.ts";
import { gatedEnv, type Gate } from "./gated-env.ts";

/** What becomes of one call to a store: `lost` did its work and failed nevertheless. */
export type Fate = "works" | "fails" | "lost" | "dies" | "diesAfter";

/** Decides over each call, which are numbered from 1 since the fate was set. */
export type Fates = (call: string, number: number) => Fate;

export type Outcome<Result> =
  | { readonly kind: "done"; readonly value: Result }
  | { readonly kind: "crashed" };

const works: Fates = () => "works";
// As often as the platform tries an alarm again that threw.
const alarmRetries = 6;

/**
 * A publisher on a machine that can break at any call. Its storage is a Durable Object's real one, and so are the
 * stores; what it waits for when it dies never comes, and the next one starts from the storage alone. Its alarms ring
 * as soon as somebody asks, however late they were set to.
 */
export class PublisherMachine {
  readonly head: DurableObjectStub<HeadObject>;
  readonly #state: DurableObjectState;
  readonly #env: ControlEnv;
  #publisher: PublisherObject | undefined;
  #died = Promise.withResolvers<undefined>();
  #fates = works;
  #alarmAt: number | null = null;
  /** The calls since the fates were set. */
  calls: string[] = [];
  /** What was sent to the queue and nobody took yet. */
  readonly queued: CompileMessage[] = [];

  constructor(state: DurableObjectState, env: ControlEnv, head: DurableObjectStub<HeadObject>) {
    this.#state = state;
    this.#env = env;
    this.head = head;
  }

  setFates(fates: Fates = works): void {
    this.#fates = fates;
    this.calls = [];
  }

  /** Does something with the publisher, which is started if it is dead, unless it dies over it. */
  async run<Result>(work: (publisher: PublisherObject) => Promise<Result>): Promise<Outcome<Result>> {
    const publisher = (this.#publisher ??= this.#start());
    const done = work(publisher).then((value) => ({ kind: "done", value }) as const);
    return Promise.race([done, this.#died.promise.then(() => ({ kind: "crashed" }) as const)]);
  }

  /** Rings once, if an alarm is set. */
  async ring(): Promise<void> {
    if (this.#alarmAt === null) return;
    this.#alarmAt = null;
    await this.run((publisher) => publisher.alarm());
  }

  /** Ends the publisher; the next one starts from its storage. */
  restart(): void {
    this.#publisher = undefined;
  }

  /** Rings until no alarm is set, or the publisher dies; the alarm over which it did rings again next time. */
  async runAlarms(): Promise<Outcome<undefined>> {
    let failures = 0;
    while (this.#alarmAt !== null && failures <= alarmRetries) {
      const at = this.#alarmAt;
      this.#alarmAt = null;
      try {
        if ((await this.run((publisher) => publisher.alarm())).kind === "done") continue;
        this.#alarmAt ??= at;
        return { kind: "crashed" };
      } catch {
        // The platform tries an alarm that threw again, some times.
        failures++;
        this.#alarmAt ??= at;
      }
    }
    this.#alarmAt = null;
    return { kind: "done", value: undefined };
  }

  #start(): PublisherObject {
    const died = Promise.withResolvers<undefined>();
    let isDead = false;
    const die = (): Promise<never> => {
      isDead = true;
      this.#publisher = undefined;
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
    this.#died = died;
    const publisher = new PublisherObject(this.#state, gatedEnv(this.#env, gate, this.head, this.queued));
    const alarms = {
      getAlarm: () => gate("alarm.get", async () => this.#alarmAt),
      setAlarm: (at: number) =>
        gate("alarm.set", async () => {
          this.#alarmAt = at;
        }),
    };
    // The object's own alarm would ring by itself, for an object that was made without these gates.
    Object.defineProperty(publisher, "ctx", { value: { storage: alarms } });
    return publisher;
  }
}

/** Does something with a publisher of this name, whose storage and head nobody else uses. */
export function withPublisher(
  name: string,
  work: (machine: PublisherMachine) => Promise<void>,
  bindings: Partial<ControlEnv> = {},
): Promise<void> {
  return runInDurableObject(env.PUBLISHER.getByName(name), (_object, state) =>
    work(new PublisherMachine(state, { ...env, ...bindings }, env.HEAD.getByName(name))),
  );
}
