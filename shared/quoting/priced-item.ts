import {
  compare,
  divide,
  hundred,
  multiply,
  parseDecimal,
  subtract,
  type Fraction,
} from "../pricing/fraction.ts";
import type { LineRounding } from "../pricing/full-policy.ts";
import { plainLineTotal } from "../pricing/line-total.ts";
import type { DecimalText } from "../pricing/records.ts";
import { formatDecimal, round } from "../pricing/rounding.ts";
import type { AnsweredLine } from "../snapshot/line-answer.ts";
import type { ListedPrice, QuoteItem } from "./line.ts";

/** An item before it is worked out. Without `per` its prices are for what the listed price is for, else for one. */
export type ItemToPrice = Omit<QuoteItem, "per" | "lineTotal" | "discountPercent"> & {
  readonly per?: DecimalText;
};

export interface Money {
  readonly currency: string;
  readonly lineRounding: LineRounding;
}

/** What the snapshot says of a line. */
export function listedPriceOf(answer: AnsweredLine): ListedPrice {
  if ("unavailable" in answer) return { unavailable: answer.unavailable };
  const { unit, unitPrice, per, lineTotal } = answer;
  return { unit, unitPrice, per, lineTotal };
}

/**
 * The item with its line total and discount, whatever it said of those. At the listed price the total is the listed
 * one, which need not be quantity × price: an ERP may round conditions one by one, or price each part of a quantity
 * by itself.
 */
export function pricedItem(item: ItemToPrice, money: Money): QuoteItem {
  const { listed } = item;
  const per = item.per ?? ("per" in listed ? listed.per : "1");
  const asked = item.offeredPrice ?? item.requestedPrice;
  const discountPercent = discountOf(asked, per, listed);
  const lineTotal = lineTotalOf({ ...item, per }, asked, money);
  const { lineTotal: _total, discountPercent: _discount, ...rest }: Partial<QuoteItem> & ItemToPrice = item;
  return {
    ...rest,
    per,
    ...(lineTotal === undefined ? {} : { lineTotal }),
    ...(discountPercent === undefined ? {} : { discountPercent }),
  };
}

function lineTotalOf(
  { listed, quantity, per }: ItemToPrice & Pick<QuoteItem, "per">,
  asked: DecimalText | undefined,
  { currency, lineRounding }: Money,
): DecimalText | undefined {
  const isListed = "unitPrice" in listed;
  if (asked === undefined) return isListed ? listed.lineTotal : undefined;
  if (isListed && compare(each(asked, per), each(listed.unitPrice, listed.per)) === 0)
    return listed.lineTotal;
  return plainLineTotal({ unitPrice: asked, per }, quantity, currency, lineRounding);
}

function discountOf(
  asked: DecimalText | undefined,
  per: DecimalText,
  listed: ListedPrice,
): DecimalText | undefined {
  if (asked === undefined || "unavailable" in listed) return undefined;
  return percentBelow(each(asked, per), each(listed.unitPrice, listed.per));
}

/** How far a price is below another, in percent with two places, half up (away from zero); of zero there is none. */
export function percentBelow(price: Fraction, listed: Fraction): DecimalText | undefined {
  if (listed.numerator === 0n) return undefined;
  const exact = divide(multiply(subtract(listed, price), hundred), listed);
  return formatDecimal(round(exact, 2, "half-up"), 2, 2);
}

function each(price: DecimalText, per: DecimalText): Fraction {
  return divide(parseDecimal(price), parseDecimal(per));
}
