import { compare, parseDecimal } from "../../fraction.ts";
import type { Rule } from "../../records.ts";
import type { Case } from "../case.ts";

/** Odoo's order of rules, before rank and id. */
export function compareByAppliedOn(a: Rule, b: Rule, asked: Case): number {
  const [first, second] = [appliedOn(a), appliedOn(b)];
  if (first !== second) return first < second ? -1 : 1;
  const least = (rule: Rule) => parseDecimal(rule.minQuantity ?? "0");
  const byQuantity = compare(least(b), least(a));
  if (byQuantity !== 0) return byQuantity;
  const [name, other] = [nameOf(a, asked), nameOf(b, asked)];
  return name === other ? 0 : name > other ? -1 : 1;
}

function appliedOn(rule: Rule): string {
  const byScope =
    rule.what?.skus !== undefined
      ? "0_product_variant"
      : rule.what?.categories !== undefined
        ? "2_product_category"
        : "3_global";
  return rule.appliedOn ?? byScope;
}

function nameOf({ what }: Rule, asked: Case): string {
  return asked
    .lineage("category", what?.categories?.[0])
    .map((id) => asked.find("category", id)?.name ?? id)
    .toReversed()
    .join(" / ");
}
