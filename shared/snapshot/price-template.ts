import type { Slice, Tier } from "../pricing/curve.ts";
import { parseFraction } from "../pricing/fraction.ts";
import type { Instant } from "../pricing/instant.ts";
import type { Quantity } from "../pricing/quantity-band.ts";
import type {
  FractionText,
  LineValue,
  TierPrice,
  Unavailable,
  UnavailableCode,
} from "../pricing/question.ts";
import type { DecimalText } from "../pricing/records.ts";
import type { TextTree } from "./text-tree.ts";

/**
 * What many curves have in common: everything of a curve but the digits of its prices. Where a price stands the
 * template has a number, the decimal places; -1 - places for a negative price. The digits follow in the curve's
 * own body, in the same order.
 */
export type PriceTemplate = readonly (readonly [from: Instant | null, units: readonly UnitTemplate[]])[];
type UnitTemplate = readonly [unit: string, tiers: readonly TierTemplate[]];
type TierTemplate = readonly [from: FractionText, above: 0 | 1, price: PriceShape | UnavailableCode];
type PriceShape = readonly [unitPrice: number, per: DecimalText, graduated: 0 | 1, line: unknown];

/** The digits of a decimal, as an integer; a number where that is exact. */
export type Digits = number | bigint;

/** Takes up what a template leaves out, and remembers the templates that it wrote. */
export interface TemplateWriter {
  readonly texts: TextTree;
  readonly digits: Digits[];
}

/** The text of a curve's template, which is JSON; gathers the curve's digits. */
export function templateTextOf(curve: readonly Slice[], writer: TemplateWriter): string {
  const { texts } = writer;
  let slices = 0;
  for (const { from, units } of curve) {
    texts.add(slices++ === 0 ? "[[" : ",[");
    texts.add(from ?? "null");
    let count = 0;
    for (const [unit, tiers] of Object.entries(units)) {
      texts.add(count++ === 0 ? ",[[" : ",[");
      texts.add(JSON.stringify(unit));
      writeTiers(tiers, writer);
    }
    texts.add(count === 0 ? ",[]]" : "]]");
  }
  texts.add(slices === 0 ? "[]" : "]");
  return texts.take();
}

function writeTiers(tiers: readonly Tier[], { texts, digits }: TemplateWriter): void {
  let count = 0;
  for (const { from, above, price } of tiers) {
    // Decimals, fractions and codes have nothing that JSON would write in another way.
    texts.add(count++ === 0 ? ',[["' : ',["');
    texts.add(from);
    if ("unavailable" in price) {
      texts.add(above ? '",1,"' : '",0,"');
      texts.add(price.unavailable);
      texts.add('"]');
      continue;
    }
    texts.add(above ? '",1,[' : '",0,[');
    texts.add(takeDigits(price.unitPrice, digits));
    texts.add(',"');
    texts.add(price.per);
    texts.add(price.graduated ? '",1,' : '",0,');
    texts.add(price.line === undefined ? "0" : JSON.stringify(lineOf(price.line, digits)));
    texts.add("]]");
  }
  texts.add(count === 0 ? ",[]]" : "]]");
}

// A number of so many digits is below 2^53.
const digitsOfNumberMax = 15;
const [zero, minus, point] = [0x30, 0x2d, 0x2e];

/** The decimal's digits; what remains is its marker. */
export function takeDigits(text: DecimalText, digits: Digits[]): number {
  const negative = text.charCodeAt(0) === minus;
  let value = 0;
  let count = 0;
  let places = 0;
  for (let at = negative ? 1 : 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === point) places = text.length - at - 1;
    else {
      value = value * 10 + code - zero;
      count++;
    }
  }
  digits.push(count <= digitsOfNumberMax ? value : BigInt(text.replace(/[-.]/g, "")));
  return negative ? -1 - places : places;
}

export function decimalOf(digits: string, marker: number): DecimalText {
  const places = marker < 0 ? -1 - marker : marker;
  const sign = marker < 0 ? "-" : "";
  if (places === 0) return sign + digits;
  const padded = digits.length > places ? digits : digits.padStart(places + 1, "0");
  const point = padded.length - places;
  return `${sign}${padded.slice(0, point)}.${padded.slice(point)}`;
}

const priceKeys: ReadonlySet<string> = new Set(["unitPrice", "rate", "amount"]);
const decimal = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/;

function lineOf(line: LineValue, digits: Digits[]): unknown {
  return mapValues(line, (key, value) =>
    typeof value === "string" && priceKeys.has(key) && decimal.test(value)
      ? takeDigits(value, digits)
      : value,
  );
}

function mapValues(value: unknown, map: (key: string, value: unknown) => unknown, key = ""): unknown {
  if (Array.isArray(value)) return value.map((part) => mapValues(part, map, key));
  if (typeof value !== "object" || value === null) return map(key, value);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, mapValues(part, map, name)]));
}

/** Whether a value that was read is a template. */
export function isPriceTemplate(value: unknown): value is PriceTemplate {
  return isListOf(
    value,
    (slice) =>
      isTuple(slice, 2) &&
      (slice[0] === null || Number.isFinite(slice[0])) &&
      isListOf(slice[1], isUnitTemplate),
  );
}

function isUnitTemplate(unit: unknown): boolean {
  return isTuple(unit, 2) && typeof unit[0] === "string" && isListOf(unit[1], isTierTemplate);
}

function isTierTemplate(tier: unknown): boolean {
  if (!isTuple(tier, 3)) return false;
  const [from, above, price] = tier;
  if (typeof from !== "string" || !fraction.test(from) || (above !== 0 && above !== 1)) return false;
  if (!isTuple(price, 4)) return typeof price === "string";
  const [unitPrice, per, graduated, line] = price;
  return (
    isMarker(unitPrice) &&
    typeof per === "string" &&
    (graduated === 0 || graduated === 1) &&
    (line === 0 || (typeof line === "object" && line !== null))
  );
}

const fraction = /^-?[0-9]+(?:\.[0-9]+|\/[1-9][0-9]*)?$/;

export function isMarker(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && Math.abs(value) <= placesMax;
}

// No decimal has as many places; a damaged marker must not ask for a text of a gigabyte.
const placesMax = 1_000;

export function isListOf(value: unknown, isPart: (part: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isPart);
}

export function isTuple(value: unknown, length: number): value is readonly unknown[] {
  return Array.isArray(value) && value.length === length;
}

/** A template that is ready to be read with. */
export interface CurveShape {
  readonly slices: readonly StoredSlice[];
  /** How many digits a curve of this shape has. */
  readonly digits: number;
}

export interface StoredSlice {
  /** The first instant of the slice, which lasts until the next one's; null: since ever. */
  readonly from: Instant | null;
  readonly units: ReadonlyMap<string, readonly StoredTier[]>;
}

export interface StoredTier {
  readonly from: FractionText;
  readonly above?: true;
  /** `from` and `above` as a quantity. */
  readonly start: Quantity;
  readonly price: StoredPrice | Unavailable;
}

interface StoredPrice {
  /** How many digits of the curve come before this price's. */
  readonly before: number;
  /** How many tiers with a price come before this one. */
  readonly index: number;
  readonly unitPrice: number;
  readonly per: DecimalText;
  readonly graduated: boolean;
  readonly line: unknown;
}

export function shapeOf(template: PriceTemplate): CurveShape {
  let [digits, index] = [0, 0];
  const priceOf = (price: PriceShape | UnavailableCode): StoredPrice | Unavailable => {
    if (typeof price === "string") return { unavailable: price };
    const [unitPrice, per, graduated, line] = price;
    const stored = { before: digits, index, unitPrice, per, graduated: graduated === 1, line };
    digits += 1 + countNumbers(line === 0 ? undefined : line);
    index++;
    return stored;
  };
  const slices = template.map(([from, units]) => ({
    from,
    units: new Map(
      units.map(([unit, tiers]) => [
        unit,
        tiers.map(([start, above, price]): StoredTier => ({
          from: start,
          ...(above === 1 ? { above: true as const } : {}),
          start: { value: parseFraction(start), above: above === 1 },
          price: priceOf(price),
        })),
      ]),
    ),
  }));
  return { slices, digits };
}

function countNumbers(value: unknown): number {
  let count = 0;
  mapValues(value, (_, part) => (isMarker(part) ? count++ : undefined));
  return count;
}

/** The price of a shape whose digits are read one after the other. */
export function priceOf(price: StoredPrice, nextDigits: () => string): Omit<TierPrice, "explanation"> {
  const unitPrice = decimalOf(nextDigits(), price.unitPrice);
  const { per, graduated } = price;
  if (price.line === 0 && !graduated) return { unitPrice, per };
  const line = mapValues(price.line, (_, part) => (isMarker(part) ? decimalOf(nextDigits(), part) : part));
  return {
    unitPrice,
    per,
    ...(price.line === 0 ? {} : { line: line as LineValue }),
    ...(graduated ? { graduated: true as const } : {}),
  };
}
