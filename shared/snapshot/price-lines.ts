import { inBaseUnits } from "../pricing/curve.ts";
import { add, compare, isMultipleOf, parseDecimal, zero } from "../pricing/fraction.ts";
import type { Instant } from "../pricing/instant.ts";
import { lineOf, moneyText } from "../pricing/line-total.ts";
import type { Step, UnavailableCode } from "../pricing/question.ts";
import type { DecimalText } from "../pricing/records.ts";
import type { Manifest } from "./manifest.ts";
import { nameRule, type CustomerPage, type ProductPage } from "./page.ts";
import { shardOf } from "./partition.ts";
import {
  defaultCurrency,
  factorOf,
  findCurve,
  findCustomer,
  place,
  type Placed,
  type SegmentReader,
} from "./placed.ts";
import { sliceAt, tierAt } from "./price-segment.ts";
import { tiersShown, type ShownTier } from "./tiers-shown.ts";

export interface PricesQuestion {
  readonly customer: string;
  readonly channel?: string | undefined;
  /** Default: the customer's. */
  readonly currency?: string | undefined;
  readonly at: Instant;
  readonly lines: readonly AskedLine[];
}

export interface AskedLine {
  readonly sku: string;
  readonly quantity: DecimalText;
  readonly unit?: string | undefined;
}

export type PricesAnswer =
  | { readonly kind: "unknown_customer" }
  | { readonly kind: "currency_required" }
  | {
      readonly kind: "answered";
      readonly currency: string;
      readonly lines: readonly AnsweredLine[];
      /** Of the lines that have a price. */
      readonly total: DecimalText;
      /** The next instant at which some line may change, without a new snapshot; null: none. */
      readonly validUntil: Instant | null;
    };

export type AnsweredLine = PricedLine | UnavailableLine;

export interface PricedLine extends AskedLine {
  readonly unit: string;
  readonly unitPrice: DecimalText;
  readonly per: DecimalText;
  readonly lineTotal: DecimalText;
  /** Each part of the quantity has the price of its own tier; the unit price is the average. */
  readonly graduated?: true;
  readonly tiers: readonly ShownTier[];
  readonly explanation: readonly Step[];
  readonly validUntil: Instant | null;
}

export interface UnavailableLine extends AskedLine {
  readonly unavailable: UnavailableCode;
  readonly validUntil: Instant | null;
}

/** Answers all lines from the segments of one manifest: never a mix of snapshots. */
export async function priceLines(
  question: PricesQuestion,
  manifest: Manifest,
  reader: SegmentReader,
): Promise<PricesAnswer> {
  const [page, products] = await Promise.all([
    findCustomer(question.customer, manifest, reader),
    productsOf(question.lines, manifest, reader),
  ]);
  if (page === undefined) return { kind: "unknown_customer" };
  const currency = question.currency ?? defaultCurrency(page, manifest);
  if (currency === undefined) return { kind: "currency_required" };

  const placed = place(page, question.channel, currency, manifest);
  const lines = await Promise.all(
    question.lines.map((line, index) => priceLine(line, products[index], page, placed, question.at, reader)),
  );
  return {
    kind: "answered",
    currency,
    lines,
    total: sumOf(lines, currency),
    validUntil: earliest(lines),
  };
}

function productsOf(
  lines: readonly AskedLine[],
  manifest: Manifest,
  reader: SegmentReader,
): Promise<(ProductPage | undefined)[]> {
  const { bits, segments } = manifest.products;
  return Promise.all(
    lines.map(async ({ sku }) => {
      const hash = segments[shardOf(sku, bits)];
      return hash === undefined ? undefined : (await reader.products(hash)).find(sku);
    }),
  );
}

async function priceLine(
  line: AskedLine,
  product: ProductPage | undefined,
  page: CustomerPage,
  placed: Placed,
  at: Instant,
  reader: SegmentReader,
): Promise<AnsweredLine> {
  const unavailable = (code: UnavailableCode, validUntil: Instant | null = null): UnavailableLine => ({
    ...line,
    unavailable: code,
    validUntil,
  });
  if (page.blocked) return unavailable("customer_blocked");
  if (product === undefined) return unavailable("unknown_sku");
  if (product.discontinued) return unavailable("discontinued");
  const unit = line.unit ?? product.unit;
  const factor = factorOf(product, unit);
  if (factor === undefined) return unavailable("unit_unknown");
  const quantity = inBaseUnits(line.quantity, factor);
  if (product.minQuantity !== undefined && compare(quantity, parseDecimal(product.minQuantity)) < 0) {
    return unavailable("below_minimum");
  }
  if (product.multiple !== undefined && !isMultipleOf(quantity, parseDecimal(product.multiple))) {
    return unavailable("not_a_multiple");
  }

  const found = await findCurve(line.sku, placed.layersOf(product.bucket), reader);
  if (found === undefined) return unavailable("no_price");
  const { slice, until } = sliceAt(found.curve.slices, at);
  const tiers = slice.units.get(unit) ?? [];
  const tier = tierAt(tiers, quantity);
  const price = found.curve.priceOf(tier);
  if ("unavailable" in price) return unavailable(price.unavailable, until);
  return {
    ...line,
    unit,
    ...lineOf(price, { quantity: line.quantity, worth: factor }, placed.currency, placed.rounding),
    per: price.per,
    ...(price.graduated === undefined ? {} : { graduated: price.graduated }),
    tiers: tiersShown(found.curve, tiers, product, factor),
    explanation: found.curve
      .explanationOf(tier)
      .map((step) =>
        step.record === undefined ? step : { ...step, record: nameRule(step.record, found.names) },
      ),
    validUntil: until,
  };
}

function sumOf(lines: readonly AnsweredLine[], currency: string): DecimalText {
  const sum = lines.reduce(
    (total, line) => ("lineTotal" in line ? add(total, parseDecimal(line.lineTotal)) : total),
    zero,
  );
  return moneyText(sum, currency);
}

function earliest(lines: readonly AnsweredLine[]): Instant | null {
  let first: Instant | null = null;
  for (const { validUntil } of lines) {
    if (validUntil !== null && (first === null || validUntil < first)) first = validUntil;
  }
  return first;
}
