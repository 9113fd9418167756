import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { ControlEnv } from "../../control-plane/env.ts";
import { DraftObject } from "../../control-plane/draft-object.ts";
import { headName } from "../../control-plane/head-object.ts";
import { publisherName, type PublisherObject } from "../../control-plane/publisher-object.ts";
import { gatedEnv, type Gate } from "./gated-env.ts";
import type { Fates, Outcome } from "./publisher-machine.ts";

/** A draft's object on a machine that can break at any call, as `PublisherMachine` is one for the publisher. */
export class DraftMachine {
  readonly #state: DurableObjectState;
  #object: DraftObject | undefined;
  #died = Promise.withResolvers<undefined>();
  #fates: Fates = () => "works";
  #alarmAt: number | null = null;
  calls: string[] = [];

  constructor(state: DurableObjectState) {
    this.#state = state;
  }

  setFates(fates: Fates = () => "works"): void {
    this.#fates = fates;
    this.calls = [];
  }

  /** What the platform does when it likes to. */
  evict(): void {
    this.#object = undefined;
  }

  get isAlarmSet(): boolean {
    return this.#alarmAt !== null;
  }

  async run<Result>(work: (object: DraftObject) => Promise<Result>): Promise<Outcome<Result>> {
    const object = (this.#object ??= this.#start());
    const done = work(object).then((value) => ({ kind: "done", value }) as const);
    return Promise.race([done, this.#died.promise.then(() => ({ kind: "crashed" }) as const)]);
  }

  /** Rings once, if an alarm is set; the alarm over which the object dies stays. */
  async ring(): Promise<void> {
    const at = this.#alarmAt;
    if (at === null) return;
    this.#alarmAt = null;
    const outcome = await this.run((object) => object.alarm());
    if (outcome.kind === "crashed") this.#alarmAt ??= at;
  }

  #start(): DraftObject {
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
    const gated = gatedEnv(env, gate, env.HEAD.getByName(headName), []);
    const publisher = env.PUBLISHER.getByName(publisherName);
    const publish = (...call: Parameters<PublisherObject["publish"]>) =>
      gate("publisher.publish", async () => publisher.publish(...call));
    const namespace = { getByName: () => ({ publish }) } as unknown as ControlEnv["PUBLISHER"];
    const object = new DraftObject(this.#state, { ...gated, PUBLISHER: namespace });
    const { storage } = this.#state;
    const gatedStorage = {
      sql: storage.sql,
      get: (name: string) => gate("storage.get", () => storage.get(name)),
      put: (name: string, value: unknown) => gate("storage.put", () => storage.put(name, value)),
      delete: (name: string) => gate("storage.delete", () => storage.delete(name)),
      getAlarm: () => gate("alarm.get", async () => this.#alarmAt),
      setAlarm: (at: number) =>
        gate("alarm.set", async () => {
          this.#alarmAt = at;
        }),
    };
    Object.defineProperty(object, "ctx", { value: { storage: gatedStorage } });
    return object;
  }
}

/** Does something with the object of a draft; its storage and alarm are nobody else's. */
export function withDraftObject(name: string, work: (machine: DraftMachine) => Promise<void>): Promise<void> {
  return runInDurableObject(env.DRAFTS.getByName(name), (_object, state) => work(new DraftMachine(state)));
}
