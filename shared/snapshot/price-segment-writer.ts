import type { Curve } from "../pricing/curve.ts";
import { ByteWriter } from "./bytes.ts";
import { FrameWriter } from "./frame-writer.ts";
import { templateTextOf, type Digits } from "./price-template.ts";
import type { EncodedSegment } from "./segment.ts";
import { StoredNames, stepsTemplateTextOf } from "./steps-template.ts";
import { TextTree } from "./text-tree.ts";

/** What segments that are written beside each other share: the work on their texts. */
export class SharedTexts {
  readonly templates = new TextTree();
  readonly names = new StoredNames();
}

/** Writes a segment of price curves SKU by SKU, so that no curve has to be held; format.md describes its bytes. */
export class PriceSegmentWriter {
  readonly #shared: SharedTexts;
  readonly #frame = new FrameWriter();
  readonly #templates = new Interned();
  readonly #records = new Interned();
  readonly #digits: Digits[] = [];
  #last: string | undefined;

  constructor(shared = new SharedTexts()) {
    this.#shared = shared;
  }

  /** @param sku after the one before, by code unit: templates and records are numbered as they come */
  add(sku: string, curve: Curve): void {
    if (this.#last !== undefined && sku <= this.#last)
      throw new RangeError(`Cannot write ${sku} after ${this.#last}`);
    this.#last = sku;
    const body = this.#frame.entry(sku);
    const { templates, names } = this.#shared;
    const writer = { texts: templates, digits: this.#digits };
    this.#write(templateTextOf(curve, writer), body);
    const numberOf = (record: string) => this.#records.number(names.of(record, sku));
    this.#write(stepsTemplateTextOf(curve, numberOf, writer), body);
  }

  done(): EncodedSegment {
    const starts = new ByteWriter();
    const contents = new ByteWriter();
    starts.uint32(this.#templates.texts.length);
    for (const text of this.#templates.texts) {
      starts.uint32(contents.length);
      contents.utf8(text);
    }
    starts.uint32(contents.length);
    contents.utf8(JSON.stringify(this.#records.texts));
    const tail = new ByteWriter(starts.length + contents.length);
    tail.raw(starts.written());
    tail.raw(contents.written());
    return this.#frame.done("prices", tail.written());
  }

  /** Writes the number of a template and the digits that go with it. */
  #write(template: string, body: ByteWriter): void {
    body.varint(this.#templates.number(template));
    for (const value of this.#digits) body.varint(value);
    this.#digits.length = 0;
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
