import { makesPrice, type ApplicableRule } from "./applicable-rule.ts";
import type { BasePrice, Point, RunningPrice } from "./base-price.ts";
import { reachesInDoubles } from "./double-quantity.ts";
import { applyEffect } from "./effect.ts";
import { withoutExcluded } from "./exclusions.ts";
import { compare, multiply } from "./fraction.ts";
import { isInForce } from "./period.ts";
import { isInBand } from "./quantity-band.ts";
import type { Unavailable } from "./question.ts";

export interface AppliedRule {
  readonly applied: ApplicableRule;
  /** The price after it. */
  readonly price: RunningPrice;
}

/** Applies matching rules, which stand in order, to a base price. */
export type ApplyRules = (
  matching: readonly ApplicableRule[],
  base: BasePrice | undefined,
  point: Point,
) => readonly AppliedRule[] | Unavailable;

/**
 * The rules that match a point and its base price, applied in order to `price`: that base price, or a part of it
 * that is priced alone.
 */
export function applyRules(
  point: Point,
  price: BasePrice | undefined,
  base: BasePrice | undefined,
): readonly AppliedRule[] | Unavailable {
  const { company, list, rules } = point.contenders;
  if (
    company.policy.listSays === "onBase" &&
    list?.parent !== undefined &&
    isInForce(list.period, point.at)
  ) {
    const parent = point.listSays(list.parent, price, point);
    if ("unavailable" in parent) return parent;
  }
  if (base?.candidate?.price.allowDiscount === false) return [];
  const matching = rules.filter((rule) => mismatch(rule, base, point) === undefined);
  const left = withoutExcluded(matching, price, point);
  return "unavailable" in left ? left : company.policy.applyRules(left, price, point);
}

export type Mismatch =
  | "no_base_price"
  | "not_yet"
  | "expired"
  | "list_not_in_force"
  | "other_unit"
  | "quantity_below"
  | "quantity_above"
  | "goods_value";

/** Why a rule does not match a point; undefined when it does. */
export function mismatch(
  applicable: ApplicableRule,
  base: BasePrice | undefined,
  point: Point,
): Mismatch | undefined {
  const { rule, period, listPeriod, band, amounts } = applicable;
  const { at, quantity, unit, contenders } = point;
  if (base === undefined && !makesPrice(rule)) return "no_base_price";
  if (!isInForce(period, at)) return at < period.from ? "not_yet" : "expired";
  if (listPeriod !== undefined && !isInForce(listPeriod, at)) return "list_not_in_force";
  const { ruleUnits } = contenders.company.policy;
  if (ruleUnits === "exact" && rule.unit !== undefined && rule.unit !== unit) return "other_unit";
  if (!isInBand(band, quantity)) {
    return band.min !== undefined && compare(quantity.value, band.min) < 0
      ? "quantity_below"
      : "quantity_above";
  }
  if (fallsShort(applicable, point)) return "quantity_below";
  if (amounts === undefined) return undefined;
  if (base === undefined) return "goods_value";
  const value = { value: multiply(base.price.perBaseUnit, quantity.value), above: quantity.above };
  return isInBand(amounts, value) ? undefined : "goods_value";
}

/** Whether a quantity of just the minimum does not reach it, as the ERP counts. */
function fallsShort({ rule: { minQuantity }, band, counted }: ApplicableRule, point: Point): boolean {
  const { company, units } = point.contenders;
  if (company.policy.quantities !== "doubles" || minQuantity === undefined || band.min === undefined)
    return false;
  if (point.quantity.above || compare(point.quantity.value, band.min) !== 0) return false;
  const asked = units.get(point.unit);
  return asked !== undefined && !reachesInDoubles(minQuantity, { counted, asked });
}

/** The first. */
export const applyFirst: ApplyRules = (matching, base, point) => {
  const [first] = matching;
  if (first === undefined) return [];
  const price = applyEffect(first, { running: base?.price, base }, point);
  return "unavailable" in price ? price : [{ applied: first, price }];
};

/** The one with the lowest result, each taken alone; among equals the first. */
export const applyBest: ApplyRules = (matching, base, point) => {
  let best: AppliedRule | undefined;
  for (const applied of matching) {
    const price = applyEffect(applied, { running: base?.price, base }, point);
    if ("unavailable" in price) return price;
    if (best === undefined || compare(price.perBaseUnit, best.price.perBaseUnit) < 0)
      best = { applied, price };
  }
  return best === undefined ? [] : [best];
};

/** All, each on the result of the one before, until an exclusive one. */
export const applyStack: ApplyRules = (matching, base, point) => {
  const all: AppliedRule[] = [];
  let running = base?.price;
  for (const applied of matching) {
    const price = applyEffect(applied, { running, base }, point);
    if ("unavailable" in price) return price;
    all.push({ applied, price });
    running = price;
    if (applied.rule.exclusive === true) break;
  }
  return all;
};
