import type { ControlEnv } from "../../control-plane/env.ts";
import { abandonSweep, commitSweep, openSweep } from "../../control-plane/ingest/sweep.ts";
import { takeRecords } from "../../control-plane/ingest/take-records.ts";
import { tidy } from "../../control-plane/ingest/tidy.ts";
import { announce } from "../../control-plane/routes/announce.ts";
import { withToken } from "../../control-plane/routes/answers.ts";
import { Problem } from "../../shared/api/problem.ts";
import { ndjson, type FeedAnswer } from "../support/erp-feed.ts";
import { deal, dealAmount, listed, listSet, others, products, ringTurn, toolRule, wide } from "./company.ts";
import { secret, type ControlPlane } from "./control-plane.ts";
import type { Faults } from "./faults.ts";
import type { History, SentSet } from "./history.ts";
import { Machine, MachineDied, StoreFailed } from "./machine.ts";
import type { World } from "./world.ts";

/** What the route of intake answers, with the key of the request. */
interface Delivered extends FeedAnswer {
  readonly key: string;
  readonly token: string;
}

/** An ERP that sends its changes late, twice and in any order, and each again until it is answered. */
export class Erp {
  readonly #world: World;
  readonly #faults: Faults;
  readonly #control: ControlPlane;
  readonly #history: History;
  #deliveries = 0;
  #underway = 0;

  constructor(world: World, faults: Faults, control: ControlPlane, history: History) {
    this.#world = world;
    this.#faults = faults;
    this.#control = control;
    this.#history = history;
  }

  get isIdle(): boolean {
    return this.#underway === 0;
  }

  /** The company as it is to begin with. What refers to others may come before them. */
  async begin(isWide: boolean): Promise<void> {
    const parts = [products, others, ringTurn(1), ...(isWide ? [wide] : [])];
    await Promise.all(this.#world.random.shuffled(parts).map((records) => this.#deliver(records)));
  }

  /** Sends a change, some time later and maybe a second time, as the same request or as another. */
  async send(records: readonly object[]): Promise<Delivered> {
    const { random } = this.#world;
    this.#underway++;
    await this.#world.sleep(random.below(15_000));
    const answer = await this.#deliver(records);
    if (random.chance(0.3)) {
      await this.#world.sleep(random.below(20_000));
      await this.#deliver(records, random.chance(0.5) ? answer.key : undefined);
    }
    this.#underway--;
    return answer;
  }

  /** Sends a change of which the publisher is not told: the word of it is lost. */
  async sendUnheard(records: readonly object[]): Promise<void> {
    await this.#deliver(records, undefined, "", false);
  }

  turnRing(turn: number): Promise<Delivered> {
    return this.send(ringTurn(turn));
  }

  changeRule(version: number): Promise<Delivered> {
    return this.send([toolRule(version)]);
  }

  /** Grants one customer a deal, and takes it back some time later. */
  async grantAndRevoke(version: number): Promise<Delivered> {
    const amount = dealAmount(version);
    await this.send([deal(2 * version, amount)]);
    await this.#world.sleep(this.#world.random.below(30_000));
    const answer = await this.send([deal(2 * version + 1, undefined)]);
    this.#history.revoked.push({ amount, sequence: answer.sequence });
    return answer;
  }

  /** Sends the list as a complete set, in two parts. */
  async sweepList(epoch: number): Promise<void> {
    const { random } = this.#world;
    const skus = listed.filter(() => random.chance(0.8));
    const records = listSet(epoch, skus);
    const set: SentSet = { epoch, skus, fate: "open" };
    this.#history.sets.push(set);
    this.#underway++;
    const sweep = await this.#insist(openListSweep);
    for (const part of [records.slice(0, 2), records.slice(2)]) {
      if (part.length > 0) await this.#deliver(part, undefined, sweep);
      await this.#world.sleep(random.below(5_000));
    }
    if (random.chance(0.25)) {
      set.fate = "abandoned";
      await this.#insist((env, now) => abandonSweep(env.CATALOG, sweep, now()));
    } else {
      set.fate = "committing";
      await this.#insist(async (env, now) => {
        const commit = { count: skus.length, force: true, now: now() };
        const { sequence } = await commitSweep(env.CATALOG, sweep, commit);
        if (sequence !== undefined) await announce(env, sequence);
      });
      set.fate = "committed";
    }
    this.#underway--;
  }

  async #deliver(records: readonly object[], again?: string, sweep = "", isHeard = true): Promise<Delivered> {
    const key = again ?? `delivery-${++this.#deliveries}`;
    const identity = { keyId: "erp", idempotencyKey: key, target: sweep };
    const taken = await this.#insist(async (env, now) => {
      const body = bodyOf(ndjson(records));
      const done = await takeRecords(env.CATALOG, { identity, body, encoding: "identity" }, now);
      if (done.sequence !== undefined && isHeard) await announce(env, done.sequence);
      await tidy(env.CATALOG, now());
      return done;
    });
    const { token, ...answer } = JSON.parse(withToken(taken.answer, secret)) as FeedAnswer & {
      token: string;
    };
    this.#history.acknowledged.push({ key, records, answer });
    return { ...answer, key, token };
  }

  /** Asks for something until it is done or refused, each time of another instance of the Worker. */
  async #insist<Result>(work: (env: ControlEnv, now: () => number) => Promise<Result>): Promise<Result> {
    const { random } = this.#world;
    for (;;) {
      const machine = new Machine("intake", this.#world, this.#faults);
      const env = this.#control.envFor((call, doing, about) => machine.call(call, doing, about), "control");
      try {
        return await machine.run(() => work(env, () => this.#world.now));
      } catch (error) {
        if (!isToBeTriedAgain(error)) throw error;
        await this.#world.sleep(random.between(500, 5_000));
      }
    }
  }
}

function isToBeTriedAgain(error: unknown): boolean {
  if (error instanceof Problem) return error.status === 409 || error.status >= 500;
  return error instanceof MachineDied || error instanceof StoreFailed;
}

const listScope = { type: "price", field: "list", id: "L" } as const;

/** Opens a sweep; one that is open already was opened by a request whose answer was lost. */
async function openListSweep({ CATALOG }: ControlEnv, now: () => number): Promise<string> {
  try {
    return (await openSweep(CATALOG, listScope, { keyId: "erp", now: now() })).sweep;
  } catch (error) {
    const open = error instanceof Problem ? error.options.more?.["sweep"] : undefined;
    if (typeof open === "string") return open;
    throw error;
  }
}

function bodyOf(text: string): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text));
      controller.close();
    },
  });
}
