import type { Fraction } from "../fraction.ts";
import type { Price } from "../records.ts";
import { better, isFitting } from "./fitting.ts";
import type { Base } from "./base.ts";
import { enteringListPrice, enteringPrice } from "./entering-price.ts";
import type { Line } from "./line.ts";
import { NoPrice } from "./no-price.ts";
import { applyRules } from "./rules.ts";
import type { View } from "./view.ts";

/** 'What a list says': its own price for the product, by its own rules. */
export function whatListSays(id: string, base: Base | undefined, view: View, line: Line): Fraction {
  const { asked } = line;
  const list = asked.find("priceList", id);
  if (list === undefined || view.needed.includes(id)) throw new NoPrice("rule_error");
  const own: View = {
    accounts: [],
    groups: [],
    lists: [list],
    everyone: false,
    takesListPrice: true,
    needed: [...view.needed, id],
    matches: (who) => who === undefined,
    hasRule: (rule) => rule.list === id,
  };
  const isOnBase = asked.policy.preset === "tryton";
  if (!isOnBase && !asked.isInForce(list)) throw new NoPrice("rule_error");
  const start = isOnBase ? base : ownPrice(id, line, own);
  const applied = applyRules(line, own, start, start);
  const price = applied.at(-1)?.after ?? start;
  if (price === undefined) throw new NoPrice("rule_error");
  return price.each;
}

function ownPrice(list: string, line: Line, view: View): Base | undefined {
  const [best] = line.asked
    .all("price")
    .filter((price) => price.list === list && isFitting(price, line, view) && isOfUnit(price, line))
    .sort((a, b) => better(a, b, line));
  return best === undefined ? enteringListPrice(line) : enteringPrice(best, line);
}

/** Whether the price's unit is one that the preset lets it have. */
function isOfUnit({ unit }: Price, { asked, product, unit: wanted }: Line): boolean {
  switch (asked.policy.preset) {
    case "business-central":
      return unit === undefined || unit === wanted;
    case "medusa":
      return (unit ?? product.unit) === wanted;
    case undefined:
    case "tryton":
    case "odoo":
    case "erpnext":
    case "sap":
    case "commercetools":
    case "oro":
      return true;
  }
}
