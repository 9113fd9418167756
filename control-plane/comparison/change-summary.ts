import {
  compare,
  divide,
  hundred,
  multiply,
  parseDecimal,
  subtract,
  zero,
  type Fraction,
} from "../../shared/pricing/fraction.ts";
import { formatDecimal, round } from "../../shared/pricing/rounding.ts";
import type { ShownTier } from "../../shared/snapshot/tiers-shown.ts";
import type { ChangedPrice } from "./compare-snapshots.ts";

/** How much a price went up or down: a tenth more is "10.00", by the first tier. */
export type PercentText = string;

export interface Summary {
  readonly prices: number;
  readonly customers: number;
  readonly raised: number;
  readonly lowered: number;
  /** Prices whose first tier is the same, and another is not. */
  readonly tiersOnly: number;
  /** Products that a customer can buy now and could not before, and the other way about. */
  readonly added: number;
  readonly gone: number;
  /** How many prices changed by less than so many percent, up or down, and not by less than the one before. */
  readonly distribution: readonly { readonly below: number | null; readonly prices: number }[];
  /** The price that changed most. */
  readonly largest: { readonly customer: string; readonly sku: string; readonly percent: PercentText } | null;
}

const bounds = [1, 2, 5, 10, 20, 50] as const;

/** Counts changes as they come by. */
export class ChangeSummary {
  readonly #counts = { prices: 0, raised: 0, lowered: 0, tiersOnly: 0, added: 0, gone: 0 };
  readonly #customers = new Set<string>();
  readonly #distribution: number[] = [...bounds, null].map(() => 0);
  #largest: { readonly change: Fraction; readonly customer: string; readonly sku: string } | undefined;

  /** Returns the change in percent, or null when there is none to tell: no price before or after, or one of zero. */
  add({ customer, sku, before, after }: ChangedPrice): PercentText | null {
    this.#counts.prices++;
    this.#customers.add(customer);
    const [first] = before;
    const [now] = after;
    if (first === undefined || now === undefined) {
      this.#counts[first === undefined ? "added" : "gone"]++;
      return null;
    }
    const change = changeOf(first, now);
    if (change === undefined) {
      this.#counts.raised++;
      return null;
    }
    const sign = compare(change, zero);
    this.#counts[sign > 0 ? "raised" : sign < 0 ? "lowered" : "tiersOnly"]++;
    const size = magnitude(change);
    const band = bounds.findIndex(
      (bound) => compare(size, { numerator: BigInt(bound), denominator: 1n }) < 0,
    );
    const index = band === -1 ? bounds.length : band;
    this.#distribution[index] = (this.#distribution[index] ?? 0) + 1;
    if (this.#largest === undefined || compare(size, magnitude(this.#largest.change)) > 0) {
      this.#largest = { change, customer, sku };
    }
    return percentText(change);
  }

  summary(): Summary {
    const largest = this.#largest;
    return {
      ...this.#counts,
      customers: this.#customers.size,
      distribution: [...bounds, null].map((below, index) => ({
        below,
        prices: this.#distribution[index] ?? 0,
      })),
      largest:
        largest === undefined
          ? null
          : { customer: largest.customer, sku: largest.sku, percent: percentText(largest.change) },
    };
  }
}

/** In percent; undefined from a price of zero. */
function changeOf(before: ShownTier, after: ShownTier): Fraction | undefined {
  const [old, fresh] = [each(before), each(after)];
  if (compare(old, zero) === 0) return compare(fresh, zero) === 0 ? zero : undefined;
  return multiply(divide(subtract(fresh, old), old), hundred);
}

function each({ unitPrice, per }: ShownTier): Fraction {
  return divide(parseDecimal(unitPrice), parseDecimal(per ?? "1"));
}

function magnitude(value: Fraction): Fraction {
  return value.numerator < 0n ? subtract(zero, value) : value;
}

function percentText(percent: Fraction): PercentText {
  return formatDecimal(round(percent, 2, "half-up"), 2, 2);
}
