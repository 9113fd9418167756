import { vi } from "vitest";
import type { SeededRandom } from "./seeded-random.ts";

interface Planned {
  readonly at: number;
  readonly order: number;
  readonly begin: () => void;
}

/**
 * Time in a simulation: it passes from one planned event to the next, and stands still while code runs. What
 * happens at the same time happens in an order that follows from the seed.
 */
export class World {
  readonly random: SeededRandom;
  readonly #planned: Planned[] = [];
  #failure: { readonly error: unknown } | undefined;
  #now: number;

  constructor(random: SeededRandom, start: number) {
    this.random = random;
    this.#now = start;
    vi.setSystemTime(start);
  }

  get now(): number {
    return this.#now;
  }

  after(milliseconds: number, begin: () => void): void {
    const planned = { at: this.#now + milliseconds, order: this.random.next(), begin };
    let low = 0;
    let high = this.#planned.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#planned[middle];
      if (
        other !== undefined &&
        (other.at < planned.at || (other.at === planned.at && other.order < planned.order))
      )
        low = middle + 1;
      else high = middle;
    }
    this.#planned.splice(low, 0, planned);
  }

  /** Does something by another clock, up to where it first waits. */
  byClock<Result>(now: number, work: () => Result): Result {
    vi.setSystemTime(now);
    const result = work();
    vi.setSystemTime(this.#now);
    return result;
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.after(milliseconds, resolve));
  }

  /** Starts something that nobody waits for; if it fails, so does the simulation. */
  begin(work: () => Promise<unknown>): void {
    work().catch((error: unknown) => {
      this.#failure ??= { error };
    });
  }

  /** Lets time pass until the work is done, which it must be at some time. */
  async run<Result>(work: Promise<Result>, until: number): Promise<Result> {
    let isDone = false;
    const done = work.finally(() => (isDone = true));
    // Whoever waits for `done` meets its failure.
    done.catch(() => undefined);
    for (;;) {
      // All that can go on without time passing does so before this comes back.
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#failure !== undefined) throw this.#failure.error;
      if (isDone) return done;
      const next = this.#planned.shift();
      if (next === undefined || next.at > until) throw new Error("The work is not done, and never will be");
      this.#now = next.at;
      vi.setSystemTime(next.at);
      next.begin();
    }
  }
}
