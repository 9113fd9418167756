import type { Fate } from "../support/publisher-machine.ts";
import type { SeededRandom } from "./seeded-random.ts";

/** A place at which a machine can be made to die, or a store to fail. */
export interface FaultPoint {
  readonly machine: string;
  readonly call: RegExp;
  readonly about?: RegExp;
  readonly fate: Fate;
}

/** The named places of the paths from a record to a price, and where in a simulation they are. */
export const faultPoints = {
  "ingest.afterStage": {
    machine: "intake",
    call: /catalog\.batch/,
    about: /INSERT INTO staged/,
    fate: "diesAfter",
  },
  "ingest.afterApply.beforeAck": {
    machine: "intake",
    call: /catalog\.batch/,
    about: /UPDATE catalog_state/,
    fate: "diesAfter",
  },
  "compile.afterRead": {
    machine: "publisher",
    call: /catalog\.all/,
    about: /prices_by_sku/,
    fate: "diesAfter",
  },
  "compile.afterChunk": { machine: "publisher", call: /published\.batch/, fate: "diesAfter" },
  "publish.beforePointer": { machine: "publisher", call: /head\.move/, fate: "dies" },
  "publish.afterPointer.beforeAnnounce": { machine: "publisher", call: /head\.move/, fate: "diesAfter" },
  "alarm.start": { machine: "publisher", call: /alarm\.start/, fate: "dies" },
  "alarm.end": { machine: "publisher", call: /alarm\.end/, fate: "diesAfter" },
  "edge.afterPointerRead.beforeChunk": { machine: "edge", call: /kv\.get/, about: /^segment/, fate: "fails" },
  // The database is asked for what KV does not have yet.
  "edge.chunkMissing": { machine: "edge", call: /published\.all/, fate: "fails" },
} as const satisfies Record<string, FaultPoint>;

export type FaultPointName = keyof typeof faultPoints;

/** How often calls come to grief, and where one does for certain. */
export interface FaultPlan {
  /** Of a call to fail, before or after its effect. */
  readonly failing: number;
  /** Of a machine to die over a call. */
  readonly dying: number;
  /** A named place that is hit again and again, every time with the chance of one in two. */
  readonly point: FaultPointName | undefined;
}

const none: FaultPlan = { failing: 0, dying: 0, point: undefined };
const milliseconds: readonly (readonly [RegExp, number])[] = [
  [/^kv/, 20],
  [/^catalog/, 30],
  [/^published/, 20],
  [/^head/, 40],
  [/^queue/, 20],
];

/** Decides over every call of a simulation. */
export class Faults {
  readonly hits = new Map<FaultPointName, number>();
  readonly #random: SeededRandom;
  #plan: FaultPlan;

  constructor(random: SeededRandom, plan: FaultPlan) {
    this.#random = random;
    this.#plan = plan;
  }

  /** From here on all goes well. */
  heal(): void {
    this.#plan = none;
  }

  fateOf(machine: string, call: string, about: () => string): Fate {
    const { failing, dying, point } = this.#plan;
    if (point !== undefined && isAt(faultPoints[point], machine, call, about) && this.#random.chance(0.5)) {
      this.hits.set(point, (this.hits.get(point) ?? 0) + 1);
      return faultPoints[point].fate;
    }
    // An edge's isolate is ended as a whole, by who runs it.
    if (machine !== "edge" && this.#random.chance(dying)) return this.#random.pick(["dies", "diesAfter"]);
    if (this.#random.chance(failing)) return this.#random.pick(["fails", "lost"]);
    return "works";
  }

  latencyOf(call: string): number {
    const usual = milliseconds.find(([calls]) => calls.test(call))?.[1] ?? 1;
    return this.#random.chance(0.02) ? this.#random.below(3_000) : this.#random.below(usual);
  }
}

function isAt(point: FaultPoint, machine: string, call: string, about: () => string): boolean {
  return point.machine === machine && point.call.test(call) && (point.about?.test(about()) ?? true);
}
