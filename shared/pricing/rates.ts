import type { Arithmetic } from "./arithmetic.ts";
import { parseDecimal, type Fraction } from "./fraction.ts";
import type { Instant } from "./instant.ts";
import { periodOf } from "./period.ts";
import type { Rate } from "./records.ts";

interface DatedRate {
  readonly id: string;
  readonly from: Instant;
  readonly rate: Fraction;
}

/** The exchange rates of a company, by pair and date. */
export class Rates {
  /** By `EUR/USD`; the latest first, of the same date the smaller id first. */
  readonly #byPair = new Map<string, DatedRate[]>();
  readonly #codes = new Set<string>();

  constructor(records: readonly Rate[], timeZone: string) {
    for (const { id, rate, from } of records) {
      const pair = pairOf(id);
      const known = this.#byPair.get(pair) ?? [];
      this.#byPair.set(pair, known);
      known.push({ id, from: periodOf({ from }, timeZone).from, rate: parseDecimal(rate) });
      for (const code of pair.split("/")) this.#codes.add(code);
    }
    for (const dated of this.#byPair.values()) {
      dated.sort((a, b) => (a.from === b.from ? (a.id < b.id ? -1 : 1) : a.from > b.from ? -1 : 1));
    }
  }

  /** All currencies that a rate names. */
  currencies(): ReadonlySet<string> {
    return this.#codes;
  }

  /** All instants from which on some rate is in force. */
  *instants(): Iterable<Instant> {
    for (const dated of this.#byPair.values()) for (const { from } of dated) yield from;
  }

  /** The amount in another currency, unrounded, or undefined when no rate is in force. */
  convert(
    amount: Fraction,
    from: string,
    to: string,
    at: Instant,
    arithmetic: Arithmetic,
  ): Fraction | undefined {
    if (from === to) return amount;
    const direct = this.#inForce(`${from}/${to}`, at);
    if (direct !== undefined) return arithmetic.multiply(amount, direct);
    const inverse = this.#inForce(`${to}/${from}`, at);
    if (inverse !== undefined) return arithmetic.divide(amount, inverse);
    for (const pivot of [...this.#codes].sort()) {
      const source = this.#inForce(`${pivot}/${from}`, at);
      const target = this.#inForce(`${pivot}/${to}`, at);
      if (source !== undefined && target !== undefined) {
        return arithmetic.divide(arithmetic.multiply(amount, target), source);
      }
    }
    return undefined;
  }

  #inForce(pair: string, at: Instant): Fraction | undefined {
    return this.#byPair.get(pair)?.find(({ from }) => from <= at)?.rate;
  }
}

/** The pair of a rate's id: what stands before an `@`. */
function pairOf(id: string): string {
  const end = id.indexOf("@");
  return end === -1 ? id : id.slice(0, end);
}
