import { compare, zero, type Fraction } from "../fraction.ts";
import type { Price } from "../records.ts";
import { better, isOffered, startOf } from "./fitting.ts";
import type { Base } from "./base.ts";
import { enteringPrice } from "./entering-price.ts";
import type { Line } from "./line.ts";
import type { View } from "./view.ts";

export interface Part {
  /** In base units. */
  readonly from: Fraction;
  readonly base: Base;
}

/** 'Graduated prices': the parts of the quantity, from the smallest up. */
export function partsOf(best: Price, line: Line, view: View): Part[] {
  const { product } = line;
  const start = (price: Price) => startOf(price, line);
  const tiers = line.asked
    .all("price")
    .filter((price) => price.graduated === true && isOffered(price, line, view))
    .filter((price) => isOfSameSource(price, best) && price.currency === best.currency)
    .filter(({ unit }) => (unit ?? product.unit) === (best.unit ?? product.unit))
    .filter((price) => compare(start(price), line.quantity) <= 0)
    .sort((a, b) => compare(start(a), start(b)) || better(a, b, line));
  const first = tiers.filter(
    (price, index) => tiers.findIndex((other) => compare(start(other), start(price)) === 0) === index,
  );
  return first.map((price, index) => ({
    from: index === 0 ? zero : start(price),
    base: enteringPrice(price, line),
  }));
}

function isOfSameSource(a: Price, b: Price): boolean {
  return a.customer === b.customer && a.group === b.group && a.list === b.list;
}
