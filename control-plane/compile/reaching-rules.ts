import type { NamedRule } from "../../shared/pricing/contenders.ts";
import type { Product } from "../../shared/pricing/records.ts";
import { whatMatches } from "../../shared/pricing/scope.ts";
import type { Plan } from "./plan.ts";

/** The rules of a variant or a customer that reach a bucket. */
export class ReachingRules {
  readonly #rules: readonly NamedRule[];
  readonly #plan: Pick<Plan, "company" | "facts">;
  /** Whether a product has to be asked. */
  readonly #hasPointRules: boolean;

  /** @param scopes the bucket's: one that divides the products reaches all of a class or none */
  constructor(
    rules: readonly NamedRule[],
    scopes: ReadonlySet<string>,
    plan: Pick<Plan, "company" | "facts">,
  ) {
    this.#plan = plan;
    this.#rules = rules.filter(({ rule }) => {
      const scope = plan.facts.get(rule)?.scope;
      return scope === undefined || scope === "" || scopes.has(scope);
    });
    this.#hasPointRules = this.#rules.some((named) => this.#isPointRule(named));
  }

  /** Those that are about a product of the bucket, in order. */
  about(product: Product): readonly NamedRule[] {
    if (!this.#hasPointRules) return this.#rules;
    const { categories } = this.#plan.company;
    return this.#rules.filter(
      (named) => !this.#isPointRule(named) || whatMatches(named.rule.what, product, categories),
    );
  }

  #isPointRule({ rule }: NamedRule): boolean {
    return this.#plan.facts.get(rule)?.scope === undefined;
  }
}
