import type { Price } from "../../records.ts";
import { isFitting } from "../fitting.ts";
import type { Base } from "../base.ts";
import { enteringPrice } from "../entering-price.ts";
import type { Line } from "../line.ts";
import type { View } from "../view.ts";

/** The item price: the first of the tries in which a price of the one list fits, inherited ones last. */
export function itemPrice(line: Line, view: View): Base | undefined {
  const fitting = line.asked
    .all("price")
    .filter((price) => isFitting(price, line, view) && view.lists.some(({ id }) => id === price.list));
  for (const isInherited of [false, true]) {
    for (const isTried of triesOf(line)) {
      const [best] = fitting
        .filter((price) => (price.inherited === true) === isInherited && isTried(price))
        .sort((a, b) => later(a, b, line));
      if (best !== undefined) return enteringPrice(best, line);
    }
  }
  return undefined;
}

function triesOf({ unit, product }: Line): ((price: Price) => boolean)[] {
  const isForCustomers = (price: Price) => price.who?.customers !== undefined;
  const isForUnit = (price: Price) => price.unit === undefined || price.unit === unit;
  return [
    (price) => isForCustomers(price) && isForUnit(price),
    (price) => !isForCustomers(price) && isForUnit(price),
    (price) => !isForCustomers(price) && (price.unit ?? product.unit) === product.unit,
  ];
}

function later(a: Price, b: Price, { asked }: Line): number {
  const [first, second] = [asked.period(a).from, asked.period(b).from];
  if (first !== second) return first > second ? -1 : 1;
  const hasUnit = (price: Price) => price.unit !== undefined;
  if (hasUnit(a) !== hasUnit(b)) return hasUnit(a) ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}
