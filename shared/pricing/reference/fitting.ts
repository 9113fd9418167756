import { compare, multiply, parseDecimal, zero, type Fraction } from "../fraction.ts";
import type { Price } from "../records.ts";
import type { Line } from "./line.ts";
import { isInBand, isKnownUnit, worthOf } from "./quantity.ts";
import type { View } from "./view.ts";

/** Whether a price fits, from whichever source. */
export function isFitting(price: Price, line: Line, view: View): boolean {
  const { maxQuantity } = price;
  return (
    isOffered(price, line, view) &&
    compare(startOf(price, line), line.quantity) <= 0 &&
    isInBand({ maxQuantity }, price.unit, line.quantity, line.product)
  );
}

/** Whether a price would fit some quantity. */
export function isOffered(price: Price, { asked, product, currency }: Line, view: View): boolean {
  return (
    price.sku === product.id &&
    isKnownUnit(price.unit, product) &&
    (price.currency === currency || asked.policy.convert === "rates") &&
    asked.isInForce(price) &&
    view.matches(price.who)
  );
}

/** Whether a price is of a source that is looked at, whatever the precedence. */
export function isOfView(
  { customer, group, list }: Price,
  view: Pick<View, "accounts" | "groups" | "lists" | "everyone">,
): boolean {
  if (customer !== undefined) return view.accounts.includes(customer);
  if (group !== undefined) return view.groups.includes(group);
  if (list !== undefined) return view.lists.some(({ id }) => id === list);
  return view.everyone;
}

/** The order within a source: the better price first. */
export function better(a: Price, b: Price, line: Line): number {
  const { asked, product, unit, currency } = line;
  if ((a.currency === currency) !== (b.currency === currency)) return a.currency === currency ? -1 : 1;
  const isAsked = (price: Price) => (price.unit ?? product.unit) === unit;
  if (isAsked(a) !== isAsked(b)) return isAsked(a) ? -1 : 1;
  const byQuantity = compare(startOf(b, line), startOf(a, line));
  if (byQuantity !== 0) return byQuantity;
  const [first, second] = [asked.period(a), asked.period(b)];
  const [firstWidth, secondWidth] = [first.until - first.from, second.until - second.from];
  if (firstWidth !== secondWidth) return firstWidth < secondWidth ? -1 : 1;
  if (first.from !== second.from) return first.from > second.from ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}

/** A price's `minQuantity` in base units; none is zero, and in Oro one of the price's unit. */
export function startOf(price: Price, { asked, product }: Line): Fraction {
  return multiply(
    parseDecimal(price.minQuantity ?? least(asked.policy.base)),
    worthOf(price.unit, product) ?? zero,
  );
}

function least(base: Line["asked"]["policy"]["base"]): string {
  return base === "slots" ? "1" : "0";
}
