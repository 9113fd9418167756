import { inBaseUnits } from "../pricing/curve.ts";
import { compare, isMultipleOf, parseDecimal } from "../pricing/fraction.ts";
import type { Instant } from "../pricing/instant.ts";
import { lineOf } from "../pricing/line-total.ts";
import type { Step, UnavailableCode } from "../pricing/question.ts";
import type { DecimalText } from "../pricing/records.ts";
import type { Head } from "./head.ts";
import { nameRule, type CustomerPage, type ProductPage } from "./page.ts";
import { factorOf, findCurve, type OpenLayer, type Placed } from "./placed.ts";
import { sliceAt, tierAt } from "./price-segment.ts";
import { tiersShown, type ShownTier } from "./tiers-shown.ts";

export interface AskedLine {
  readonly sku: string;
  readonly quantity: DecimalText;
  readonly unit?: string | undefined;
}

export type AnsweredLine = PricedLine | UnavailableLine;

/** The instants at which something is the answer: from the first on, null for since ever; up to the second. */
interface Validity {
  readonly validFrom: Instant | null;
  readonly validUntil: Instant | null;
}

interface LineAnswer extends Validity {
  readonly asked: AskedLine;
  /** Room for the line as text, for who writes it more than once. */
  written?: string;
  /** Room for the ETag of this line alone, and for the head that the answer named. */
  tagged?: { readonly of: Head; readonly etag: string };
}

export interface PricedLine extends LineAnswer {
  readonly unit: string;
  readonly unitPrice: DecimalText;
  readonly per: DecimalText;
  readonly lineTotal: DecimalText;
  /** Each part of the quantity has the price of its own tier; the unit price is the average. */
  readonly graduated?: true;
  readonly tiers: readonly ShownTier[];
  /** How the price came about, which is worked out when it is asked for. */
  readonly explain: () => readonly Step[];
}

export interface UnavailableLine extends LineAnswer {
  readonly unavailable: UnavailableCode;
}

/** What a line's answer follows from, all of it open. */
export interface LineSources {
  readonly page: CustomerPage;
  readonly placed: Placed;
  readonly product: ProductPage | undefined;
  /** The layers of the product's bucket. */
  readonly layers: readonly OpenLayer[];
}

/** The answer to one line; of several reasons for no price the first in the order of the checks here counts. */
export function answerLine(asked: AskedLine, sources: LineSources, at: Instant): AnsweredLine {
  const { page, placed, product, layers } = sources;
  const unavailable = (code: UnavailableCode, validity: Validity = always): UnavailableLine => ({
    asked,
    unavailable: code,
    ...validity,
  });
  if (page.blocked) return unavailable("customer_blocked");
  if (product === undefined) return unavailable("unknown_sku");
  if (product.discontinued) return unavailable("discontinued");
  const unit = asked.unit ?? product.unit;
  const factor = factorOf(product, unit);
  if (factor === undefined) return unavailable("unit_unknown");
  const quantity = inBaseUnits(asked.quantity, factor);
  if (product.minQuantity !== undefined && compare(quantity, parseDecimal(product.minQuantity)) < 0) {
    return unavailable("below_minimum");
  }
  if (product.multiple !== undefined && !isMultipleOf(quantity, parseDecimal(product.multiple))) {
    return unavailable("not_a_multiple");
  }

  const found = findCurve(asked.sku, layers);
  if (found === undefined) return unavailable("no_price");
  const { curve, names } = found;
  const { slice, until } = sliceAt(curve.slices, at);
  const validity = { validFrom: slice.from, validUntil: until };
  const tiers = slice.units.get(unit) ?? [];
  const tier = tierAt(tiers, quantity);
  const price = curve.priceOf(tier);
  if ("unavailable" in price) return unavailable(price.unavailable, validity);
  return {
    asked,
    unit,
    ...lineOf(price, { quantity: asked.quantity, worth: factor }, placed.currency, placed.rounding),
    per: price.per,
    ...(price.graduated === undefined ? {} : { graduated: price.graduated }),
    tiers: tiersShown(curve, tiers, product, factor),
    explain: () =>
      curve
        .explanationOf(tier)
        .map((step) =>
          step.record === undefined ? step : { ...step, record: nameRule(step.record, names) },
        ),
    ...validity,
  };
}

const always: Validity = { validFrom: null, validUntil: null };

export function isValidAt({ validFrom, validUntil }: AnsweredLine, at: Instant): boolean {
  return (validFrom === null || validFrom <= at) && (validUntil === null || at < validUntil);
}
