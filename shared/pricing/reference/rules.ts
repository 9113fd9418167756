import { compare } from "../fraction.ts";
import type { Rule } from "../records.ts";
import { effectOf } from "./effects.ts";
import type { Applied, Base, Running } from "./base.ts";
import { withoutExcluded } from "./exclusions.ts";
import type { Line } from "./line.ts";
import { isMatching } from "./matching-rule.ts";
import { largestPercentage } from "./presets/business-central.ts";
import { byLevels } from "./presets/erpnext-rules.ts";
import { compareByAppliedOn } from "./presets/odoo.ts";
import type { View } from "./view.ts";

/** 'The rules': those that match with `base`, applied in order to `price`, which is that or a part of it. */
export function applyRules(
  line: Line,
  view: View,
  price: Base | undefined,
  base: Base | undefined,
): Applied[] {
  const { asked } = line;
  const [list] = view.lists;
  if (asked.policy.preset === "tryton" && list?.parent !== undefined) {
    line.listSays(list.parent, price, view, line);
  }
  if (base?.allowDiscount === false) return [];
  const matching = asked
    .all("rule")
    .filter((rule) => isMatching(rule, line, view, base))
    .sort((a, b) => inOrder(a, b, line));
  const left = withoutExcluded(matching, price, view, line);
  const alone = (rule: Rule): Applied => ({
    rule,
    after: effectOf(rule, { running: price, base: price, view }, line),
  });
  switch (asked.policy.rules) {
    case "first":
      return left.slice(0, 1).map(alone);
    case "best":
      return left
        .map(alone)
        .sort((a, b) => compare(a.after.each, b.after.each))
        .slice(0, 1);
    case "stack":
    case "condition-types":
      return stack(left, price, view, line);
    case "largest-percentage": {
      const rule = largestPercentage(left);
      return rule === undefined ? [] : [alone(rule)];
    }
    case "levels":
      return byLevels(left, price, alone, line);
  }
}

function stack(rules: readonly Rule[], price: Base | undefined, view: View, line: Line): Applied[] {
  const applied: Applied[] = [];
  for (const rule of rules) {
    const running: Running | undefined = applied.at(-1)?.after ?? price;
    applied.push({ rule, after: effectOf(rule, { running, base: price, view }, line) });
    if (rule.exclusive === true) break;
  }
  return applied;
}

function inOrder(a: Rule, b: Rule, { asked }: Line): number {
  const byId = a.id < b.id ? -1 : 1;
  switch (asked.policy.preset) {
    case "odoo":
      return compareByAppliedOn(a, b, asked) || a.rank - b.rank || byId;
    case "erpnext":
      return (b.priority ?? 0) - (a.priority ?? 0) || -byId;
    default:
      return a.rank - b.rank || byId;
  }
}
