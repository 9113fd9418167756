import {
  add,
  compare,
  divide,
  multiply,
  parseDecimal,
  powerOfTen,
  zero,
  type Fraction,
} from "../../shared/pricing/fraction.ts";
import type { Instant } from "../../shared/pricing/instant.ts";
import type { DecimalText } from "../../shared/pricing/records.ts";
import { sliceAt, tierAt, type StoredCurve } from "../../shared/snapshot/price-segment.ts";
import type { StoredTier } from "../../shared/snapshot/price-template.ts";

/** What has become of a price, from what is of no concern to what is of the most. */
export const changeKinds = ["same", "changed", "gone", "jumped", "zero"] as const;
export type ChangeKind = (typeof changeKinds)[number];

export interface PriceChange {
  readonly kind: ChangeKind;
  /** Where a check may fire for it, the unit prices that tell. */
  readonly example?: { readonly before: Amount; readonly after: Amount | null };
}

/** For `per` of a unit. */
export interface Amount {
  readonly unitPrice: DecimalText;
  readonly per: DecimalText;
}

const same: PriceChange = { kind: "same" };
const changed: PriceChange = { kind: "changed" };

/**
 * What is worst about the change of one price: looked at now and at every later instant at which it changes, in every
 * unit, at every tier. One is gone when it can't be had now at any quantity, and could.
 * @param factor from how many times the price on, or which part of it, it has jumped
 */
export function changeOf(
  before: StoredCurve,
  after: StoredCurve | undefined,
  { now, factor }: { readonly now: Instant; readonly factor: number },
): PriceChange {
  if (after !== undefined && before.fingerprint() === after.fingerprint()) return same;
  let worst = after === undefined ? same : changed;
  const live = firstAmount(before, now);
  if (live !== undefined && (after === undefined || firstAmount(after, now) === undefined)) {
    worst = { kind: "gone", example: { before: live, after: null } };
  }
  if (after === undefined) return worst;
  for (const [old, fresh] of pairsOf(before, after, now)) {
    const kind = kindOf(old, fresh, factor);
    if (isWorse(kind, worst.kind)) worst = { kind, example: { before: old, after: fresh } };
  }
  return worst;
}

export function isWorse(kind: ChangeKind, than: ChangeKind): boolean {
  return changeKinds.indexOf(kind) > changeKinds.indexOf(than);
}

function kindOf(before: Amount, after: Amount, factor: number): ChangeKind {
  const [old, fresh] = [each(before), each(after)];
  if (compare(old, zero) <= 0) return "changed";
  if (compare(fresh, zero) <= 0) return "zero";
  const times: Fraction = { numerator: BigInt(factor), denominator: 1n };
  const isUp = compare(fresh, multiply(old, times)) >= 0;
  const isDown = compare(old, multiply(fresh, times)) >= 0;
  return isUp || isDown ? "jumped" : "changed";
}

function each({ unitPrice, per }: Amount): Fraction {
  return divide(parseDecimal(unitPrice), parseDecimal(per));
}

// Quantities have at most 8 places.
const leastMore: Fraction = { numerator: 1n, denominator: powerOfTen(8) };

/** The amounts of both at each place from now on where either begins anew. */
function* pairsOf(
  before: StoredCurve,
  after: StoredCurve,
  now: Instant,
): Generator<readonly [Amount, Amount]> {
  const later = [...before.slices, ...after.slices].flatMap(({ from }) =>
    from !== null && from > now ? [from] : [],
  );
  for (const at of new Set([now, ...later])) {
    const [old, fresh] = [before, after].map((curve) => sliceAt(curve.slices, at).slice.units);
    for (const [unit, tiers] of old ?? []) {
      const others = fresh?.get(unit);
      if (others === undefined) continue;
      for (const { start } of [...tiers, ...others]) {
        const quantity = start.above ? add(start.value, leastMore) : start.value;
        const pair = [
          amountOf(before, tierAt(tiers, quantity)),
          amountOf(after, tierAt(others, quantity)),
        ] as const;
        if (pair[0] !== undefined && pair[1] !== undefined) yield [pair[0], pair[1]];
      }
    }
  }
}

function firstAmount(curve: StoredCurve, at: Instant): Amount | undefined {
  for (const tiers of sliceAt(curve.slices, at).slice.units.values()) {
    for (const tier of tiers) {
      const amount = amountOf(curve, tier);
      if (amount !== undefined) return amount;
    }
  }
  return undefined;
}

function amountOf(curve: StoredCurve, tier: StoredTier): Amount | undefined {
  const price = curve.priceOf(tier);
  return "unavailable" in price ? undefined : { unitPrice: price.unitPrice, per: price.per };
}
