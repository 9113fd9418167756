import type { Instant } from "../pricing/instant.ts";
import { compareQuantities } from "../pricing/quantity-band.ts";
import type { Fraction } from "../pricing/fraction.ts";
import type { Step, TierPrice, Unavailable } from "../pricing/question.ts";
import { ByteReader, decodeJson, uint32At } from "./bytes.ts";
import {
  isPriceTemplate,
  priceOf,
  shapeOf,
  type CurveShape,
  type StoredSlice,
  type StoredTier,
} from "./price-template.ts";
import { SegmentError } from "./segment-error.ts";
import { SegmentFrame } from "./segment.ts";
import { isStepsTemplate, readSteps, type StepsTemplate } from "./steps-template.ts";

/** A tier's price as it is stored, without its explanation. */
export type ShownPrice = Omit<TierPrice, "explanation"> | Unavailable;

/** A segment of price curves by SKU; format.md describes its bytes. */
export class PriceSegment {
  /** How much memory it takes, roughly: the size of its bytes. */
  readonly size: number;
  readonly #frame: SegmentFrame;
  readonly #templates: Templates;

  /** @throws {SegmentError} when the bytes are no segment of prices, as do reads of entries that are damaged */
  constructor(bytes: Uint8Array) {
    this.size = bytes.length;
    this.#frame = new SegmentFrame("prices", bytes);
    this.#templates = new Templates(bytes, this.#frame.tail);
  }

  *keys(): Generator<string> {
    for (const [sku] of this.#frame.entries()) yield sku;
  }

  /** Undefined says that there is no price of the SKU here. */
  find(sku: string): StoredCurve | undefined {
    const body = this.#frame.find(sku);
    return body === undefined ? undefined : new StoredCurve(sku, this.#templates, body.start);
  }
}

/**
 * Opens a segment where its bytes are: a look-up reads one entry and, once for all that share it, its template.
 * @throws {SegmentError} when they are no segment of prices, as do reads of entries that are damaged
 */
export function openPrices(bytes: Uint8Array): PriceSegment {
  return new PriceSegment(bytes);
}

/** The part of a segment that its entries share. */
class Templates {
  readonly bytes: Uint8Array;
  readonly #tail: number;
  readonly #count: number;
  readonly #shapes: CurveShape[] = [];
  #records: readonly unknown[] | undefined;

  constructor(bytes: Uint8Array, tail: number) {
    this.bytes = bytes;
    this.#tail = tail;
    this.#count = uint32At(bytes, tail);
    if (tail + 8 + 4 * this.#count > bytes.length)
      throw new SegmentError("The segment's templates are cut off");
  }

  shape(number: number): CurveShape {
    return (this.#shapes[number] ??= readShape(this.#template(number)));
  }

  steps(number: number): StepsTemplate {
    const template = this.#template(number);
    if (!isStepsTemplate(template)) throw new SegmentError("The segment has a template that can't be read");
    return template;
  }

  record(number: number): string {
    this.#records ??= this.#readRecords();
    const record = this.#records[number];
    if (typeof record !== "string")
      throw new SegmentError("The segment names a record that it does not have");
    return record;
  }

  #readRecords(): readonly unknown[] {
    const records = decodeJson(this.bytes, this.#startOf(this.#count), this.bytes.length);
    if (!Array.isArray(records)) throw new SegmentError("The segment's records can't be read");
    return records;
  }

  #template(number: number): unknown {
    if (number >= this.#count) throw new SegmentError("The segment names a template that it does not have");
    return decodeJson(this.bytes, this.#startOf(number), this.#startOf(number + 1));
  }

  #startOf(number: number): number {
    return this.#tail + 8 + 4 * this.#count + uint32At(this.bytes, this.#tail + 4 + 4 * number);
  }
}

function readShape(template: unknown): CurveShape {
  if (!isPriceTemplate(template)) throw new SegmentError("The segment has a template that can't be read");
  return shapeOf(template);
}

/** One SKU's curve in a segment's bytes: nothing is read but what is asked for. */
export class StoredCurve {
  readonly slices: readonly StoredSlice[];
  readonly #sku: string;
  readonly #templates: Templates;
  readonly #shape: CurveShape;
  readonly #number: number;
  /** Where the digits of the prices begin. */
  readonly #start: number;

  constructor(sku: string, templates: Templates, start: number) {
    const cursor = new ByteReader(templates.bytes, start);
    this.#number = cursor.count();
    this.#sku = sku;
    this.#templates = templates;
    this.#shape = templates.shape(this.#number);
    this.#start = cursor.at;
    this.slices = this.#shape.slices;
  }

  /** Of one of the curve's own tiers. */
  priceOf({ price }: StoredTier): ShownPrice {
    if ("unavailable" in price) return price;
    const cursor = new ByteReader(this.#templates.bytes, this.#start);
    cursor.skipVarints(price.before);
    return priceOf(price, () => cursor.digits());
  }

  /** How the price of one of the curve's own tiers came about. */
  explanationOf({ price }: StoredTier): readonly Step[] {
    if ("unavailable" in price) return [];
    const templates = this.#templates;
    const cursor = new ByteReader(templates.bytes, this.#start);
    const unitPrices = this.#tiers().flatMap((tier) => {
      const shown = this.priceOf(tier);
      return "unavailable" in shown ? [] : [shown.unitPrice];
    });
    cursor.skipVarints(this.#shape.digits);
    const template = templates.steps(cursor.count());
    return readSteps(template, price.index, {
      sku: this.#sku,
      unitPrices,
      nextDigits: () => cursor.digits(),
      recordOf: (number) => templates.record(number),
    });
  }

  /** Equal for curves with the same prices, from whichever segments; explanations don't count. */
  fingerprint(): string {
    const cursor = new ByteReader(this.#templates.bytes, this.#start);
    const digits = Array.from({ length: this.#shape.digits }, () => cursor.digits());
    return JSON.stringify([
      this.slices.map(({ from, units }) => [
        from,
        [...units].map(([unit, tiers]) => [unit, tiers.map(textOf)]),
      ]),
      digits,
    ]);
  }

  #tiers(): readonly StoredTier[] {
    return this.slices.flatMap(({ units }) => [...units.values()].flat());
  }
}

function textOf({ from, above, price }: StoredTier): unknown {
  return "unavailable" in price
    ? [from, above, price.unavailable]
    : [from, above, price.unitPrice, price.per, price.graduated, price.line];
}

/** The slice that an instant lies in. */
export function sliceAt(
  slices: readonly StoredSlice[],
  at: Instant,
): { readonly slice: StoredSlice; readonly until: Instant | null } {
  let index = slices.length - 1;
  while (index > 0 && (slices[index]?.from ?? -Infinity) > at) index--;
  const slice = slices[index];
  if (slice === undefined) throw new SegmentError("A curve of the segment has no slices");
  return { slice, until: slices[index + 1]?.from ?? null };
}

/** The tier that a quantity, in base units, lies in. */
export function tierAt(tiers: readonly StoredTier[], quantity: Fraction): StoredTier {
  const asked = { value: quantity, above: false };
  let [low, high] = [0, tiers.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const start = tiers[middle]?.start;
    if (start !== undefined && compareQuantities(start, asked) <= 0) low = middle;
    else high = middle - 1;
  }
  const tier = tiers[low];
  if (tier === undefined) throw new SegmentError("A unit of the segment has no tiers");
  return tier;
}
