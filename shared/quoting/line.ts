import type { UnavailableCode } from "../pricing/question.ts";
import type { DecimalText } from "../pricing/records.ts";

/** What a customer's price is at the edge, by the snapshot that the quote pins. */
export type ListedPrice =
  | {
      readonly unit: string;
      readonly unitPrice: DecimalText;
      readonly per: DecimalText;
      readonly lineTotal: DecimalText;
    }
  | { readonly unavailable: UnavailableCode };

/** One product in one quantity: a line's own, or one of its alternatives. */
export interface QuoteItem {
  /** Within its line: `0` is the line's own, alternatives are `1`, `2`, … */
  readonly item: string;
  readonly sku: string;
  /** What the product is called, for people. */
  readonly name: string;
  readonly quantity: DecimalText;
  /** The unit of the quantity and of all prices here: the asked one, else the product's base unit. */
  readonly unit: string;
  /** Prices are for this many units. */
  readonly per: DecimalText;
  /** The customer's price without the quote. */
  readonly listed: ListedPrice;
  readonly requestedPrice?: DecimalText;
  readonly offeredPrice?: DecimalText;
  /** Quantity × offered price, else requested price, else listed price, rounded as line totals are; absent: no price. */
  readonly lineTotal?: DecimalText;
  /** How far the offered (else requested) price is below the listed one, in percent with two places; below zero above it. */
  readonly discountPercent?: DecimalText;
}

export interface QuoteLine {
  /** `1`, `2`, …; it stays the same through all revisions that keep the line. */
  readonly line: string;
  readonly note?: string;
  readonly own: QuoteItem;
  /** Other products or quantities of which the buyer may pick one instead. */
  readonly alternatives: readonly QuoteItem[];
}
