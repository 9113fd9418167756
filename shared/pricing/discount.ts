import type { Company } from "./company.ts";
import { perBaseUnit } from "./candidate.ts";
import {
  add,
  compare,
  divide,
  hundred,
  multiply,
  one,
  parseDecimal,
  subtract,
  type Fraction,
} from "./fraction.ts";
import type { Instant } from "./instant.ts";
import { isInForce, periodOf, type Period } from "./period.ts";
import { bandOf, isInBand, type Quantity, type QuantityBand } from "./quantity-band.ts";
import type { DecimalText, Effect, Rule } from "./records.ts";

/** A price on the way: what a base unit costs, and the quantity (`per`) that the answer is for. */
export interface RunningPrice {
  readonly perBaseUnit: Fraction;
  readonly per: DecimalText;
}

/** A rule that is for the customer and about the product, ready to be applied. */
export interface ApplicableRule {
  readonly record: string;
  readonly period: Period;
  readonly listPeriod: Period | undefined;
  readonly band: QuantityBand;
  readonly exclusive: boolean;
  /** Whether it makes a price of its own, and so applies without a base price. */
  readonly setsPrice: boolean;
  apply(price: RunningPrice | undefined): RunningPrice;
}

/** The rule for one currency, or undefined when it can never match this product in it. */
export function applicableRule(
  rule: Rule,
  record: string,
  currency: string,
  company: Company,
  factors: ReadonlyMap<string, Fraction>,
  baseUnit: string,
): ApplicableRule | undefined {
  const factor = factors.get(rule.unit ?? baseUnit);
  const list = rule.list === undefined ? undefined : company.lists.get(rule.list);
  if (factor === undefined || (rule.list !== undefined && list === undefined)) return undefined;
  if (rule.currency !== undefined && rule.currency !== currency) return undefined;
  if ("currency" in rule.effect && rule.effect.currency !== currency) return undefined;
  return {
    record,
    period: periodOf(rule, company.policy.timeZone),
    listPeriod: list?.period,
    band: bandOf(rule, factor),
    exclusive: rule.exclusive ?? false,
    setsPrice: "price" in rule.effect,
    apply: effectOf(rule.effect, factor),
  };
}

function effectOf(effect: Effect, factor: Fraction): (price: RunningPrice | undefined) => RunningPrice {
  if ("price" in effect) {
    const set = { perBaseUnit: perBaseUnit(effect.price, effect.per, factor), per: effect.per ?? "1" };
    return () => set;
  }
  if ("amountOff" in effect) {
    const off = divide(parseDecimal(effect.amountOff), factor);
    return changing((before) => subtract(before, off));
  }
  if ("percentOff" in effect) {
    const kept = subtract(one, divide(parseDecimal(effect.percentOff), hundred));
    return changing((before) => multiply(before, kept));
  }
  const raised = add(one, divide(parseDecimal(effect.percentMarkup), hundred));
  return changing((before) => multiply(before, raised));
}

function changing(change: (before: Fraction) => Fraction): (price: RunningPrice | undefined) => RunningPrice {
  return (price) => {
    if (price === undefined) throw new RangeError("Cannot apply a discount as there is no price yet");
    return { perBaseUnit: change(price.perBaseUnit), per: price.per };
  };
}

export interface AppliedRule {
  readonly record: string;
  readonly price: RunningPrice;
}

/** The rules applied to a base price, in order, each with the price after it. */
export function applyRules(
  rules: readonly ApplicableRule[],
  base: RunningPrice | undefined,
  how: "first" | "best" | "stack",
  at: Instant,
  quantity: Quantity,
): readonly AppliedRule[] {
  const matching = rules.filter(
    (rule) =>
      (base !== undefined || rule.setsPrice) &&
      isInForce(rule.period, at) &&
      (rule.listPeriod === undefined || isInForce(rule.listPeriod, at)) &&
      isInBand(rule.band, quantity),
  );
  const applied: AppliedRule[] = [];
  switch (how) {
    case "first": {
      const [first] = matching;
      if (first !== undefined) applied.push({ record: first.record, price: first.apply(base) });
      break;
    }
    case "best": {
      let best: AppliedRule | undefined;
      for (const rule of matching) {
        const price = rule.apply(base);
        if (best === undefined || compare(price.perBaseUnit, best.price.perBaseUnit) < 0) {
          best = { record: rule.record, price };
        }
      }
      if (best !== undefined) applied.push(best);
      break;
    }
    case "stack": {
      let running = base;
      for (const rule of matching) {
        running = rule.apply(running);
        applied.push({ record: rule.record, price: running });
        if (rule.exclusive) break;
      }
      break;
    }
  }
  return applied;
}
