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
} from "../fraction.ts";
import type { Product, Rule } from "../records.ts";
import type { Base, Running } from "./base-price.ts";
import type { Case } from "./case.ts";
import { isAbout, type Buyer } from "./customer.ts";
import { factorOf, isInBand } from "./quantity.ts";

interface Applied extends Running {
  readonly record: string;
}

/** 'The rules': those that are applied, in order, each with the price after it. */
export function applyRules(
  asked: Case,
  buyer: Buyer,
  product: Product,
  quantity: Fraction,
  base: Base | undefined,
): Applied[] {
  if (base?.allowDiscount === false) return [];
  const matching = asked
    .all("rule")
    .filter((rule) => base !== undefined || "price" in rule.effect)
    .filter((rule) => isMatching(rule, asked, buyer, product, quantity))
    .sort((a, b) => a.rank - b.rank || (a.id < b.id ? -1 : 1));
  const alone = matching.map((rule) => apply(rule, base, product));
  switch (asked.policy.rules) {
    case "first":
      return alone.slice(0, 1);
    case "best":
      return alone.toSorted((a, b) => compare(a.each, b.each)).slice(0, 1);
    case "stack":
      return stack(matching, base, product);
  }
}

function isMatching(rule: Rule, asked: Case, buyer: Buyer, product: Product, quantity: Fraction): boolean {
  const { currency } = asked.question;
  return (
    asked.isInForce(rule) &&
    buyer.matches(rule.who) &&
    isAbout(rule.what, product, asked) &&
    (rule.list === undefined || buyer.lists.some((list) => list.id === rule.list && asked.isInForce(list))) &&
    isInBand(rule, quantity, product) &&
    (rule.currency ?? currency) === currency &&
    ("currency" in rule.effect ? rule.effect.currency : currency) === currency
  );
}

function stack(rules: readonly Rule[], base: Running | undefined, product: Product): Applied[] {
  const applied: Applied[] = [];
  for (const rule of rules) {
    applied.push(apply(rule, applied.at(-1) ?? base, product));
    if (rule.exclusive === true) break;
  }
  return applied;
}

function apply(rule: Rule, before: Running | undefined, product: Product): Applied {
  const { effect } = rule;
  const record = `rule/${rule.id}`;
  const factor = factorOf(rule.unit, product) ?? one;
  if ("price" in effect) {
    const { price, per = "1" } = effect;
    return { record, per, each: divide(parseDecimal(price), multiply(parseDecimal(per), factor)) };
  }
  if (before === undefined) throw new RangeError("Cannot take a discount from no price");
  const { each, per } = before;
  if ("amountOff" in effect) {
    return { record, per, each: subtract(each, divide(parseDecimal(effect.amountOff), factor)) };
  }
  if ("percentOff" in effect) {
    return {
      record,
      per,
      each: subtract(each, divide(multiply(each, parseDecimal(effect.percentOff)), hundred)),
    };
  }
  return {
    record,
    per,
    each: add(each, divide(multiply(each, parseDecimal(effect.percentMarkup)), hundred)),
  };
}
