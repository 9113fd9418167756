import { minorUnitOf } from "../currency.ts";
import {
  add,
  divide,
  hundred,
  multiply,
  one,
  parseDecimal,
  powerOfTen,
  subtract,
  zero,
  type Fraction,
} from "../fraction.ts";
import type { Rule } from "../records.ts";
import { round, roundToMultiple } from "../rounding.ts";
import { amountOf, percentOffOf } from "./effects.ts";
import type { Applied, Base } from "./base.ts";
import { enteringListPrice } from "./entering-price.ts";
import type { Line } from "./line.ts";
import { forUnit, worthOf } from "./quantity.ts";
import { roundedUnitPrice } from "./unit-price.ts";

/** A price that is found: of a graduated one, one part. */
export interface Found {
  readonly from: Fraction;
  readonly base: Base | undefined;
  readonly applied: readonly Applied[];
  /** Rounded, for `per` of the asked unit. */
  readonly unitPrice: Fraction;
  readonly per: Fraction;
}

export interface LineTotal {
  readonly total: Fraction;
  readonly unitPrice: Fraction;
}

/** 'The line total', with the unit price as it then is. */
export function lineTotal(parts: readonly Found[], isGraduated: boolean, line: Line): LineTotal {
  const { asked } = line;
  const quantity = parseDecimal(asked.question.quantity);
  const last = parts.at(-1);
  if (last === undefined) throw new RangeError("Cannot total a line without a price");
  const averaged = (total: Fraction): LineTotal => ({
    total,
    unitPrice: roundedUnitPrice(divide(multiply(total, last.per), quantity), line),
  });
  if (asked.policy.line === "conditions") {
    const total = conditions(parts, line);
    return isGraduated || asked.policy.preset === "sap"
      ? averaged(total)
      : { total, unitPrice: last.unitPrice };
  }
  if (isGraduated) {
    const values = parts.map(({ unitPrice, per }, index) =>
      lineValue(divide(multiply(unitPrice, widthOf(parts, index, line)), per), line),
    );
    return averaged(values.reduce(add, zero));
  }
  const discounted = asked.policy.line === "discount" ? discountedTotal(last, quantity, line) : undefined;
  const total = discounted ?? divide(multiply(last.unitPrice, quantity), last.per);
  return { total: lineValue(total, line), unitPrice: last.unitPrice };
}

/** Each value rounded: the base prices, then rule by rule. */
function conditions(parts: readonly Found[], line: Line): Fraction {
  const valueOf = (eachOf: (part: Found) => Fraction | undefined) =>
    parts
      .map((part, index) => {
        const each = eachOf(part);
        return each === undefined
          ? zero
          : lineValue(multiply(forUnit(each, line.unit, line), widthOf(parts, index, line)), line);
      })
      .reduce(add, zero);
  const start = valueOf(({ base }) => base?.each);
  let value = start;
  const rules = parts.at(-1)?.applied ?? [];
  // The first value is the base price's, or the first rule's where there is none.
  let first = start;
  rules.forEach(({ rule }, index) => {
    const isHeld = parts.some(({ applied }) => applied[index]?.after.isHeld === true);
    const change = isHeld ? undefined : plainChange(rule, value, first, line);
    value = change === undefined ? valueOf(({ applied }) => applied[index]?.after.each) : add(value, change);
    if (index === 0 && parts.at(-1)?.base === undefined) first = value;
  });
  return value;
}

/** What a plain effect adds to the value; undefined for any other. */
function plainChange(
  { effect, margin, ...rule }: Rule,
  value: Fraction,
  first: Fraction,
  line: Line,
): Fraction | undefined {
  if (margin !== undefined || effect.round !== undefined || "price" in effect || "formula" in effect)
    return undefined;
  const { on = "price" } = effect;
  if (on !== "price" && on !== "base") return undefined;
  const share = (percent: string) =>
    lineValue(divide(multiply(on === "base" ? first : value, parseDecimal(percent)), hundred), line);
  if ("percentOff" in effect) return negative(share(effect.percentOff));
  if ("percentMarkup" in effect) return share(effect.percentMarkup);
  const quantity = parseDecimal(line.asked.question.quantity);
  const times = (amount: string, currency: string) =>
    lineValue(
      multiply(forUnit(amountOf(amount, currency, { ...rule, effect }, line), line.unit, line), quantity),
      line,
    );
  return "amountOff" in effect
    ? negative(times(effect.amountOff, effect.currency))
    : times(effect.amountMarkup, effect.currency);
}

/** `line: discount`: undefined when something else than one plain percentage was applied. */
function discountedTotal(
  { base, applied, per }: Found,
  quantity: Fraction,
  line: Line,
): Fraction | undefined {
  const [only, ...more] = applied;
  if (only === undefined || more.length > 0) return undefined;
  const { effect, margin } = only.rule;
  const percent = percentOffOf(only.rule);
  if (percent === undefined || margin !== undefined || !("percentOff" in effect)) return undefined;
  if (effect.round !== undefined || effect.min !== undefined || effect.max !== undefined) return undefined;
  const on = effect.on ?? "price";
  if (on !== "price" && on !== "base" && on !== "list") return undefined;
  const input = on === "list" ? enteringListPrice(line) : base;
  if (input === undefined) return undefined;
  const before = roundedUnitPrice(multiply(forUnit(input.each, line.unit, line), per), line);
  return divide(multiply(multiply(before, subtract(one, divide(percent, hundred))), quantity), per);
}

/** How much of the quantity lies in a part, in the asked unit. */
function widthOf(parts: readonly Found[], index: number, line: Line): Fraction {
  const worth = worthOf(line.unit, line.product) ?? one;
  const until = parts[index + 1]?.from ?? line.quantity;
  return divide(subtract(until, parts[index]?.from ?? zero), worth);
}

/** Rounded as line values are. */
function lineValue(value: Fraction, { asked }: Line): Fraction {
  const { lineMode, lineTo } = asked.policy;
  const { currency } = asked.question;
  const step = Object.hasOwn(lineTo, currency) ? lineTo[currency] : undefined;
  if (step !== undefined) return roundToMultiple(value, parseDecimal(step), lineMode);
  const places = minorUnitOf(currency);
  return { numerator: round(value, places, lineMode), denominator: powerOfTen(places) };
}

function negative(value: Fraction): Fraction {
  return subtract(zero, value);
}
