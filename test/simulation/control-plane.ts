import type { DatabaseSync } from "node:sqlite";
import type { ControlEnv } from "../../control-plane/env.ts";
import { HeadObject } from "../../control-plane/head-object.ts";
import { takeTasks, type CompileMessage } from "../../control-plane/publish/take-tasks.ts";
import type { PublisherObject } from "../../control-plane/publisher-object.ts";
import type { Head } from "../../shared/snapshot/head.ts";
import { gatedEnv, type Gate } from "../support/gated-env.ts";
import { EventualKv } from "./eventual-kv.ts";
import type { Faults } from "./faults.ts";
import { Machine } from "./machine.ts";
import { PublisherHost } from "./publisher-host.ts";
import { emptyDatabase, sqliteD1 } from "./sqlite-d1.ts";
import { SqliteStorage } from "./sqlite-storage.ts";
import type { World } from "./world.ts";

export const secret = "a secret of the tests, 32 characters at least";

/** The stores, the objects and the queue that a company has, and what its Workers get of them. */
export class ControlPlane {
  readonly catalog: DatabaseSync = emptyDatabase("catalog");
  readonly published: DatabaseSync = emptyDatabase("published");
  readonly kv: EventualKv;
  readonly publisher: PublisherHost;
  readonly #world: World;
  readonly #faults: Faults;
  readonly #env: ControlEnv;
  readonly #headStorage = new SqliteStorage();
  /** Looks at each move of the head before it is made. */
  onMove: (to: Pick<Head, "manifest">) => void = () => undefined;

  constructor(world: World, faults: Faults) {
    this.#world = world;
    this.#faults = faults;
    this.kv = new EventualKv(world.random, () => world.now);
    const env = {
      CATALOG: sqliteD1(this.catalog),
      PUBLISHED: sqliteD1(this.published),
      SNAPSHOTS: this.kv.at("control"),
      WEBHOOKS: { getByName: () => ({ wake: async () => undefined }) },
      PUBLISHER: {},
      HEAD: {},
      COMPILE: {},
      SIGNING_SECRET: secret,
    };
    this.#env = env as unknown as ControlEnv; // What a Worker gets instead of these is in `envFor`.
    this.publisher = new PublisherHost(world, faults, (gate) => this.envFor(gate, "control"));
  }

  /** The bindings of a Worker in a place, whose calls go through the gate. */
  envFor(gate: Gate, place: string): ControlEnv {
    const queued = { push: (...messages: CompileMessage[]) => this.#deliver(messages) };
    const head = {
      current: async () => this.head.current(),
      move: async (...call: Parameters<HeadObject["move"]>) => this.#move(...call),
    };
    const stub = head as unknown as DurableObjectStub<HeadObject>;
    const env = gatedEnv({ ...this.#env, SNAPSHOTS: this.kv.at(place) }, gate, stub, queued);
    return { ...env, PUBLISHER: this.#publisherFor(gate) };
  }

  /** The head's object, started anew, as it may be at any time. */
  get head(): HeadObject {
    return new HeadObject({ storage: this.#headStorage } as unknown as DurableObjectState, this.#env);
  }

  #move(...[to, condition]: Parameters<HeadObject["move"]>): Head | undefined {
    this.onMove(to);
    return this.head.move(to, condition);
  }

  #publisherFor(gate: Gate): ControlEnv["PUBLISHER"] {
    const call = <Result>(name: string, work: (publisher: PublisherObject) => Promise<Result>) =>
      gate(`publisher.${name}`, () => this.publisher.run(work));
    const stub = {
      recordsApplied: (sequence: number) => call("recordsApplied", (one) => one.recordsApplied(sequence)),
      taskFor: (...given: Parameters<PublisherObject["taskFor"]>) =>
        call("taskFor", (one) => one.taskFor(...given)),
      noteOutgoing: (hashes: readonly string[]) =>
        call("noteOutgoing", async (one) => one.noteOutgoing(hashes)),
      bucketCompiled: (...given: Parameters<PublisherObject["bucketCompiled"]>) =>
        call("bucketCompiled", (one) => one.bucketCompiled(...given)),
    };
    return { getByName: () => stub } as unknown as ControlEnv["PUBLISHER"];
  }

  /** A queue delivers in any order, some messages twice, and some never. */
  #deliver(messages: readonly CompileMessage[]): void {
    const { random } = this.#world;
    for (const message of random.shuffled(messages)) {
      if (random.chance(0.1)) continue;
      for (let copies = random.chance(0.2) ? 2 : 1; copies > 0; copies--) {
        this.#world.after(random.below(2_000), () => this.#world.begin(() => this.#take(message, 1)));
      }
    }
  }

  async #take(body: CompileMessage, attempts: number): Promise<void> {
    const machine = new Machine("consumer", this.#world, this.#faults);
    const env = this.envFor((call, work, about) => machine.call(call, work, about), "control");
    let isToComeAgain = false;
    const message = { body, attempts, ack: () => undefined, retry: () => (isToComeAgain = true) };
    const batch = { messages: [message] } as unknown as MessageBatch<CompileMessage>;
    await machine.run(() => takeTasks(batch, env)).catch(() => (isToComeAgain = true));
    if (isToComeAgain && attempts < 3) {
      await this.#world.sleep(1_000);
      await this.#take(body, attempts + 1);
    }
  }
}
