import type { Curve } from "../pricing/curve.ts";
import type { Step, TierPrice } from "../pricing/question.ts";
import type { DecimalText } from "../pricing/records.ts";
import {
  decimalOf,
  isListOf,
  isMarker,
  isTuple,
  listText,
  takeDigits,
  type Digits,
} from "./price-template.ts";

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
  sku: string,
  curve: Curve,
  numberOf: (record: string) => number,
  digits: Digits[],
): string {
  let text = "[";
  for (const { units } of curve) {
    for (const tiers of Object.values(units)) {
      for (const { price } of tiers) {
        if ("unavailable" in price) continue;
        text += `${text.length === 1 ? "" : ","}${stepsText(sku, price, numberOf, digits)}`;
      }
    }
  }
  return `${text}]`;
}

function stepsText(
  sku: string,
  price: TierPrice,
  numberOf: (record: string) => number,
  digits: Digits[],
): string {
  let before: DecimalText | undefined;
  return listText(price.explanation, ({ step, record, amount }) => {
    if (record !== undefined) digits.push(numberOf(record.replaceAll(sku, ownSku)));
    const marker =
      amount === price.unitPrice
        ? `"${sameAsPrice}"`
        : amount === before
          ? `"${sameAsBefore}"`
          : takeDigits(amount, digits);
    before = amount;
    return `["${step}",${record === undefined ? 0 : 1},${marker}]`;
  });
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
