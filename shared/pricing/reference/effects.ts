import { compare, hundred, parseDecimal, zero, type Fraction } from "../fraction.ts";
import { evaluateFormula } from "../formula/evaluate.ts";
import { parseFormula, type FormulaName } from "../formula/parse.ts";
import type { Bound, DecimalText, EffectInput, Rule } from "../records.ts";
import { roundToMultiple } from "../rounding.ts";
import { entering } from "./currency.ts";
import type { After, Base, Running } from "./base.ts";
import { enteringListPrice } from "./entering-price.ts";
import type { Line } from "./line.ts";
import { NoPrice } from "./no-price.ts";
import { ownEach, statedEach } from "./own-price.ts";
import { eachOf, forUnit } from "./quantity.ts";
import type { View } from "./view.ts";

/** What an effect may be made on. */
export interface Before {
  readonly running: Running | undefined;
  readonly base: Base | undefined;
  readonly view: View;
}

/** 'Effects': the price after the rule. */
export function effectOf(rule: Rule, before: Before, line: Line): After {
  const { effect, unsupported } = rule;
  if (unsupported !== undefined) fail("rule_error");
  const input = raised(inputOf(rule, before, line), rule, line);
  const changed = change(rule, input, before, line);
  const rounded = effect.round === undefined ? changed : roundedTo(changed, rule, line);
  let each = rounded;
  if (effect.min !== undefined) each = larger(each, boundOf(effect.min, input, rule, line));
  if (effect.max !== undefined) each = smaller(each, boundOf(effect.max, input, rule, line));
  const per = "price" in effect ? (effect.per ?? "1") : (before.running?.per ?? "1");
  return { each, per, isHeld: each !== rounded };
}

export function percentOffOf({ effect }: Rule): Fraction | undefined {
  return "percentOff" in effect ? parseDecimal(effect.percentOff) : undefined;
}

/** Whether it makes a price where there was none. */
export function makesPrice({ effect }: Rule): boolean {
  if ("price" in effect) return true;
  if ("formula" in effect || effect.on === undefined) return false;
  return effect.on !== "price" && effect.on !== "base";
}

function inputOf(rule: Rule, before: Before, line: Line): Fraction {
  const { effect } = rule;
  if ("price" in effect) {
    const { price: amount, currency, per } = effect;
    return statedEach({ amount, currency, per }, rule.unit, line) ?? fail("rule_error");
  }
  return namedInput("formula" in effect ? "price" : (effect.on ?? "price"), before, line);
}

function namedInput(on: EffectInput, { running, base, view }: Before, line: Line): Fraction {
  if (typeof on === "object") return line.listSays(on.list, base, view, line);
  switch (on) {
    case "price":
    case "base":
      return running?.each ?? fail("rule_error");
    case "list":
      return enteringListPrice(line)?.each ?? fail("rule_error");
    case "cost":
      return costOf(line);
  }
}

function costOf(line: Line): Fraction {
  if (line.product.cost === undefined && line.asked.policy.preset === "tryton") return zero;
  return ownEach("cost", line) ?? fail("rule_error");
}

function raised(input: Fraction, rule: Rule, line: Line): Fraction {
  const { margin } = rule;
  if (margin === undefined) return input;
  const more =
    "percent" in margin
      ? percentOf(input, margin.percent, line)
      : amountOf(margin.amount, margin.currency, rule, line);
  return line.asked.arithmetic.add(input, more);
}

function change(rule: Rule, input: Fraction, before: Before, line: Line): Fraction {
  const { effect } = rule;
  const { add, subtract } = line.asked.arithmetic;
  const share = (percent: DecimalText, on: EffectInput | undefined) =>
    percentOf(on === "base" ? (before.base?.each ?? fail("rule_error")) : input, percent, line);
  if ("price" in effect) return input;
  if ("formula" in effect) return valueOf(effect.formula, rule, input, before, line);
  if ("percentOff" in effect) return subtract(input, share(effect.percentOff, effect.on));
  if ("percentMarkup" in effect) return add(input, share(effect.percentMarkup, effect.on));
  if ("amountOff" in effect) return subtract(input, amountOf(effect.amountOff, effect.currency, rule, line));
  return add(input, amountOf(effect.amountMarkup, effect.currency, rule, line));
}

/** 'Formulas': the names that stand in it have values, or there is no result. */
function valueOf(text: string, rule: Rule, input: Fraction, before: Before, line: Line): Fraction {
  const formula = parseFormula(text);
  const named = [...formula.names].map((name): [FormulaName, Fraction] => [
    name,
    nameOf(name, rule, input, before, line),
  ]);
  return evaluateFormula(formula, new Map(named), line.asked.arithmetic) ?? fail("rule_error");
}

function nameOf(name: FormulaName, rule: Rule, input: Fraction, before: Before, line: Line): Fraction {
  switch (name) {
    case "unit_price":
      return input;
    case "cost_price":
      return costOf(line);
    case "list_price": {
      const listPrice = enteringListPrice(line)?.each;
      const stands = line.asked.policy.preset === "tryton" ? before.base?.each : undefined;
      return listPrice ?? stands ?? fail("rule_error");
    }
    case "parent_unit_price": {
      const parent = line.asked.find("priceList", rule.list)?.parent;
      return parent === undefined
        ? fail("rule_error")
        : line.listSays(parent, before.base, before.view, line);
    }
  }
}

function roundedTo(price: Fraction, rule: Rule, line: Line): Fraction {
  const { round } = rule.effect;
  if (round === undefined) return price;
  const unit = line.asked.policy.preset === "odoo" ? line.unit : rule.unit;
  const multiple = eachOf(
    roundToMultiple(forUnit(price, unit, line), parseDecimal(round.to), round.mode),
    unit,
    line,
  );
  return round.then === undefined
    ? multiple
    : line.asked.arithmetic.add(multiple, eachOf(parseDecimal(round.then), rule.unit, line));
}

function boundOf(bound: Bound, input: Fraction, rule: Rule, line: Line): Fraction {
  const { add } = line.asked.arithmetic;
  if ("amount" in bound) return amountOf(bound.amount, bound.currency, rule, line);
  if ("aboveInput" in bound) return add(input, amountOf(bound.aboveInput, bound.currency, rule, line));
  const cost = costOf(line);
  return add(cost, percentOf(cost, bound.marginOnCost, line));
}

/** An amount for one of the rule's unit, for one base unit. */
export function amountOf(amount: DecimalText, currency: string, { unit }: Rule, line: Line): Fraction {
  return eachOf(entering(amount, currency, line) ?? fail("rule_error"), unit, line);
}

export function percentOf(value: Fraction, percent: DecimalText, { asked }: Line): Fraction {
  return asked.arithmetic.divide(asked.arithmetic.multiply(value, parseDecimal(percent)), hundred);
}

function larger(a: Fraction, b: Fraction): Fraction {
  return compare(b, a) > 0 ? b : a;
}

function smaller(a: Fraction, b: Fraction): Fraction {
  return compare(b, a) < 0 ? b : a;
}

function fail(reason: "rule_error"): never {
  throw new NoPrice(reason);
}
