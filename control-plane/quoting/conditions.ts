import { exact } from "../../shared/pricing/arithmetic.ts";
import { compare, parseDecimal, type Fraction } from "../../shared/pricing/fraction.ts";
import type { Instant } from "../../shared/pricing/instant.ts";
import type { Rates } from "../../shared/pricing/rates.ts";
import type { DecimalText } from "../../shared/pricing/records.ts";
import type { ApprovalConditions, Money } from "../../shared/quoting/records.ts";
import { amountText, percentBeside } from "./figures.ts";
import type { ItemFacts, OfferFacts } from "./offer-facts.ts";

/** What made a policy's conditions hold, in words and figures. */
export interface Finding {
  /** Absent: the whole quote. */
  readonly line?: string;
  readonly because: string;
}

interface Exchange {
  readonly rates: Rates;
  readonly at: Instant;
}

const millisecondsADay = 86_400_000;

/**
 * Whether all of a policy's conditions hold, and why; undefined where they don't. What can't be known counts as what
 * asks for an approval.
 */
export function findingsOf(
  conditions: ApprovalConditions,
  facts: OfferFacts,
  exchange: Exchange,
): readonly Finding[] | undefined {
  const ofQuote = [
    ...one(conditions.discountAbove, (bound) => discountAbove(bound, facts.discount, facts.hasAlternatives)),
    ...one(conditions.marginBelow, (bound) => marginBelow(bound, facts.margin, facts.hasAlternatives)),
    ...one(conditions.totalAbove, (bound) => totalAbove(bound, facts, exchange)),
    ...one(conditions.paymentTerms, (wanted) => paymentTermsAmong(wanted, facts)),
    ...one(conditions.customerGroups, (wanted) => groupAmong(wanted, facts)),
  ];
  if (!allHold(ofQuote)) return undefined;
  const ofItems = looksAtItems(conditions)
    ? facts.items.flatMap((item) => itemFinding(conditions, item))
    : undefined;
  if (ofItems?.length === 0) return undefined;
  const findings = [
    ...(ofQuote.length === 0 ? [] : [{ because: ofQuote.join(" and ") }]),
    ...(ofItems ?? []),
  ];
  return findings.length === 0 ? [{ because: "it always asks" }] : findings;
}

function looksAtItems(conditions: ApprovalConditions): boolean {
  const { lineDiscountAbove, lineMarginBelow, categories, priceOlderThanDays } = conditions;
  return [lineDiscountAbove, lineMarginBelow, categories, priceOlderThanDays].some(
    (one) => one !== undefined,
  );
}

/** The conditions on items hold together of one item, or not at all. */
function itemFinding(conditions: ApprovalConditions, item: ItemFacts): Finding[] {
  const found = [
    ...one(conditions.categories, (wanted) => categoryAmong(wanted, item)),
    ...one(conditions.lineDiscountAbove, (bound) => discountAbove(bound, item.discount, false)),
    ...one(conditions.lineMarginBelow, (bound) => marginBelow(bound, item.margin, false)),
    ...one(conditions.priceOlderThanDays, (days) => olderThan(days, item)),
  ];
  if (!allHold(found)) return [];
  const which = item.item === "0" ? "" : `alternative ${item.item}: `;
  return [{ line: item.line, because: `${which}${found.join(" and ")}` }];
}

/** A condition that is there: what it says where it holds, undefined where it doesn't. */
function one<Bound>(
  bound: Bound | undefined,
  check: (bound: Bound) => string | undefined,
): readonly (string | undefined)[] {
  return bound === undefined ? [] : [check(bound)];
}

function allHold(found: readonly (string | undefined)[]): found is readonly string[] {
  return found.every((because) => because !== undefined);
}

function discountAbove(
  bound: DecimalText,
  discount: Fraction | undefined,
  isMost: boolean,
): string | undefined {
  if (discount === undefined) return `discount is not known, which counts as above ${bound} %`;
  const limit = parseDecimal(bound);
  if (compare(discount, limit) <= 0) return undefined;
  return `discount of ${isMost ? "up to " : ""}${percentBeside(discount, limit)} % is above ${bound} %`;
}

function marginBelow(bound: DecimalText, margin: Fraction | undefined, isLeast: boolean): string | undefined {
  if (margin === undefined) return `margin is not known, which counts as below ${bound} %`;
  const limit = parseDecimal(bound);
  if (compare(margin, limit) >= 0) return undefined;
  return `margin of ${isLeast ? "as little as " : ""}${percentBeside(margin, limit)} % is below ${bound} %`;
}

function totalAbove(
  { amount, currency }: Money,
  { total, currency: own, hasAlternatives }: OfferFacts,
  { rates, at }: Exchange,
): string | undefined {
  const told = `total of ${hasAlternatives ? "up to " : ""}${amountText(total, own)} ${own}`;
  const converted = rates.convert(total, own, currency, at, exact);
  if (converted === undefined)
    return `${told} has no rate to ${currency}, which counts as above ${amount} ${currency}`;
  if (compare(converted, parseDecimal(amount)) <= 0) return undefined;
  const inOther = own === currency ? "" : `, which is ${amountText(converted, currency)} ${currency},`;
  return `${told}${inOther} is above ${amount} ${currency}`;
}

function paymentTermsAmong(wanted: readonly string[], { paymentTerms }: OfferFacts): string | undefined {
  const isWanted = paymentTerms !== undefined && wanted.includes(paymentTerms);
  return isWanted ? `payment terms are ${paymentTerms}` : undefined;
}

function groupAmong(wanted: readonly string[], { groups }: OfferFacts): string | undefined {
  const found = wanted.find((group) => groups.has(group));
  return found === undefined ? undefined : `customer is in the group ${found}`;
}

function categoryAmong(wanted: readonly string[], item: ItemFacts): string | undefined {
  const found = wanted.find((category) => item.isIn([category]));
  return found === undefined ? undefined : `product is in the category ${found}`;
}

function olderThan(days: number, { priceAge }: ItemFacts): string | undefined {
  if (priceAge === undefined) return `age of its price is not known, which counts as above ${days} days`;
  if (priceAge <= days * millisecondsADay) return undefined;
  return `price is ${Math.floor(priceAge / millisecondsADay)} days old, and older than ${days}`;
}
