import type { Rule } from "./records.ts";
import { whoMatches, type Audience } from "./scope.ts";

/**
 * A company's rules, so that those for an audience are found without asking all of them: each is kept under one thing
 * that its `who` asks for, and only an audience that has it is asked the rest.
 */
export class RulesFor {
  readonly #everyone: number[] = [];
  readonly #byAccount = new Map<string, number[]>();
  readonly #byGroup = new Map<string, number[]>();
  /** By attribute, then by its values. */
  readonly #byAttribute = new Map<string, Map<string, number[]>>();
  readonly #rules: readonly Rule[];

  constructor(rules: readonly Rule[]) {
    this.#rules = rules;
    for (const [number, { who }] of rules.entries()) {
      const [attribute] = Object.entries(who?.attributes ?? {});
      if (who?.customers !== undefined) note(this.#byAccount, who.customers, number);
      else if (who?.groups !== undefined) note(this.#byGroup, who.groups, number);
      else if (attribute === undefined) this.#everyone.push(number);
      else {
        const [key, wanted] = attribute;
        const byValue = this.#byAttribute.get(key) ?? new Map<string, number[]>();
        this.#byAttribute.set(key, byValue);
        note(byValue, typeof wanted === "string" ? [wanted] : wanted, number);
      }
    }
  }

  /** In their order. */
  of(audience: Audience): Rule[] {
    const numbers = new Set(this.#everyone);
    const add = (found: readonly number[] | undefined) => {
      for (const number of found ?? []) numbers.add(number);
    };
    for (const account of audience.accounts) add(this.#byAccount.get(account));
    for (const group of audience.groups) add(this.#byGroup.get(group));
    for (const [key, byValue] of this.#byAttribute) {
      for (const value of audience.attribute(key)) add(byValue.get(value));
    }
    return [...numbers]
      .sort((a, b) => a - b)
      .flatMap((number) => {
        const rule = this.#rules[number];
        return rule !== undefined && whoMatches(rule.who, audience) ? [rule] : [];
      });
  }
}

function note(numbers: Map<string, number[]>, keys: readonly string[], number: number): void {
  for (const key of keys) {
    const known = numbers.get(key);
    if (known === undefined) numbers.set(key, [number]);
    else known.push(number);
  }
}
