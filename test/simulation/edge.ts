import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { Problem } from "../../shared/api/problem.ts";
import type { Instant } from "../../shared/pricing/instant.ts";
import type { AskedLine } from "../../shared/snapshot/line-answer.ts";
import type { PartRow } from "../../shared/snapshot/parts.ts";
import { priceLines, type PricesAnswer } from "../../shared/snapshot/price-lines.ts";
import { readToken } from "../../shared/snapshot/token.ts";
import type { Head } from "../../shared/snapshot/head.ts";
import { headKey } from "../../shared/snapshot/keys.ts";
import type { SnapshotEnv } from "../../workers/env.ts";
import { IsolateMemory } from "../../workers/snapshots/live-snapshot.ts";
import type { Gate } from "../support/gated-env.ts";
import type { ControlPlane } from "./control-plane.ts";
import { damage } from "./eventual-kv.ts";
import type { Faults } from "./faults.ts";
import { Machine } from "./machine.ts";
import type { World } from "./world.ts";

export const ageSecondsMax = 20;

export type Reply =
  | {
      readonly kind: "answered";
      readonly at: Instant;
      /** When the head was last confirmed, by the edge's clock. */
      readonly confirmedAt: Instant;
      readonly head: Head;
      readonly token: string;
      readonly answer: PricesAnswer;
    }
  | { readonly kind: "refused"; readonly code: string; readonly status: number };

/** What an isolate has of its own. */
interface Isolate {
  readonly memory: IsolateMemory;
  readonly env: SnapshotEnv;
  /** When one of those that know the head last told it, by the edge's clock. */
  confirmedAt: Instant;
}

/** One place where questions are answered, with a clock and a memory of its own. */
export class Edge {
  readonly place: string;
  readonly #world: World;
  readonly #bindings: SnapshotEnv;
  readonly #skewMilliseconds: number;
  #isolate: Isolate;
  /** Whether it reaches nothing: neither KV, nor the database, nor the head's object. */
  isCutOff = false;
  /** The share of segments whose bytes come back damaged. */
  damaging = 0;

  constructor(place: string, world: World, faults: Faults, control: ControlPlane) {
    this.place = place;
    this.#world = world;
    this.#skewMilliseconds = world.random.between(-2_000, 2_000);
    const machine = new Machine("edge", world, faults);
    const gate: Gate = (call, work, about) =>
      machine.call(call, () => (this.isCutOff ? Promise.reject(new Error("Cut off")) : work()), about);
    const env = control.envFor(gate, place);
    this.#bindings = {
      ...env,
      PUBLISHED: damagedBy(this.#damage, env.PUBLISHED),
      HEAD_AGE_MAX_SECONDS: String(ageSecondsMax),
    };
    this.#isolate = this.#start();
  }

  /** The platform starts another isolate. */
  restart(): void {
    this.#isolate = this.#start();
  }

  /** What `POST /v1/prices` does between the question's schema and the answer's text. */
  async ask(customer: string, lines: readonly AskedLine[], atLeast: string | undefined): Promise<Reply> {
    const isolate = this.#isolate;
    const { env, memory } = isolate;
    const now = this.#now;
    try {
      await this.#world.byClock(now, () => memory.warmUp(env));
      const wanted = atLeast === undefined ? undefined : readToken(atLeast, env.SIGNING_SECRET);
      const { head, token, manifest, reader, memory: known } = await memory.open(env, now, wanted);
      const { confirmedAt } = isolate;
      const answer = await priceLines({ customer, at: now, lines }, manifest, reader, known);
      return { kind: "answered", at: now, confirmedAt, head, token, answer };
    } catch (error) {
      if (error instanceof Problem) return { kind: "refused", code: error.code, status: error.status };
      throw error;
    }
  }

  readonly #damage = (bytes: Uint8Array): void => {
    if (this.#world.random.chance(this.damaging)) damage(bytes, this.#world.random);
  };

  readonly #damaged = <Read>(read: Read): Read => {
    if (read instanceof ArrayBuffer) this.#damage(new Uint8Array(read));
    return read;
  };

  get #now(): Instant {
    return this.#world.now + this.#skewMilliseconds;
  }

  #start(): Isolate {
    const { SNAPSHOTS, HEAD } = this.#bindings;
    const confirming = async <Told>(told: Promise<Told>): Promise<Told> => {
      const since = this.#now;
      const head = await told;
      if (head !== null && head !== undefined) isolate.confirmedAt = Math.max(isolate.confirmedAt, since);
      return head;
    };
    const kv = {
      get: (key: string, options: { type: "json" }) => {
        const read = SNAPSHOTS.get(key, options);
        return key === headKey ? confirming(read) : read.then(this.#damaged);
      },
    };
    const head = { current: () => confirming(HEAD.getByName("head").current()) };
    const env = {
      ...this.#bindings,
      SNAPSHOTS: kv as unknown as KVNamespace,
      HEAD: { getByName: () => head },
    };
    const isolate: Isolate = { memory: new IsolateMemory(), env, confirmedAt: -Infinity };
    return isolate;
  }
}

/** A database of segments whose bytes go through something on their way. */
function damagedBy(damage: (bytes: Uint8Array) => void, database: D1Database): D1Database {
  const bound = (statement: D1PreparedStatement) => ({
    all: async () => {
      const { results } = await statement.all<PartRow>();
      return {
        results: results.map((row): PartRow => {
          const bytes = hexToBytes(row.digits);
          damage(bytes);
          return { digits: bytesToHex(bytes) };
        }),
      };
    },
  });
  const prepare = (sql: string) => ({
    bind: (...values: unknown[]) => bound(database.prepare(sql).bind(...values)),
  });
  return { prepare } as unknown as D1Database; // An edge that calls anything else fails at once.
}
