import { minorUnitOf } from "../currency.ts";
import {
  compare,
  isMultipleOf,
  isNegative,
  multiply,
  parseDecimal,
  zero,
  type Fraction,
} from "../fraction.ts";
import type { Answer, Question, Step, Unavailable } from "../question.ts";
import type { PricingRecord, Product } from "../records.ts";
import { formatDecimal, round } from "../rounding.ts";
import { basePrice } from "./base-price.ts";
import { Case } from "./case.ts";
import { converted } from "./currency.ts";
import { Buyer } from "./customer.ts";
import type { Base } from "./base.ts";
import { partsOf } from "./graduated.ts";
import type { Line } from "./line.ts";
import { lineTotal, type Found } from "./line-total.ts";
import { isNamed } from "./named-currency.ts";
import { NoPrice } from "./no-price.ts";
import { forUnit, worthOf } from "./quantity.ts";
import { applyRules } from "./rules.ts";
import { withoutTax } from "./tax.ts";
import { whatListSays } from "./what-a-list-says.ts";
import { placesOf, roundedUnitPrice } from "./unit-price.ts";

/**
 * The price as ../README.md has it, straight from the records. It is slow and does nothing cleverly: it is there
 * for the compiled form to be compared with, and shares nothing with that but arithmetic, formulas, dates and
 * rounding.
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
  const worth = worthOf(unit, product);
  if (worth === undefined) return { unavailable: "unit_unknown" };
  const quantity = multiply(parseDecimal(question.quantity), worth);
  const { minQuantity, multiple } = product;
  if (minQuantity !== undefined && compare(quantity, parseDecimal(minQuantity)) < 0) {
    return { unavailable: "below_minimum" };
  }
  if (multiple !== undefined && !isMultipleOf(quantity, parseDecimal(multiple))) {
    return { unavailable: "not_a_multiple" };
  }
  const buyer = new Buyer(asked, customer);
  const line = {
    asked,
    buyer,
    product,
    unit,
    quantity,
    currency: workingCurrency(asked, product),
    listSays: whatListSays,
  };
  try {
    return isNamed(question.currency, line) ? priced(line) : { unavailable: "no_price" };
  } catch (error) {
    if (error instanceof NoPrice) return { unavailable: error.reason };
    throw error;
  }
}

/** In Tryton prices are worked out in the company's currency, everywhere else in the question's. */
function workingCurrency({ policy, question }: Case, product: Product): string {
  if (policy.convert !== "at-end") return question.currency;
  return policy.currency ?? product.listPrice?.currency ?? question.currency;
}

function priced(line: Line): Answer {
  const { asked, buyer } = line;
  const base = basePrice(line, buyer);
  const isGraduated = base?.price?.graduated === true;
  const found = isGraduated
    ? partsOf(base.price, line, buyer).map((part) => findPrice(part.base, part.from, base, line))
    : [findPrice(base, zero, base, line)];
  const parts: FoundPrice[] = [];
  for (const part of found) {
    if ("unavailable" in part) return part;
    parts.push(part);
  }
  const last = parts.at(-1);
  if (last === undefined) return { unavailable: "no_price" };
  const { total, unitPrice } = lineTotal(parts, isGraduated, line);
  const minorUnit = minorUnitOf(asked.question.currency);
  const places = placesOf(line);
  return {
    unit: line.unit,
    unitPrice: formatDecimal(round(unitPrice, places, "half-up"), places, minorUnit),
    per: shortest(last.perText),
    lineTotal: formatDecimal(round(total, 8, "half-up"), 8, minorUnit),
    explanation: last.explanation,
  };
}

interface FoundPrice extends Found {
  readonly perText: string;
  readonly explanation: readonly Step[];
}

/** The rules are found for `base` and applied to `part`. */
function findPrice(
  part: Base | undefined,
  from: Fraction,
  base: Base | undefined,
  line: Line,
): FoundPrice | Unavailable {
  const { asked, buyer } = line;
  const applied = applyRules(line, buyer, part, base);
  const price = applied.at(-1)?.after ?? part;
  if (price === undefined) return { unavailable: "no_price" };

  const minorUnit = minorUnitOf(asked.question.currency);
  const places = placesOf(line);
  const per = parseDecimal(price.per);
  const text = (amount: Fraction) =>
    formatDecimal(round(asked.arithmetic.multiply(amount, per), 8, "half-up"), 8, minorUnit);
  const explanation: Step[] = [
    ...(part?.told ?? []).map(({ each, ...step }) => ({
      ...step,
      amount: text(forUnit(each, line.unit, line)),
    })),
    ...applied.map(({ rule, after }) => ({
      step: "rule" as const,
      record: `rule/${rule.id}`,
      amount: text(forUnit(after.each, line.unit, line)),
    })),
  ];
  let { each } = price;
  const [list] = buyer.allLists;
  if (asked.policy.tax === "at-end" && list?.taxIncluded === true) {
    each = withoutTax(each, line);
    explanation.push({ step: "tax", amount: text(forUnit(each, line.unit, line)) });
  }
  let forOne = forUnit(each, line.unit, line);
  if (line.currency !== asked.question.currency) {
    forOne = converted(forOne, { from: line.currency, to: asked.question.currency }, asked);
    explanation.push({ step: "currency", amount: text(forOne) });
  }
  if (isNegative(forOne)) return { unavailable: "negative_result" };
  const exact = asked.arithmetic.multiply(forOne, per);
  const unitPrice = roundedUnitPrice(exact, line);
  if (compare(exact, unitPrice) !== 0) {
    const amount = formatDecimal(round(unitPrice, places, "half-up"), places, minorUnit);
    explanation.push({ step: "rounding", amount });
  }
  return { from, base: part, applied, unitPrice, per, perText: price.per, explanation };
}

function shortest(decimal: string): string {
  return decimal.includes(".") ? decimal.replace(/\.?0+$/, "") : decimal;
}
