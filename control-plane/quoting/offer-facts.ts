import type { Category } from "../../shared/pricing/records.ts";
import { exact } from "../../shared/pricing/arithmetic.ts";
import { inBaseUnits } from "../../shared/pricing/curve.ts";
import {
  compare,
  divide,
  hundred,
  multiply,
  parseDecimal,
  subtract,
  zero,
  type Fraction,
} from "../../shared/pricing/fraction.ts";
import type { Instant } from "../../shared/pricing/instant.ts";
import { unitsOf } from "../../shared/pricing/product-units.ts";
import type { Rates } from "../../shared/pricing/rates.ts";
import type { Product } from "../../shared/pricing/records.ts";
import { whatMatches } from "../../shared/pricing/scope.ts";
import type { AssessedItem } from "../../shared/quoting/desk.ts";
import { highestShare, sumOf } from "./highest-share.ts";

/** What the conditions of approval policies look at. Undefined is what can't be known. Percentages are exact. */
export interface OfferFacts {
  readonly items: readonly ItemFacts[];
  readonly currency: string;
  /** With the picks that make it the highest, as all of these. */
  readonly total: Fraction;
  readonly discount: Fraction | undefined;
  /** The lowest. */
  readonly margin: Fraction | undefined;
  /** Whether the buyer has a choice, so that the three above need not be what the lines' own items come to. */
  readonly hasAlternatives: boolean;
  readonly paymentTerms: string | undefined;
  /** The customer's, with those above them. */
  readonly groups: ReadonlySet<string>;
}

export interface ItemFacts {
  readonly line: string;
  /** `0` is the line's own. */
  readonly item: string;
  readonly discount: Fraction | undefined;
  readonly margin: Fraction | undefined;
  /** In milliseconds; asked for only where a policy looks at it. */
  readonly priceAge: number | undefined;
  /** Whether the product is in one of these categories or below; what is unknown may be in any. */
  isIn(categories: readonly string[]): boolean;
}

/** What an offer is judged by, besides itself. */
export interface OfferContext {
  readonly currency: string;
  readonly at: Instant;
  readonly rates: Rates;
  readonly products: ReadonlyMap<string, Product>;
  readonly categories: ReadonlyMap<string, Category>;
  /** By the item's place in the question. */
  readonly priceAges: readonly (number | undefined)[];
  readonly paymentTerms: string | undefined;
  readonly groups: ReadonlySet<string>;
}

interface Money {
  readonly total: Fraction;
  readonly listed: Fraction | undefined;
  readonly cost: Fraction | undefined;
}

export function offerFacts(items: readonly AssessedItem[], context: OfferContext): OfferFacts {
  const { currency, paymentTerms, groups } = context;
  const monies = items.map((item) => ({ line: item.line, ...moneyOf(item, context) }));
  const lines = [...Map.groupBy(monies, ({ line }) => line).values()];
  return {
    items: items.map((item, place) => itemFacts(item, monies[place]?.cost, context, place)),
    currency,
    total: sumOf(lines.map((line) => line.map(({ total }) => total).reduce(larger))),
    discount: highestDiscount(lines),
    margin: lowestMargin(lines),
    hasAlternatives: lines.length < items.length,
    paymentTerms,
    groups,
  };
}

function itemFacts(
  item: AssessedItem,
  cost: Fraction | undefined,
  { products, categories, priceAges }: OfferContext,
  place: number,
): ItemFacts {
  const product = products.get(item.sku);
  return {
    line: item.line,
    item: item.item,
    discount: discountOf(item),
    margin: marginOf(parseDecimal(item.lineTotal), cost),
    priceAge: priceAges[place],
    isIn: (wanted) => product === undefined || whatMatches({ categories: wanted }, product, categories),
  };
}

function moneyOf(item: AssessedItem, context: OfferContext): Money {
  return {
    total: parseDecimal(item.lineTotal),
    listed: item.listedTotal === undefined ? undefined : parseDecimal(item.listedTotal),
    cost: costOf(item, context),
  };
}

/** Of the whole quantity, in the quote's currency. */
function costOf(
  { sku, quantity, unit }: AssessedItem,
  { products, rates, currency, at }: OfferContext,
): Fraction | undefined {
  const product = products.get(sku);
  const worth = product === undefined ? undefined : unitsOf(product).get(unit);
  if (product?.cost === undefined || worth === undefined) return undefined;
  const { amount, per = "1", currency: own } = product.cost;
  const each = divide(parseDecimal(amount), parseDecimal(per));
  return rates.convert(multiply(each, inBaseUnits(quantity, worth.worth)), own, currency, at, exact);
}

/** How far the price is below the listed one, by what one unit costs. Nothing is below a listed price of zero. */
function discountOf({ offeredPrice, per, listedPrice, listedPer = per }: AssessedItem): Fraction | undefined {
  if (listedPrice === undefined) return undefined;
  const listed = divide(parseDecimal(listedPrice), parseDecimal(listedPer));
  if (listed.numerator === 0n) return zero;
  return percentOf(subtract(listed, divide(parseDecimal(offeredPrice), parseDecimal(per))), listed);
}

/** A total of zero leaves no margin that could be told. */
function marginOf(total: Fraction, cost: Fraction | undefined): Fraction | undefined {
  if (cost === undefined || total.numerator === 0n) return undefined;
  return percentOf(subtract(total, cost), total);
}

function highestDiscount(lines: readonly (readonly Money[])[]): Fraction | undefined {
  if (lines.length === 0) return undefined;
  const parts = lines.map((items) =>
    items.flatMap(({ total, listed }) =>
      listed === undefined ? [] : [{ part: subtract(listed, total), whole: listed }],
    ),
  );
  if (parts.some((items, place) => items.length < (lines[place]?.length ?? 0))) return undefined;
  return percent(highestShare(parts) ?? zero);
}

function lowestMargin(lines: readonly (readonly Money[])[]): Fraction | undefined {
  const mayBeFree = lines.every((items) => items.some(({ total }) => total.numerator === 0n));
  if (mayBeFree) return undefined;
  const parts = lines.map((items) =>
    items.flatMap(({ total, cost }) => (cost === undefined ? [] : [{ part: cost, whole: total }])),
  );
  if (parts.some((items, place) => items.length < (lines[place]?.length ?? 0))) return undefined;
  const costShare = highestShare(parts);
  return costShare === undefined ? undefined : subtract(hundred, percent(costShare));
}

/** By line, of its own item; alternatives are `line/item`. */
export function marginsByItem(items: readonly ItemFacts[]): [name: string, margin: Fraction | undefined][] {
  return items.map(({ line, item, margin }) => [item === "0" ? line : `${line}/${item}`, margin]);
}

/** What the lines' own items come to together. */
export function marginOfOwn(items: readonly AssessedItem[], context: OfferContext): Fraction | undefined {
  const own = items.filter(({ item }) => item === "0").map((item) => [moneyOf(item, context)]);
  return own.length === 0 ? undefined : lowestMargin(own);
}

function percentOf(part: Fraction, whole: Fraction): Fraction {
  return percent(divide(part, whole));
}

function percent(share: Fraction): Fraction {
  return multiply(share, hundred);
}

function larger(a: Fraction, b: Fraction): Fraction {
  return compare(a, b) < 0 ? b : a;
}
