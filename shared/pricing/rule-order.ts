import { withAncestors } from "./ancestors.ts";
import { compareIds } from "./compare-ids.ts";
import { compare, parseDecimal, zero } from "./fraction.ts";
import type { FullPolicy } from "./full-policy.ts";
import type { AppliedOn, Category, Rule } from "./records.ts";

/** The order in which a company's rules stand. */
export function ruleOrder(
  { ruleOrder: by }: FullPolicy,
  categories: ReadonlyMap<string, Category>,
): (a: Rule, b: Rule) => number {
  const byRank = (a: Rule, b: Rule) => a.rank - b.rank || compareIds(a.id, b.id);
  switch (by) {
    case "rank":
      return byRank;
    case "appliedOn":
      return (a, b) => compareAppliedOn(a, b, categories) || byRank(a, b);
    case "priority":
      return (a, b) => (b.priority ?? 0) - (a.priority ?? 0) || compareIds(b.id, a.id);
  }
}

/** Odoo's order, as far as it does not depend on rank and id: see presets/odoo.ts. */
function compareAppliedOn(a: Rule, b: Rule, categories: ReadonlyMap<string, Category>): number {
  return (
    compareIds(appliedOn(a), appliedOn(b)) ||
    compare(minimum(b), minimum(a)) ||
    compareIds(completeName(b, categories), completeName(a, categories))
  );
}

function appliedOn({ appliedOn: said, what }: Rule): AppliedOn {
  if (said !== undefined) return said;
  if (what?.skus !== undefined) return "0_product_variant";
  return what?.categories === undefined ? "3_global" : "2_product_category";
}

function minimum({ minQuantity }: Rule) {
  return minQuantity === undefined ? zero : parseDecimal(minQuantity);
}

/** The names of the rule's first category and its ancestors, from the root down; "" without one. */
function completeName({ what }: Rule, categories: ReadonlyMap<string, Category>): string {
  const [category] = what?.categories ?? [];
  if (category === undefined) return "";
  return withAncestors(category, categories)
    .toReversed()
    .map((id) => categories.get(id)?.name ?? id)
    .join(" / ");
}
