import { divide, multiply, parseDecimal } from "../pricing/fraction.ts";
import type { DecimalText } from "../pricing/records.ts";
import { formatDecimal, round } from "../pricing/rounding.ts";
import type { PricedSet } from "./command.ts";
import type { QuoteItem } from "./line.ts";
import type { Revision } from "./quote.ts";
import { pricedItem, type Money } from "./priced-item.ts";
import { eachItem } from "./revision.ts";
import { defaultValidUntil } from "./validity.ts";

/**
 * A set as it is offered: an item without an offered price is offered at its listed one, and a validity is set where
 * there is none. This is what an offer is assessed by.
 */
export function offeredSet(set: PricedSet, currency: string, at: string): PricedSet {
  const money = { currency, lineRounding: set.pin.lineRounding };
  return {
    pin: set.pin,
    lines: eachItem(set.lines, (item) => offeredItem(item, money)),
    terms: { ...set.terms, validUntil: set.terms.validUntil ?? defaultValidUntil(at) },
  };
}

/** The set without what the seller offered: as a buyer makes one, or may see one that was not sent. */
export function withoutOffers(set: PricedSet, currency: string): PricedSet {
  const money = { currency, lineRounding: set.pin.lineRounding };
  const lines = eachItem(set.lines, ({ offeredPrice: _, ...item }) => pricedItem(item, money));
  return { pin: set.pin, lines, terms: set.terms };
}

/** A buyer's counter-offer: where it asks for no price, what was offered for the same thing stands. */
export function askingForOffers(set: PricedSet, offered: Revision): PricedSet {
  const lines = eachItem(set.lines, (item, { line }) => {
    const before = offered.lines.find((each) => each.line === line);
    const same = [before?.own, ...(before?.alternatives ?? [])].find(
      (each) => each?.item === item.item && each.sku === item.sku && each.unit === item.unit,
    );
    if (item.requestedPrice !== undefined || same?.offeredPrice === undefined) return item;
    return { ...item, requestedPrice: same.offeredPrice, per: same.per };
  });
  return { ...set, lines };
}

function offeredItem(item: QuoteItem, money: Money): QuoteItem {
  const offeredPrice = item.offeredPrice ?? listedPriceFor(item);
  return pricedItem(offeredPrice === undefined ? item : { ...item, offeredPrice }, money);
}

/** The listed price for as many units as the item's prices are for. */
function listedPriceFor({ listed, per }: QuoteItem): DecimalText | undefined {
  if ("unavailable" in listed) return undefined;
  if (listed.per === per) return listed.unitPrice;
  const exact = divide(multiply(parseDecimal(listed.unitPrice), parseDecimal(per)), parseDecimal(listed.per));
  return formatDecimal(round(exact, pricePlaces, "half-up"), pricePlaces, 0);
}

const pricePlaces = 8;
