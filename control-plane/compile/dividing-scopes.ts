import type { Category, Product, Rule, What } from "../../shared/pricing/records.ts";
import { valuesOf, whatMatches } from "../../shared/pricing/scope.ts";
import type { RuleFacts } from "./rule-facts.ts";

/** The scopes by which rules divide the products into classes. */
export class DividingScopes {
  /** By key. */
  readonly whats: ReadonlyMap<string, What>;
  readonly #categories: ReadonlyMap<string, Category>;
  /** That some scope asks for. */
  readonly #attributes: readonly string[];
  // There are many products, and few that differ in what a scope may ask for.
  readonly #known = new Map<string, readonly string[]>();

  constructor(facts: ReadonlyMap<Rule, RuleFacts>, categories: ReadonlyMap<string, Category>) {
    const whats = new Map<string, What>();
    for (const [rule, { scope }] of facts) {
      if (scope !== undefined && rule.what !== undefined) whats.set(scope, rule.what);
    }
    this.whats = whats;
    this.#categories = categories;
    this.#attributes = [
      ...new Set([...whats.values()].flatMap(({ attributes }) => Object.keys(attributes ?? {}))),
    ];
  }

  /** The keys of the scopes that reach a product, sorted: the definition of its pricing class. */
  reaching(product: Product): readonly string[] {
    const { category, categories, brand, attributes } = product;
    const values = this.#attributes.map((name) => valuesOf(attributes, name));
    const key = JSON.stringify([category, categories, brand, values]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const reaching = [...this.whats]
      .filter(([, what]) => whatMatches(what, product, this.#categories))
      .map(([scope]) => scope)
      .sort();
    this.#known.set(key, reaching);
    return reaching;
  }
}
