import type { Product, Rule, What } from "../../shared/pricing/records.ts";
import type { Category } from "../../shared/pricing/records.ts";
import { whatMatches } from "../../shared/pricing/scope.ts";
import type { RuleFacts } from "./rule-facts.ts";

const none: readonly string[] = [];

/** The point rules that name no customers: which SKUs each is about. */
export class PointRules {
  readonly #rules: readonly {
    readonly rule: Rule;
    readonly what: What;
    readonly mixed: string | undefined;
  }[];
  readonly #mixed = new Map<string, What>();

  constructor(facts: ReadonlyMap<Rule, RuleFacts>) {
    this.#rules = [...facts].flatMap(([rule, { scope, individual }]) => {
      const { what } = rule;
      if (scope !== undefined || individual || what === undefined) return [];
      // One that names nothing but SKUs is about them whatever the products are.
      const mixed = Object.keys(what).length === 1 ? undefined : JSON.stringify(what);
      if (mixed !== undefined) this.#mixed.set(mixed, what);
      return [{ rule, what, mixed }];
    });
  }

  /** The scopes for which it takes the product to tell whether they are about it, by a key. */
  get mixed(): ReadonlyMap<string, What> {
    return this.#mixed;
  }

  /** The keys of the mixed scopes that are about the product. */
  mixedOf(product: Product, categories: ReadonlyMap<string, Category>): readonly string[] {
    if (this.#mixed.size === 0) return none;
    return [...this.#mixed]
      .filter(([, what]) => what.skus?.includes(product.id) && whatMatches(what, product, categories))
      .map(([key]) => key);
  }

  /** Each rule with each SKU that it is about. */
  *rulesWithSkus(mixedOf: (sku: string) => readonly string[]): Iterable<readonly [rule: Rule, sku: string]> {
    for (const { rule, what, mixed } of this.#rules) {
      for (const sku of what.skus ?? []) {
        if (mixed === undefined || mixedOf(sku).includes(mixed)) yield [rule, sku];
      }
    }
  }
}
