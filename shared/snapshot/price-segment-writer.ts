import type { Curve } from "../pricing/curve.ts";
import { ByteWriter, encodeText } from "./bytes.ts";
import { FrameWriter } from "./frame-writer.ts";
import { templateTextOf, type Digits } from "./price-template.ts";
import type { EncodedSegment } from "./segment.ts";
import { stepsTemplateTextOf } from "./steps-template.ts";

/** Writes a segment of price curves SKU by SKU, so that no curve has to be held; format.md describes its bytes. */
export class PriceSegmentWriter {
  readonly #frame = new FrameWriter();
  readonly #templates = new Interned();
  readonly #records = new Interned();
  #last: string | undefined;

  /** @param sku after the one before, by code unit: templates and records are numbered as they come */
  add(sku: string, curve: Curve): void {
    if (this.#last !== undefined && sku <= this.#last)
      throw new RangeError(`Cannot write ${sku} after ${this.#last}`);
    this.#last = sku;
    const body = this.#frame.entry(sku);
    const digits: Digits[] = [];
    this.#write(templateTextOf(curve, digits), digits, body);
    const steps = stepsTemplateTextOf(sku, curve, (record) => this.#records.number(record), digits);
    this.#write(steps, digits, body);
  }

  done(): EncodedSegment {
    const starts = new ByteWriter();
    const contents = new ByteWriter();
    starts.uint32(this.#templates.texts.length);
    for (const text of this.#templates.texts) {
      starts.uint32(contents.length);
      contents.raw(encodeText(text));
    }
    starts.uint32(contents.length);
    contents.raw(encodeText(JSON.stringify(this.#records.texts)));
    const tail = new ByteWriter();
    tail.raw(starts.written());
    tail.raw(contents.written());
    return this.#frame.done("prices", tail.written());
  }

  /** Writes the number of a template and the digits that go with it, which are empty after that. */
  #write(template: string, digits: Digits[], body: ByteWriter): void {
    body.varint(this.#templates.number(template));
    for (const value of digits) body.varint(value);
    digits.length = 0;
  }
}

export function encodePrices(curves: ReadonlyMap<string, Curve>): EncodedSegment {
  const segment = new PriceSegmentWriter();
  for (const [sku, curve] of [...curves].sort(([a], [b]) => (a < b ? -1 : 1))) segment.add(sku, curve);
  return segment.done();
}

/** Texts numbered in the order in which they first come. */
class Interned {
  readonly texts: string[] = [];
  readonly #numbers = new Map<string, number>();

  number(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.texts.length;
    this.#numbers.set(text, number);
    this.texts.push(text);
    return number;
  }
}
