import { add, compare, subtract, zero, type Fraction } from "../fraction.ts";
import type { Exclusion, Rule } from "../records.ts";
import { effectOf } from "./effects.ts";
import type { Base } from "./base.ts";
import type { Line } from "./line.ts";
import type { View } from "./view.ts";

/** 'Exclusions': the matching rules that are left, in their order. */
export function withoutExcluded(
  matching: readonly Rule[],
  price: Base | undefined,
  view: View,
  line: Line,
): readonly Rule[] {
  const { rules: how, exclusions } = line.asked.policy;
  let left =
    how === "condition-types" ? matching.filter((rule) => isFirstHit(rule, matching, exclusions)) : matching;
  if (price === undefined || exclusions.length === 0) return left;
  const results = new Map(
    left.map((rule) => [rule, effectOf(rule, { running: price, base: price, view }, line).each]),
  );
  const resultOf = (rule: Rule): Fraction => results.get(rule) ?? zero;
  for (const exclusion of exclusions) {
    const out = excluded(exclusion, left, resultOf, price.each);
    left = left.filter((rule) => !out.includes(rule));
  }
  return left;
}

/** Whether the rule is the first of its condition type, or its type is compared as a whole. */
function isFirstHit(rule: Rule, matching: readonly Rule[], exclusions: readonly Exclusion[]): boolean {
  const type = rule.conditionType;
  if (type === undefined) return true;
  if (exclusions.some(({ procedure, types }) => "BE".includes(procedure) && types.includes(type)))
    return true;
  return matching.find(({ conditionType }) => conditionType === type) === rule;
}

function excluded(
  exclusion: Exclusion,
  left: readonly Rule[],
  resultOf: (rule: Rule) => Fraction,
  base: Fraction,
): readonly Rule[] {
  const of = (types: readonly string[]) =>
    left.filter(({ conditionType }) => types.some((type) => type === conditionType));
  const lowest = (rules: readonly Rule[]) => rules.toSorted((a, b) => compare(resultOf(a), resultOf(b)))[0];
  const highest = (rules: readonly Rule[]) => rules.toSorted((a, b) => compare(resultOf(b), resultOf(a)))[0];
  const others = (rules: readonly Rule[], kept: Rule | undefined) => rules.filter((rule) => rule !== kept);
  const off = (rules: readonly Rule[]) =>
    rules.map((rule) => subtract(base, resultOf(rule))).reduce((sum, each) => add(sum, each), zero);
  const { types } = exclusion;
  switch (exclusion.procedure) {
    case "A":
      return others(of(types), lowest(of(types)));
    case "L":
      return others(of(types), highest(of(types)));
    case "B":
      return types.flatMap((type) => others(of([type]), lowest(of([type]))));
    case "E":
      return types.flatMap((type) => others(of([type]), highest(of([type]))));
    case "C":
    case "F": {
      const [first, second] = [of(types), of(exclusion.against)];
      if (first.length === 0 || second.length === 0) return [];
      const order = compare(off(first), off(second));
      const firstStays = exclusion.procedure === "C" ? order >= 0 : order <= 0;
      return firstStays ? second : first;
    }
    case "D":
      return of(types).length === 0 ? [] : of(exclusion.against);
  }
}
