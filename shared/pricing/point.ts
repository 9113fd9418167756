import {
  bestFitting,
  candidatesBySource,
  perBaseUnit,
  type Candidate,
  type PriceSources,
} from "./candidate.ts";
import type { Company } from "./company.ts";
import { minorUnitOf } from "./currency.ts";
import { applicableRule, applyRules, type ApplicableRule, type RunningPrice } from "./discount.ts";
import { compare, divide, isNegative, multiply, one, parseDecimal, type Fraction } from "./fraction.ts";
import type { Instant } from "./instant.ts";
import { factorsOf } from "./product-units.ts";
import type { Quantity } from "./quantity-band.ts";
import type { Priced, Step, Unavailable } from "./question.ts";
import type { Price, Product, Rule, TaxRule } from "./records.ts";
import { formatDecimal, round } from "./rounding.ts";
import { grossFactor, taxesFor } from "./tax.ts";

/** What a price depends on besides the product, its prices and the company. */
export interface Circumstances {
  readonly sources: PriceSources;
  /** The rules that are for the customer and about the product, in order, with the name that steps give them. */
  readonly rules: readonly { readonly rule: Rule; readonly record: string }[];
  readonly taxRule: TaxRule | undefined;
  readonly currency: string;
}

/** All that may make the price of one product in one currency, with what can never fit left out. */
export interface Contenders {
  readonly company: Company;
  readonly currency: string;
  readonly minorUnit: number;
  readonly factors: ReadonlyMap<string, Fraction>;
  readonly bySource: readonly (readonly Candidate[])[];
  readonly listPrice: (RunningPrice & { readonly record: string }) | undefined;
  readonly rules: readonly ApplicableRule[];
  /** Undefined when it isn't known which taxes stand on the product. */
  readonly taxes: readonly string[] | undefined;
}

export function contendersOf(
  product: Product,
  prices: readonly Price[],
  { sources, rules, taxRule, currency }: Circumstances,
  company: Company,
): Contenders {
  const factors = factorsOf(product);
  const { listPrice } = product;
  return {
    company,
    currency,
    minorUnit: minorUnitOf(currency),
    factors,
    bySource: candidatesBySource(
      prices.filter((price) => price.currency === currency),
      sources,
      company,
      factors,
      product.unit,
    ),
    listPrice:
      company.policy.fallback === "listPrice" && listPrice?.currency === currency
        ? {
            record: `product/${product.id}`,
            perBaseUnit: perBaseUnit(listPrice.amount, listPrice.per, one),
            per: listPrice.per ?? "1",
          }
        : undefined,
    rules: rules.flatMap(
      ({ rule, record }) => applicableRule(rule, record, currency, company, factors, product.unit) ?? [],
    ),
    taxes: product.taxes === undefined ? undefined : taxesFor(product.taxes, taxRule),
  };
}

/** The price at one instant, in one unit, for one quantity. */
export function priceAt(
  contenders: Contenders,
  at: Instant,
  unit: string,
  quantity: Quantity,
): Priced | Unavailable {
  const base = basePrice(contenders, at, unit, quantity);
  if (base !== undefined && "unavailable" in base) return base;
  const applied =
    base?.allowDiscount === false
      ? []
      : applyRules(contenders.rules, base?.price, contenders.company.policy.rules, at, quantity);
  const price = applied.at(-1)?.price ?? base?.price;
  if (price === undefined) return { unavailable: "no_price" };
  if (isNegative(price.perBaseUnit)) return { unavailable: "negative_result" };

  // All steps are told for the answer's own `per`, which the last rule that sets a price decides.
  const scale = multiply(contenders.factors.get(unit) ?? one, parseDecimal(price.per));
  const exact = multiply(price.perBaseUnit, scale);
  const { places, mode } = contenders.company.policy.unitPrice;
  const rounded = round(exact, places, mode);
  const steps: Step[] = [
    ...(base?.steps ?? []).map(({ step, record, perBaseUnit: amount }) => ({
      step,
      ...(record === undefined ? {} : { record }),
      amount: amountText(multiply(amount, scale), contenders.minorUnit),
    })),
    ...applied.map(({ record, price: after }) => ({
      step: "rule" as const,
      record,
      amount: amountText(multiply(after.perBaseUnit, scale), contenders.minorUnit),
    })),
  ];
  const unitPrice = formatDecimal(rounded, places, contenders.minorUnit);
  if (compare(exact, parseDecimal(unitPrice)) !== 0) steps.push({ step: "rounding", amount: unitPrice });
  return { unitPrice, per: canonical(price.per), explanation: steps };
}

interface BasePrice {
  readonly price: RunningPrice;
  readonly allowDiscount: boolean;
  readonly steps: readonly {
    readonly step: "price" | "listPrice" | "tax";
    readonly record?: string;
    readonly perBaseUnit: Fraction;
  }[];
}

function basePrice(
  contenders: Contenders,
  at: Instant,
  unit: string,
  quantity: Quantity,
): BasePrice | Unavailable | undefined {
  let lowest: BasePrice | undefined;
  for (const candidates of contenders.bySource) {
    const candidate = bestFitting(candidates, at, unit, quantity);
    if (candidate === undefined) continue;
    const found = netOf(candidate, contenders, at);
    if ("unavailable" in found || contenders.company.policy.choose === "first") return found;
    if (lowest === undefined || compare(found.price.perBaseUnit, lowest.price.perBaseUnit) < 0)
      lowest = found;
  }
  if (lowest !== undefined) return lowest;
  const { listPrice } = contenders;
  return listPrice === undefined
    ? undefined
    : {
        price: listPrice,
        allowDiscount: true,
        steps: [{ step: "listPrice", record: listPrice.record, perBaseUnit: listPrice.perBaseUnit }],
      };
}

function netOf(candidate: Candidate, contenders: Contenders, at: Instant): BasePrice | Unavailable {
  const { record, per, perBaseUnit: amount, allowDiscount } = candidate;
  const steps = [{ step: "price" as const, record, perBaseUnit: amount }];
  if (!candidate.taxIncluded) return { price: { perBaseUnit: amount, per }, allowDiscount, steps };
  if (contenders.taxes === undefined) return { unavailable: "tax_unknown" };
  const net = divide(amount, grossFactor(contenders.taxes, contenders.company, at));
  return {
    price: { perBaseUnit: net, per },
    allowDiscount,
    steps: [...steps, { step: "tax", perBaseUnit: net }],
  };
}

const stepPlaces = 8;

function amountText(value: Fraction, minorUnit: number): string {
  return formatDecimal(round(value, stepPlaces, "half-up"), stepPlaces, minorUnit);
}

function canonical(decimal: string): string {
  return decimal.includes(".") ? decimal.replace(/\.?0+$/, "") : decimal;
}
