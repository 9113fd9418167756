import type { Rule } from "../../shared/pricing/records.ts";
import type { RuleFacts } from "./rule-facts.ts";

/** One standing's rules, so that those that reach a class are found without asking each of them. */
export class RulesByScope {
  readonly #numbers: ReadonlyMap<Rule, number>;
  readonly #byScope = new Map<string, Rule[]>();
  readonly #points: Rule[] = [];

  constructor(rules: readonly Rule[], facts: ReadonlyMap<Rule, RuleFacts>) {
    this.#numbers = numbersOf(facts);
    for (const rule of rules) {
      const scope = facts.get(rule)?.scope;
      const known = scope === undefined ? this.#points : this.#byScope.get(scope);
      if (known !== undefined) known.push(rule);
      else if (scope !== undefined) this.#byScope.set(scope, [rule]);
    }
  }

  /** Those of no scope and of these, in the order of the company's rules. */
  ofScopes(scopes: ReadonlySet<string>): Rule[] {
    const found = [...(this.#byScope.get("") ?? [])];
    for (const scope of scopes) if (scope !== "") found.push(...(this.#byScope.get(scope) ?? []));
    return found.sort((a, b) => this.numberOf(a) - this.numberOf(b));
  }

  /** With these and the point rules among `pointed`. */
  withPoints(rules: readonly Rule[], pointed: ReadonlySet<Rule>): readonly Rule[] {
    const points = pointed.size === 0 ? [] : this.#points.filter((rule) => pointed.has(rule));
    if (points.length === 0) return rules;
    return [...rules, ...points].sort((a, b) => this.numberOf(a) - this.numberOf(b));
  }

  /** Its place among the company's rules. */
  numberOf(rule: Rule): number {
    return this.#numbers.get(rule) ?? -1;
  }
}

const numbers = new WeakMap<ReadonlyMap<Rule, RuleFacts>, ReadonlyMap<Rule, number>>();

function numbersOf(facts: ReadonlyMap<Rule, RuleFacts>): ReadonlyMap<Rule, number> {
  const known = numbers.get(facts);
  if (known !== undefined) return known;
  const made = new Map([...facts.keys()].map((rule, index) => [rule, index]));
  numbers.set(facts, made);
  return made;
}
