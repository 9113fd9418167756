import { applyRules, type AppliedRule } from "./apply-rules.ts";
import { basePrice, type BasePrice, type Point } from "./base-price.ts";
import type { Contenders } from "./contenders.ts";
import { isNegative, parseDecimal, powerOfTen, type Fraction } from "./fraction.ts";
import { graduatedParts } from "./graduated.ts";
import type { Instant } from "./instant.ts";
import { lineValueOf, lineValueOfParts, type UnitRounding } from "./line-value.ts";
import { whatListSays } from "./list-says.ts";
import { toUnit } from "./product-units.ts";
import type { Quantity } from "./quantity-band.ts";
import type { Step, TierPrice, Unavailable, UnavailableCode } from "./question.ts";
import type { DecimalText } from "./records.ts";
import { decimalText, formatDecimal, round } from "./rounding.ts";
import { net } from "./tax.ts";

/** The point at which a product's price is asked for. */
export function pointAt(contenders: Contenders, at: Instant, unit: string, quantity: Quantity): Point {
  return { contenders, at, unit, quantity, listSays: whatListSays };
}

/** The price at one instant, in one unit, for one quantity. */
export function priceAt(point: Point): TierPrice | Unavailable {
  const base = basePrice(point);
  if (base !== undefined && "unavailable" in base) return base;
  if (base?.candidate?.price.graduated === true) return graduatedPrice(base, point);
  const found = priceFrom(base, base, point);
  if ("unavailable" in found) return found;
  const { price, applied, rounding } = found;
  const line = lineValueOf(base, applied, rounding, point);
  return line === undefined ? price : { ...price, line };
}

interface Found {
  readonly price: TierPrice;
  readonly applied: readonly AppliedRule[];
  readonly rounding: UnitRounding;
}

/** The rules are found for `base`, and applied to `part`, which is the same unless that is one part of it. */
function priceFrom(
  part: BasePrice | undefined,
  base: BasePrice | undefined,
  point: Point,
): Found | Unavailable {
  const applied = applyRules(point, part, base);
  if ("unavailable" in applied) return applied;
  const price = applied.at(-1)?.price ?? part?.price;
  if (price === undefined) return { unavailable: "no_price" };
  const finished = finish(price.perBaseUnit, point);
  if ("unavailable" in finished) return finished;
  if (isNegative(finished.forUnit)) return { unavailable: "negative_result" };

  const { company, minorUnit } = point.contenders;
  const { arithmetic } = company.policy;
  // All steps are told for the answer's own `per`, which the last rule that sets a price decides.
  const rounding = roundingOf(price.per, point);
  const { places, mode, per } = rounding;
  const forPer = (each: Fraction) => arithmetic.multiply(each, per);
  const exact = forPer(finished.forUnit);
  const rounded = round(exact, places, mode);
  const unitPrice = formatDecimal(rounded, places, minorUnit);
  const worth = worthAsked(point);
  const shown = (perBaseUnit: Fraction) =>
    decimalText(forPer(toUnit(perBaseUnit, worth, arithmetic)), stepPlaces, minorUnit);
  const explanation: Step[] = [];
  for (const { step, record, perBaseUnit } of part?.steps ?? []) {
    const amount = shown(perBaseUnit);
    explanation.push(record === undefined ? { step, amount } : { step, record, amount });
  }
  for (const { applied: rule, price: after } of applied) {
    explanation.push({ step: "rule", record: rule.record, amount: shown(after.perBaseUnit) });
  }
  for (const { step, forUnit } of finished.steps) {
    explanation.push({ step, amount: decimalText(forPer(forUnit), stepPlaces, minorUnit) });
  }
  if (exact.numerator * powerOfTen(places) !== rounded * exact.denominator)
    explanation.push({ step: "rounding", amount: unitPrice });
  return { price: { unitPrice, per: canonical(price.per), explanation }, applied, rounding };
}

function graduatedPrice(base: BasePrice, point: Point): TierPrice | Unavailable {
  const parts: (Found & { from: Fraction; base: BasePrice })[] = [];
  for (const { from, part } of graduatedParts(base, point)) {
    if ("unavailable" in part) return part;
    const found = priceFrom(part, base, point);
    if ("unavailable" in found) return found;
    parts.push({ ...found, from, base: part });
  }
  const last = parts.at(-1);
  if (last === undefined) throw new RangeError("Cannot price a graduated price as it has no part");
  return { ...last.price, line: lineValueOfParts(parts, point), graduated: true };
}

/** How the unit price is rounded, for `per` of the asked unit. */
function roundingOf(per: DecimalText, { contenders }: Point): UnitRounding {
  const { places, mode } = contenders.company.policy.unitPrice;
  return { places: places === "currency" ? contenders.minorUnit : places, mode, per: parseDecimal(per) };
}

interface Finished {
  readonly forUnit: Fraction;
  readonly steps: readonly { readonly step: "tax" | "currency"; readonly forUnit: Fraction }[];
}

/** What comes after the rules: tax at the end, the asked unit, the asked currency. */
function finish(perBaseUnit: Fraction, point: Point): Finished | Unavailable {
  const { company, list, taxes, currency, askedCurrency } = point.contenders;
  const { arithmetic, tax } = company.policy;
  const steps: { step: "tax" | "currency"; forUnit: Fraction }[] = [];
  let price = perBaseUnit;
  if (tax.at === "end" && list?.taxIncluded === true) {
    const without = net(price, taxes, company, point.at);
    if ("unavailable" in without) return without;
    price = without;
    steps.push({ step: "tax", forUnit: toUnit(price, worthAsked(point), arithmetic) });
  }
  const forUnit = toUnit(price, worthAsked(point), arithmetic);
  if (currency === askedCurrency) return { forUnit, steps };
  const converted = company.rates.convert(forUnit, currency, askedCurrency, point.at, arithmetic);
  if (converted === undefined) return { unavailable: "no_rate" satisfies UnavailableCode };
  return { forUnit: converted, steps: [...steps, { step: "currency", forUnit: converted }] };
}

function worthAsked({ contenders, unit }: Point) {
  const worth = contenders.units.get(unit);
  if (worth === undefined)
    throw new RangeError(`Cannot price a unit that the product does not know: ${unit}`);
  return worth;
}

const stepPlaces = 8;

function canonical(decimal: string): string {
  return decimal.includes(".") ? decimal.replace(/\.?0+$/, "") : decimal;
}
