import type { Curve } from "../pricing/curve.ts";
import type { Step, TierPrice } from "../pricing/question.ts";
import type { DecimalText } from "../pricing/records.ts";
import { decimalOf, isListOf, isMarker, isTuple, takeDigits, type TemplateWriter } from "./price-template.ts";

/**
 * The explanations of a curve's tiers that have a price, without the digits and the records' names. An amount is a
 * marker of digits as in a price template, or `sameAsPrice`, or `sameAsBefore`.
 */
export type StepsTemplate = readonly (readonly StepTemplate[])[];
type StepTemplate = readonly [step: Step["step"], hasRecord: 0 | 1, amount: number | string];

const sameAsPrice = "=";
const sameAsBefore = "<";
// Records of prices are often named after their SKU, and then many share one name here. No id holds this character.
const ownSku = "\u0000";

/** The text of the template of a curve's explanations, which is JSON; gathers the records' numbers and the digits. */
export function stepsTemplateTextOf(
  curve: Curve,
  numberOf: (record: string) => number,
  writer: TemplateWriter,
): string {
  const { texts } = writer;
  let count = 0;
  for (const { units } of curve) {
    for (const tiers of Object.values(units)) {
      for (const { price } of tiers) {
        if ("unavailable" in price) continue;
        texts.add(count++ === 0 ? "[" : ",");
        writeSteps(price, numberOf, writer);
      }
    }
  }
  texts.add(count === 0 ? "[]" : "]");
  return texts.take();
}

function writeSteps(
  { explanation, unitPrice }: TierPrice,
  numberOf: (record: string) => number,
  { texts, digits }: TemplateWriter,
): void {
  let before: DecimalText | undefined;
  for (const { step, record, amount } of explanation) {
    texts.add(before === undefined ? '[["' : ',["');
    texts.add(step);
    texts.add(record === undefined ? '",0,' : '",1,');
    if (record !== undefined) digits.push(numberOf(record));
    if (amount === unitPrice) texts.add(`"${sameAsPrice}"`);
    else if (amount === before) texts.add(`"${sameAsBefore}"`);
    else texts.add(takeDigits(amount, digits));
    texts.add("]");
    before = amount;
  }
  texts.add(before === undefined ? "[]" : "]");
}

/** The names of one SKU's records as segments have them, made once for all segments that it is in. */
export class StoredNames {
  #sku = "";
  readonly #names = new Map<string, string>();

  of(record: string, sku: string): string {
    if (sku !== this.#sku) {
      this.#sku = sku;
      this.#names.clear();
    }
    const known = this.#names.get(record);
    if (known !== undefined) return known;
    const made = record.replaceAll(sku, ownSku);
    this.#names.set(record, made);
    return made;
  }
}

/** Whether a value that was read is a template. */
export function isStepsTemplate(value: unknown): value is StepsTemplate {
  return isListOf(value, (tier) => isListOf(tier, isStepTemplate));
}

function isStepTemplate(step: unknown): boolean {
  if (!isTuple(step, 3)) return false;
  const [name, hasRecord, amount] = step;
  const isAmount = amount === sameAsPrice || amount === sameAsBefore || isMarker(amount);
  return typeof name === "string" && (hasRecord === 0 || hasRecord === 1) && isAmount;
}

interface StepsSource {
  readonly sku: string;
  /** Of the tiers that have a price, in order. */
  readonly unitPrices: readonly DecimalText[];
  nextDigits(): string;
  recordOf(number: number): string;
}

/** The explanation of the tier with this index among those that have a price. */
export function readSteps(template: StepsTemplate, index: number, source: StepsSource): readonly Step[] {
  let steps: Step[] = [];
  for (let tier = 0; tier <= index; tier++) {
    steps = [];
    for (const [step, hasRecord, marker] of template[tier] ?? []) {
      const record = hasRecord === 1 ? source.recordOf(Number(source.nextDigits())) : undefined;
      const amount =
        marker === sameAsPrice
          ? (source.unitPrices[tier] ?? "")
          : marker === sameAsBefore
            ? (steps.at(-1)?.amount ?? "")
            : decimalOf(source.nextDigits(), Number(marker));
      steps.push({
        step,
        ...(record === undefined ? {} : { record: record.replaceAll(ownSku, source.sku) }),
        amount,
      });
    }
  }
  return steps;
}
