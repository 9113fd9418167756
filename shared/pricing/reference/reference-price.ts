import { minorUnitOf } from "../currency.ts";
import {
  compare,
  divide,
  isMultipleOf,
  isNegative,
  multiply,
  parseDecimal,
  type Fraction,
} from "../fraction.ts";
import type { Answer, Question, Step } from "../question.ts";
import type { PricingRecord } from "../records.ts";
import { formatDecimal, round } from "../rounding.ts";
import { basePrice } from "./base-price.ts";
import { Case } from "./case.ts";
import { Buyer } from "./customer.ts";
import { factorOf } from "./quantity.ts";
import { applyRules } from "./rules.ts";

/**
 * The price as ../README.md has it, straight from the records. It is slow and does nothing cleverly: it is there
 * for the compiled form to be compared with, and shares nothing with that but arithmetic, dates and rounding.
 */
export function referencePrice(records: readonly PricingRecord[], question: Question): Answer {
  const asked = new Case(records, question);
  const customer = asked.find("customer", question.customer);
  if (customer === undefined) return { unavailable: "unknown_customer" };
  if (customer.status === "blocked") return { unavailable: "customer_blocked" };
  const product = asked.find("product", question.sku);
  if (product === undefined) return { unavailable: "unknown_sku" };
  if (product.status === "discontinued") return { unavailable: "discontinued" };
  const unit = question.unit ?? product.unit;
  const factor = factorOf(unit, product);
  if (factor === undefined) return { unavailable: "unit_unknown" };
  const quantity = multiply(parseDecimal(question.quantity), factor);
  const { minQuantity, multiple } = product;
  if (minQuantity !== undefined && compare(quantity, parseDecimal(minQuantity)) < 0) {
    return { unavailable: "below_minimum" };
  }
  if (multiple !== undefined && !isMultipleOf(quantity, parseDecimal(multiple))) {
    return { unavailable: "not_a_multiple" };
  }

  const buyer = new Buyer(asked, customer);
  const base = basePrice(asked, buyer, product, quantity);
  if (base !== undefined && "unavailable" in base) return base;
  const applied = applyRules(asked, buyer, product, quantity, base);
  const price = applied.at(-1) ?? base;
  if (price === undefined) return { unavailable: "no_price" };
  if (isNegative(price.each)) return { unavailable: "negative_result" };

  const minorUnit = minorUnitOf(question.currency);
  const { places, mode } = asked.policy.unitPrice;
  const forAnswer = (each: Fraction) => multiply(each, multiply(factor, parseDecimal(price.per)));
  const amount = (each: Fraction) => formatDecimal(round(forAnswer(each), 8, "half-up"), 8, minorUnit);
  const unitPrice = formatDecimal(round(forAnswer(price.each), places, mode), places, minorUnit);
  const explanation: Step[] = [
    ...(base?.told ?? []).map(({ each, ...step }) => ({ ...step, amount: amount(each) })),
    ...applied.map(({ record, each }) => ({ step: "rule" as const, record, amount: amount(each) })),
  ];
  if (compare(forAnswer(price.each), parseDecimal(unitPrice)) !== 0) {
    explanation.push({ step: "rounding", amount: unitPrice });
  }
  const line = divide(
    multiply(parseDecimal(unitPrice), parseDecimal(question.quantity)),
    parseDecimal(price.per),
  );
  const lineTotal = formatDecimal(round(line, minorUnit, asked.policy.line.mode), minorUnit, minorUnit);
  return { unit, unitPrice, per: shortest(price.per), lineTotal, explanation };
}

function shortest(decimal: string): string {
  return decimal.includes(".") ? decimal.replace(/\.?0+$/, "") : decimal;
}
