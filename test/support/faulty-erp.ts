import type { OrderTaker, Placed, QuotedOrder } from "../../shared/quoting/order.ts";

/**
 * What becomes of one call: the ERP is `down` and does nothing; it does its work and the answer is `lost`; it is `late`
 * and does its work only after the caller has given up; it does not find what it has booked a moment ago, since its
 * index `lags`; it `refuses` the order.
 */
export type ErpFate = "works" | "down" | "lost" | "late" | "lags" | "refuses";
export type ErpFates = (call: "find" | "place", number: number) => ErpFate;

export interface Booked {
  readonly erpOrder: string;
  readonly order: QuotedOrder;
}

interface ErpOptions {
  /** In milliseconds since 1970. */
  readonly now: () => number;
  /** Whether it refuses a second order with the same reference, by failing. Most don't, and book it again. */
  readonly isUnique?: boolean;
}

const lateMilliseconds = 50_000;

/** An ERP with faults. Whatever is placed is booked: one that is placed twice is there twice. */
export class FaultyErp implements OrderTaker {
  readonly #booked: Booked[] = [];
  readonly #late: { readonly at: number; readonly order: QuotedOrder }[] = [];
  readonly #options: ErpOptions;
  #fates: ErpFates = () => "works";
  /** Since the fates were set. */
  calls = 0;

  constructor(options: ErpOptions) {
    this.#options = options;
  }

  /** By now, also of calls that nobody waits for any more. */
  get booked(): readonly Booked[] {
    this.#bookLate();
    return this.#booked;
  }

  setFates(fates: ErpFates = () => "works"): void {
    this.#fates = fates;
    this.calls = 0;
  }

  async find(id: string): Promise<string | undefined> {
    const fate = this.#next("find");
    if (fate === "down" || fate === "lost" || fate === "late") throw new Error(`The ERP is ${fate}`);
    this.#bookLate();
    return fate === "lags" ? undefined : this.booked.find(({ order }) => order.id === id)?.erpOrder;
  }

  async place(order: QuotedOrder): Promise<Placed> {
    const fate = this.#next("place");
    this.#bookLate();
    if (fate === "refuses") return { kind: "refused", problem: "The customer is blocked" };
    if (fate === "down") throw new Error("The ERP is down");
    if (fate === "late") {
      this.#late.push({ at: this.#options.now() + lateMilliseconds, order });
      throw new Error("No answer in time");
    }
    const erpOrder = this.#book(order);
    if (fate === "lost") throw new Error("The answer was lost");
    return { kind: "placed", erpOrder };
  }

  #next(call: "find" | "place"): ErpFate {
    this.calls++;
    return this.#fates(call, this.calls);
  }

  #bookLate(): void {
    while (this.#late[0] !== undefined && this.#late[0].at <= this.#options.now()) {
      const late = this.#late.shift();
      if (late !== undefined) this.#book(late.order);
    }
  }

  #book(order: QuotedOrder): string {
    if (this.#options.isUnique === true && this.#booked.some((booked) => booked.order.id === order.id)) {
      throw new Error(`There is an order with the reference ${order.id}`);
    }
    const erpOrder = `SO-${this.#booked.length + 1}`;
    this.#booked.push({ erpOrder, order });
    return erpOrder;
  }
}

/** Fates by chance, the same for the same seed: about so many of 100 calls go wrong. */
export function randomFates(seed: number, percent: number): ErpFates {
  let state = (seed * 2_654_435_761 + 1) >>> 0;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 8;
  };
  const faults = ["down", "lost", "late"] as const;
  return () => (next() % 100 < percent ? (faults[next() % faults.length] ?? "down") : "works");
}
