import type { ControlEnv } from "../../control-plane/env.ts";
import { PublisherObject } from "../../control-plane/publisher-object.ts";
import type { Gate } from "../support/gated-env.ts";
import type { Faults } from "./faults.ts";
import { Machine } from "./machine.ts";
import { SqliteStorage } from "./sqlite-storage.ts";
import type { World } from "./world.ts";

// What the platform does with an alarm that throws.
const retriesMax = 6;
const retryMilliseconds = 2_000;

/**
 * The platform under the publisher's object: one instance at a time, which may die at any call and starts again from
 * its storage; one alarm, which rings again until it was answered.
 */
export class PublisherHost {
  readonly #world: World;
  readonly #faults: Faults;
  readonly #storage = new SqliteStorage();
  readonly #envOf: (gate: Gate) => ControlEnv;
  #running: { readonly machine: Machine; readonly object: PublisherObject } | undefined;
  #alarmAt: number | null = null;
  #isRinging = false;

  constructor(world: World, faults: Faults, envOf: (gate: Gate) => ControlEnv) {
    this.#world = world;
    this.#faults = faults;
    this.#envOf = envOf;
  }

  /** A call of the object. @throws {MachineDied} */
  run<Result>(work: (publisher: PublisherObject) => Promise<Result>): Promise<Result> {
    const { machine, object } = this.#start();
    return machine.run(() => work(object));
  }

  /** Ends the instance, as the platform does when it likes to. */
  evict(): void {
    this.#running?.machine.die();
  }

  get isIdle(): boolean {
    return this.#alarmAt === null && !this.#isRinging;
  }

  #start(): { readonly machine: Machine; readonly object: PublisherObject } {
    if (this.#running !== undefined && !this.#running.machine.isDead) return this.#running;
    const machine = new Machine("publisher", this.#world, this.#faults);
    const gate: Gate = (call, work, about) => machine.call(call, work, about);
    const context = {
      storage: {
        sql: this.#storage.sql,
        transactionSync: <Result>(work: () => Result) => this.#storage.transactionSync(work),
        getAlarm: () => machine.call("alarm.get", async () => this.#alarmAt),
        setAlarm: (at: number) => machine.call("alarm.set", async () => this.#setAlarm(at)),
      },
    };
    // The object's constructor and methods use nothing else of their context.
    const object = new PublisherObject(context as unknown as DurableObjectState, this.#envOf(gate));
    this.#running = { machine, object };
    return this.#running;
  }

  #setAlarm(at: number): void {
    this.#alarmAt = at;
    this.#world.after(Math.max(0, at - this.#world.now), () => {
      if (this.#alarmAt === at) this.#world.begin(() => this.#ring(0));
    });
  }

  async #ring(failures: number): Promise<void> {
    // One that comes due while the one before is answered rings after it.
    if (this.#isRinging) return;
    this.#isRinging = true;
    this.#alarmAt = null;
    const { machine, object } = this.#start();
    let isAnswered = false;
    try {
      await machine.run(async () => {
        await machine.call("alarm.start", async () => undefined);
        await object.alarm();
        await machine.call("alarm.end", async () => undefined);
      });
      isAnswered = true;
    } catch {
      // It rings again.
    }
    this.#isRinging = false;
    if (!isAnswered && failures < retriesMax && this.#alarmAt === null) {
      this.#alarmAt = this.#world.now;
      const retriedAt = this.#alarmAt;
      this.#world.after(retryMilliseconds * 2 ** failures, () => {
        if (this.#alarmAt === retriedAt) this.#world.begin(() => this.#ring(failures + 1));
      });
    } else if (this.#alarmAt !== null) this.#setAlarm(this.#alarmAt);
  }
}
