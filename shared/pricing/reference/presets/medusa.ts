import { compare } from "../../fraction.ts";
import type { Price, Who } from "../../records.ts";
import { isFitting, isOfView } from "../fitting.ts";
import type { Base } from "../base.ts";
import { enteringPrice } from "../entering-price.ts";
import type { Line } from "../line.ts";
import type { View } from "../view.ts";

/** The price with the most rules, those of lists first; a sale's gives way to a lower one without a list. */
export function mostRules(line: Line, view: View): Base | undefined {
  const fitting = line.asked
    .all("price")
    .filter((price) => isFitting(price, line, view) && isOfView(price, view))
    .filter((price) => (price.unit ?? line.product.unit) === line.unit);
  const ofLists = best(
    fitting.filter(({ list }) => list !== undefined),
    line,
  );
  const others = fitting.filter(({ list }) => list === undefined);
  if (ofLists === undefined) return best(others, line);
  if (line.asked.find("priceList", ofLists.price?.list)?.kind === "override") return ofLists;
  const other = best(others, line);
  return other !== undefined && compare(other.each, ofLists.each) < 0 ? other : ofLists;
}

function best(prices: readonly Price[], line: Line): Base | undefined {
  const most = Math.max(...prices.map((price) => conditionsOf(price, line)));
  const [lowest] = prices
    .filter((price) => conditionsOf(price, line) === most)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((price) => enteringPrice(price, line))
    .sort((a, b) => compare(a.each, b.each));
  return lowest;
}

function conditionsOf({ who, list, customer, group }: Price, { asked }: Line): number {
  const scope = (customer ?? group) === undefined ? 0 : 1;
  return scope + keysOf(who) + keysOf(asked.find("priceList", list)?.who);
}

function keysOf({ customers, groups, channels, attributes = {} }: Who = {}): number {
  const named = [customers, groups, channels].filter((key) => key !== undefined);
  return named.length + Object.keys(attributes).length;
}
