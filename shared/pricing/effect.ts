import type { ApplicableRule } from "./applicable-rule.ts";
import type { Arithmetic } from "./arithmetic.ts";
import {
  converted,
  inputAmount,
  listPrice,
  type BasePrice,
  type Point,
  type RunningPrice,
} from "./base-price.ts";
import { evaluateFormula } from "./formula/evaluate.ts";
import type { Formula, FormulaName } from "./formula/parse.ts";
import { compare, hundred, parseDecimal, zero, type Fraction } from "./fraction.ts";
import { toBaseUnit, toUnit } from "./product-units.ts";
import type { Unavailable } from "./question.ts";
import type { Bound, DecimalText, Effect, EffectInput, EffectRounding } from "./records.ts";
import { roundToMultiple } from "./rounding.ts";

const ruleError: Unavailable = { unavailable: "rule_error" };

/** The prices that an effect may be made on. */
export interface Before {
  readonly running: RunningPrice | undefined;
  readonly base: BasePrice | undefined;
}

/** The price after the rule, or why there is none. */
export function applyEffect(
  applicable: ApplicableRule,
  before: Before,
  point: Point,
): RunningPrice | Unavailable {
  const { effect, unsupported } = applicable.rule;
  if (unsupported !== undefined) return ruleError;
  const input = withMargin(inputOf(effect, applicable, before, point), applicable, point);
  if ("unavailable" in input) return input;
  const changed = change(effect, input, applicable, before, point);
  if ("unavailable" in changed) return changed;
  const rounded = effect.round === undefined ? changed : roundTo(changed, effect.round, applicable, point);
  const bounded = withinBounds(rounded, input, effect, applicable, point);
  if ("unavailable" in bounded) return bounded;
  const per = "price" in effect ? (effect.per ?? "1") : (before.running?.per ?? "1");
  return { perBaseUnit: bounded, per, isBound: bounded !== rounded };
}

function inputOf(
  effect: Effect,
  { worth }: ApplicableRule,
  before: Before,
  point: Point,
): Fraction | Unavailable {
  if ("price" in effect) {
    const { arithmetic } = point.contenders.company.policy;
    const amount = parseDecimal(effect.price);
    const each = effect.per === undefined ? amount : arithmetic.divide(amount, parseDecimal(effect.per));
    return converted(toBaseUnit(each, worth, arithmetic), effect.currency, point);
  }
  return namedInput("formula" in effect ? "price" : (effect.on ?? "price"), before, point);
}

function namedInput(on: EffectInput, { running, base }: Before, point: Point): Fraction | Unavailable {
  if (typeof on === "object") return point.listSays(on.list, base, point);
  switch (on) {
    // A percentage of the base price is taken off the running price.
    case "price":
    case "base":
      return running?.perBaseUnit ?? ruleError;
    case "list": {
      const found = listPrice(point);
      if (found === undefined) return ruleError;
      return "unavailable" in found ? found : found.price.perBaseUnit;
    }
    case "cost":
      return costOf(point) ?? ruleError;
  }
}

/** The product's cost for one base unit; undefined when it has none that could be used. */
function costOf(point: Point): Fraction | Unavailable | undefined {
  const { product, currency, company } = point.contenders;
  const { cost } = product;
  if (cost === undefined) return company.policy.missingInputs === "filled" ? zero : undefined;
  if (company.policy.convert !== "inputs" && cost.currency !== currency) return undefined;
  return inputAmount(cost, point);
}

function withMargin(
  input: Fraction | Unavailable,
  { rule: { margin }, worth }: ApplicableRule,
  point: Point,
): Fraction | Unavailable {
  if (margin === undefined || "unavailable" in input) return input;
  const { arithmetic } = point.contenders.company.policy;
  if ("percent" in margin) return arithmetic.add(input, percentOf(input, margin.percent, arithmetic));
  const amount = amountOf(margin.amount, margin.currency, worth, point);
  return "unavailable" in amount ? amount : arithmetic.add(input, amount);
}

function change(
  effect: Effect,
  input: Fraction,
  { worth, formula, parentList }: ApplicableRule,
  before: Before,
  point: Point,
): Fraction | Unavailable {
  const { arithmetic } = point.contenders.company.policy;
  if ("price" in effect) return input;
  if ("percentOff" in effect || "percentMarkup" in effect) {
    const of = effect.on === "base" ? before.base?.price.perBaseUnit : input;
    if (of === undefined) return ruleError;
    return "percentOff" in effect
      ? arithmetic.subtract(input, percentOf(of, effect.percentOff, arithmetic))
      : arithmetic.add(input, percentOf(of, effect.percentMarkup, arithmetic));
  }
  if ("amountOff" in effect) {
    const amount = amountOf(effect.amountOff, effect.currency, worth, point);
    return "unavailable" in amount ? amount : arithmetic.subtract(input, amount);
  }
  if ("amountMarkup" in effect) {
    const amount = amountOf(effect.amountMarkup, effect.currency, worth, point);
    return "unavailable" in amount ? amount : arithmetic.add(input, amount);
  }
  if (formula === undefined) throw new RangeError("Cannot apply a formula that was not parsed");
  return valueOf(formula, input, parentList, before, point);
}

function valueOf(
  formula: Formula,
  input: Fraction,
  parentList: string | undefined,
  before: Before,
  point: Point,
): Fraction | Unavailable {
  const names = new Map<FormulaName, Fraction>();
  for (const name of formula.names) {
    const value = nameOf(name, input, parentList, before, point);
    if ("unavailable" in value) return value;
    names.set(name, value);
  }
  return evaluateFormula(formula, names, point.contenders.company.policy.arithmetic) ?? ruleError;
}

function nameOf(
  name: FormulaName,
  input: Fraction,
  parentList: string | undefined,
  before: Before,
  point: Point,
): Fraction | Unavailable {
  switch (name) {
    case "unit_price":
      return input;
    case "cost_price":
      return namedInput("cost", before, point);
    case "list_price": {
      const isFilled = point.contenders.company.policy.missingInputs === "filled";
      if (isFilled && listPrice(point) === undefined) return before.base?.price.perBaseUnit ?? ruleError;
      return namedInput("list", before, point);
    }
    case "parent_unit_price":
      return parentList === undefined ? ruleError : point.listSays(parentList, before.base, point);
  }
}

/** The result becomes a multiple, and then more or less than that. */
function roundTo(
  price: Fraction,
  { to, mode, then }: EffectRounding,
  { worth }: ApplicableRule,
  point: Point,
): Fraction {
  const { arithmetic, roundIn } = point.contenders.company.policy;
  const unit = roundIn === "askedUnit" ? (point.contenders.units.get(point.unit) ?? worth) : worth;
  const multiple = toBaseUnit(
    roundToMultiple(toUnit(price, unit, arithmetic), parseDecimal(to), mode),
    unit,
    arithmetic,
  );
  return then === undefined
    ? multiple
    : arithmetic.add(multiple, toBaseUnit(parseDecimal(then), worth, arithmetic));
}

function withinBounds(
  price: Fraction,
  input: Fraction,
  { min, max }: Effect,
  { worth }: ApplicableRule,
  point: Point,
): Fraction | Unavailable {
  let result = price;
  if (min !== undefined) {
    const bound = boundOf(min, input, worth, point);
    if ("unavailable" in bound) return bound;
    if (compare(result, bound) < 0) result = bound;
  }
  if (max !== undefined) {
    const bound = boundOf(max, input, worth, point);
    if ("unavailable" in bound) return bound;
    if (compare(result, bound) > 0) result = bound;
  }
  return result;
}

function boundOf(
  bound: Bound,
  input: Fraction,
  worth: ApplicableRule["worth"],
  point: Point,
): Fraction | Unavailable {
  const { arithmetic } = point.contenders.company.policy;
  if ("amount" in bound) return amountOf(bound.amount, bound.currency, worth, point);
  if ("marginOnCost" in bound) {
    const cost = costOf(point) ?? ruleError;
    return "unavailable" in cost
      ? cost
      : arithmetic.add(cost, percentOf(cost, bound.marginOnCost, arithmetic));
  }
  const above = amountOf(bound.aboveInput, bound.currency, worth, point);
  return "unavailable" in above ? above : arithmetic.add(input, above);
}

/** An amount for one of the rule's unit, as that for one base unit. */
function amountOf(
  amount: DecimalText,
  currency: string,
  worth: ApplicableRule["worth"],
  point: Point,
): Fraction | Unavailable {
  const { arithmetic } = point.contenders.company.policy;
  return converted(toBaseUnit(parseDecimal(amount), worth, arithmetic), currency, point);
}

function percentOf(value: Fraction, percent: DecimalText, arithmetic: Arithmetic): Fraction {
  return arithmetic.divide(arithmetic.multiply(value, parseDecimal(percent)), hundred);
}
