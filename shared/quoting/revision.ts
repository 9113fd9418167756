import { add, parseDecimal, zero } from "../pricing/fraction.ts";
import { moneyText } from "../pricing/line-total.ts";
import type { Party } from "./actor.ts";
import type { PricedSet } from "./command.ts";
import type { QuoteItem, QuoteLine } from "./line.ts";
import { percentBelow, pricedItem } from "./priced-item.ts";
import type { Revision } from "./quote.ts";

export interface RevisionHead {
  readonly number: number;
  readonly by: Party;
  readonly at: string;
  readonly currency: string;
}

/** The revision that a set becomes, with totals worked out here: a set's own are not relied on. */
export function revisionOf({ lines, terms, pin }: PricedSet, head: RevisionHead): Revision {
  const { number, by, at, currency } = head;
  const priced = eachItem(lines, (item) => pricedItem(item, { currency, lineRounding: pin.lineRounding }));
  return { number, by, at, lines: priced, terms, pin, ...totalsOf(priced, currency) };
}

/** The lines with each of their items changed. */
export function eachItem(
  lines: readonly QuoteLine[],
  change: (item: QuoteItem, line: QuoteLine) => QuoteItem,
): readonly QuoteLine[] {
  return lines.map((line) => ({
    ...line,
    own: change(line.own, line),
    alternatives: line.alternatives.map((item) => change(item, line)),
  }));
}

function totalsOf(
  lines: readonly QuoteLine[],
  currency: string,
): Pick<Revision, "total" | "discountPercent"> {
  let [total, comparable, listed] = [zero, zero, zero];
  for (const { own } of lines) {
    if (own.lineTotal === undefined) continue;
    const lineTotal = parseDecimal(own.lineTotal);
    total = add(total, lineTotal);
    if ("unavailable" in own.listed) continue;
    comparable = add(comparable, lineTotal);
    listed = add(listed, parseDecimal(own.listed.lineTotal));
  }
  const discountPercent = percentBelow(comparable, listed);
  return {
    total: moneyText(total, currency),
    ...(discountPercent === undefined ? {} : { discountPercent }),
  };
}
