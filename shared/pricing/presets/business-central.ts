import type { ApplicableRule } from "../applicable-rule.ts";
import { applyFirst, mismatch, type ApplyRules } from "../apply-rules.ts";
import { asBasePrice, fits, type BasePrice, type Point } from "../base-price.ts";
import type { Candidate } from "../candidate.ts";
import type { ChoosePrice } from "../choose-price.ts";
import { compareIds } from "../compare-ids.ts";
import {
  compare,
  divide,
  hundred,
  multiply,
  one,
  parseDecimal,
  subtract,
  type Fraction,
} from "../fraction.ts";
import type { Preset } from "../full-policy.ts";

/**
 * Business Central's 'lowest price' calculation (V16 and later).
 *
 * Price lines of all sources count alike. Walking through them in order, one that names a currency or variant
 * which the best so far leaves blank replaces it; one that leaves blank what the best names does not; otherwise the
 * lower amount counts, after tax, unit and currency, rounded as a unit price. Only without any line does the item
 * card's price count. The best line discount is the highest percentage, taken from the line amount and rounded.
 *
 * Source: microsoft/BCApps, PriceCalculationV16, PriceCalculationBufferMgt, SalesLinePrice.
 */
export const businessCentral: Preset = {
  sets: {
    units: "exactOrBlank",
    convert: "inputs",
    choosePrice: bestLine,
    roundsBasePrice: true,
    applyRules: largestPercentage,
    ruleUnits: "exact",
    line: "conditions",
    unitPrice: { places: 5, mode: "half-up" },
  },
};

function bestLine(point: Point): ReturnType<ChoosePrice> {
  const lines = point.contenders.bySource
    .flat()
    .filter((candidate) => fits(candidate, point) && isOfDocument(candidate, point))
    .sort((a, b) => compareIds(a.price.id, b.price.id));
  let best: { readonly line: Candidate; readonly found: BasePrice } | undefined;
  for (const line of lines) {
    const found = asBasePrice(line, point);
    if ("unavailable" in found) return found;
    if (best === undefined || replaces(line, found, best.line, best.found, point)) best = { line, found };
  }
  return best?.found;
}

function replaces(
  line: Candidate,
  found: BasePrice,
  best: Candidate,
  bestFound: BasePrice,
  point: Point,
): boolean {
  const [own, others] = [specificsOf(line, point), specificsOf(best, point)];
  const improves = own.some((specific, index) => specific && others[index] === false);
  const degrades = own.some((specific, index) => !specific && others[index] === true);
  if (improves !== degrades) return improves;
  return compare(withDiscount(found, point), withDiscount(bestFound, point)) < 0;
}

/** Only lines in the document's currency and in the company's own, which its blank currency is, count. */
function isOfDocument({ price }: Candidate, { contenders }: Point): boolean {
  return price.currency === contenders.currency || price.currency === contenders.company.policy.currency;
}

/** What a line comes to with the best discount that it allows. */
function withDiscount(found: BasePrice, point: Point): Fraction {
  const { perBaseUnit } = found.price;
  if (found.candidate?.price.allowDiscount === false) return perBaseUnit;
  const matching = point.contenders.rules.filter((rule) => mismatch(rule, found, point) === undefined);
  const largest = largestPercent(matching);
  return largest === undefined
    ? perBaseUnit
    : multiply(perBaseUnit, subtract(one, divide(largest.percent, hundred)));
}

/** Whether it names the currency, and the variant. */
function specificsOf({ price }: Candidate, { contenders }: Point): readonly boolean[] {
  const { askedCurrency, company } = contenders;
  return [
    price.currency === askedCurrency && price.currency !== company.policy.currency,
    price.inherited !== true,
  ];
}

/** Of the discounts in percent the largest; without one, the first rule. */
function largestPercentage(
  matching: readonly ApplicableRule[],
  base: BasePrice | undefined,
  point: Point,
): ReturnType<ApplyRules> {
  const largest = largestPercent(matching);
  return applyFirst(largest === undefined ? matching : [largest.rule], base, point);
}

function largestPercent(
  matching: readonly ApplicableRule[],
): { readonly rule: ApplicableRule; readonly percent: Fraction } | undefined {
  let largest: { readonly rule: ApplicableRule; readonly percent: Fraction } | undefined;
  for (const rule of matching) {
    const { effect } = rule.rule;
    if (!("percentOff" in effect)) continue;
    const percent = parseDecimal(effect.percentOff);
    if (largest === undefined || compare(percent, largest.percent) > 0) largest = { rule, percent };
  }
  return largest;
}
