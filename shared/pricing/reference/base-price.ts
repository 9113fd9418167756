import { compare } from "../fraction.ts";
import type { Price } from "../records.ts";
import type { Base } from "./base.ts";
import { enteringListPrice, enteringPrice } from "./entering-price.ts";
import { better, isFitting } from "./fitting.ts";
import type { Line } from "./line.ts";
import { bestLine } from "./presets/business-central.ts";
import { mostSpecific } from "./presets/commercetools.ts";
import { itemPrice } from "./presets/erpnext-item-price.ts";
import { mostRules } from "./presets/medusa.ts";
import { slotPrice } from "./presets/oro.ts";
import type { View } from "./view.ts";

/** 'The base price'. */
export function basePrice(line: Line, view: View): Base | undefined {
  return fromPrices(line, view) ?? (view.takesListPrice ? enteringListPrice(line) : undefined);
}

function fromPrices(line: Line, view: View): Base | undefined {
  switch (line.asked.policy.base) {
    case "sources":
      return fromSources(line, view);
    case "item-price":
      return itemPrice(line, view);
    case "best-line":
      return bestLine(line, view);
    case "most-rules":
      return mostRules(line, view);
    case "most-specific":
      return mostSpecific(line, view);
    case "slots":
      return slotPrice(line, view);
  }
}

function fromSources(line: Line, view: View): Base | undefined {
  const fitting = line.asked.all("price").filter((price) => isFitting(price, line, view));
  let lowest: Base | undefined;
  for (const isOfSource of sourcesInOrder(line, view)) {
    const [best] = fitting.filter(isOfSource).sort((a, b) => better(a, b, line));
    if (best === undefined) continue;
    const found = enteringPrice(best, line);
    if (line.asked.policy.choose === "first") return found;
    if (lowest === undefined || compare(found.each, lowest.each) < 0) lowest = found;
  }
  return lowest;
}

function sourcesInOrder({ asked }: Line, view: View): ((price: Price) => boolean)[] {
  return asked.policy.precedence.flatMap((scope) => {
    switch (scope) {
      case "customer":
        return view.accounts.map((account) => (price: Price) => price.customer === account);
      case "group":
        return view.groups.map((group) => (price: Price) => price.group === group);
      case "list":
        return view.lists.map((list) => (price: Price) => price.list === list.id);
      case "everyone":
        return [
          ({ customer, group, list }: Price) => view.everyone && (customer ?? group ?? list) === undefined,
        ];
    }
  });
}
