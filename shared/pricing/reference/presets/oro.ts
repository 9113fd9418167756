import { compare, divide, one, parseDecimal, type Fraction } from "../../fraction.ts";
import type { Price } from "../../records.ts";
import { isOffered } from "../fitting.ts";
import type { Case } from "../case.ts";
import type { Buyer } from "../customer.ts";
import type { Base } from "../base.ts";
import { enteringPrice } from "../entering-price.ts";
import type { Line } from "../line.ts";
import { worthOf } from "../quantity.ts";
import type { View } from "../view.ts";

/** The ids of the lists that a customer falls back through. */
export function cascade({ customer }: Buyer, asked: Case): string[] {
  const own = customer.lists ?? [];
  if (customer.listsFallback === false) return [...own];
  const groups = (customer.groups ?? [])
    .map((id) => asked.find("customerGroup", id))
    .filter((group) => group !== undefined);
  const isLast = groups.some(({ listsFallback }) => listsFallback === false);
  return [
    ...own,
    ...groups.flatMap(({ lists }) => lists ?? []),
    ...(isLast ? [] : asked.policy.defaultLists),
  ];
}

/** The price of the slot with the largest quantity not above the asked one. */
export function slotPrice(line: Line, view: View): Base | undefined {
  const quantity = divide(line.quantity, worthOf(line.unit, line.product) ?? one);
  const slots = filled(line, view)
    .filter((price) => unitOf(price, line) === line.unit && price.currency === line.currency)
    .filter((price) => compare(slotStart(price), quantity) <= 0);
  const [largest] = slots.map(slotStart).sort((a, b) => compare(b, a));
  if (largest === undefined) return undefined;
  const [lowest] = slots
    .filter((price) => compare(slotStart(price), largest) === 0)
    .sort((a, b) => compare(amountOf(a), amountOf(b)));
  return lowest === undefined ? undefined : enteringPrice(lowest, line);
}

/** The prices in slots, in the order of lists: with `choose: first` one a slot, else all of them. */
function filled(line: Line, view: View): Price[] {
  const found: Price[] = [];
  let isClosed = false;
  for (const list of view.lists) {
    const prices = line.asked
      .all("price")
      .filter(
        (price) => price.list === list.id && isOffered(price, { ...line, currency: price.currency }, view),
      )
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    if (line.asked.policy.choose === "lowest") {
      found.push(...prices);
      continue;
    }
    const isAlone = list.merge === false;
    if (isClosed || (isAlone && found.length > 0)) continue;
    for (const price of prices) {
      if (!found.some((other) => isSameSlot(other, price, line))) found.push(price);
    }
    isClosed = isAlone && prices.length > 0;
  }
  return found;
}

function isSameSlot(a: Price, b: Price, line: Line): boolean {
  return (
    a.currency === b.currency &&
    unitOf(a, line) === unitOf(b, line) &&
    compare(slotStart(a), slotStart(b)) === 0
  );
}

/** As the price has it, tax or not. */
function amountOf({ amount, per = "1" }: Price): Fraction {
  return divide(parseDecimal(amount), parseDecimal(per));
}

function unitOf({ unit }: Price, { product }: Line): string {
  return unit ?? product.unit;
}

function slotStart({ minQuantity }: Price): Fraction {
  return minQuantity === undefined ? one : parseDecimal(minQuantity);
}
