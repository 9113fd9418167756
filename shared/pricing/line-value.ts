import type { ApplicableRule } from "./applicable-rule.ts";
import type { AppliedRule } from "./apply-rules.ts";
import { converted, listPrice, type BasePrice, type Point } from "./base-price.ts";
import { fractionText, multiply, parseDecimal, zero, type Fraction } from "./fraction.ts";
import { toBaseUnit, toUnit } from "./product-units.ts";
import type { ConditionStep, LineValue, TierPrice } from "./question.ts";
import type { DecimalText, RoundingMode } from "./records.ts";
import { formatDecimal, round } from "./rounding.ts";

export interface UnitRounding {
  readonly places: number;
  readonly mode: RoundingMode;
  readonly per: Fraction;
}

/** How the line total is worked out, where it does not follow from the unit price. */
export function lineValueOf(
  base: BasePrice | undefined,
  applied: readonly AppliedRule[],
  rounding: UnitRounding,
  point: Point,
): LineValue | undefined {
  switch (point.contenders.company.policy.line) {
    case "unitPrice":
      return undefined;
    case "conditions":
      return {
        kind: "conditions",
        steps: conditions([{ base, applied }], point),
        averages: point.contenders.company.policy.unitPriceOfLine,
      };
    case "discount":
      return discount(base, applied, rounding, point);
  }
}

/** A price with what was applied to it; of a graduated price, one of its parts. */
export interface PricedPart {
  readonly base: BasePrice | undefined;
  readonly applied: readonly AppliedRule[];
  /** In base units; of a price that is not graduated undefined. */
  readonly from?: Fraction;
}

/** The line total of a graduated price. */
export function lineValueOfParts(
  parts: readonly (PricedPart & { readonly price: TierPrice; readonly from: Fraction })[],
  point: Point,
): LineValue {
  if (point.contenders.company.policy.line === "conditions") {
    return { kind: "conditions", steps: conditions(parts, point), averages: true };
  }
  return {
    kind: "parts",
    parts: parts.map(({ from, price: { unitPrice, per } }) => ({ from: fractionText(from), unitPrice, per })),
  };
}

/** All parts have the same rules applied, so that only rates differ between them. */
function conditions(parts: readonly PricedPart[], point: Point): ConditionStep[] {
  const last = parts.at(-1);
  if (last === undefined) return [];
  const stepOf = (rates: readonly Fraction[]): ConditionStep =>
    last.from === undefined
      ? { rate: rateOf(rates[0] ?? zero, point) }
      : {
          parts: parts.map(({ from }, index) => ({
            from: fractionText(from ?? zero),
            rate: rateOf(rates[index] ?? zero, point),
          })),
        };
  const bases = parts.flatMap(({ base }) => base?.price.perBaseUnit ?? []);
  return [
    ...(bases.length === 0 ? [] : [stepOf(bases)]),
    ...last.applied.map(({ applied }, index): ConditionStep => {
      const after = parts.flatMap((part) => part.applied[index]?.price ?? []);
      const isBound = after.some((price) => price.isBound === true);
      return (
        (isBound ? undefined : plainStep(applied, point)) ??
        stepOf(after.map(({ perBaseUnit }) => perBaseUnit))
      );
    }),
  ];
}

/** An effect on the running price or the base price, and nothing besides; undefined for any other. */
function plainStep(
  { rule: { effect, margin }, worth }: ApplicableRule,
  point: Point,
): ConditionStep | undefined {
  if ("price" in effect || "formula" in effect || effect.round !== undefined || margin !== undefined)
    return undefined;
  if (effect.on !== undefined && effect.on !== "price" && effect.on !== "base") return undefined;
  const of = effect.on === "base" ? ("base" as const) : ("running" as const);
  if ("percentOff" in effect) return { percent: negated(effect.percentOff), of };
  if ("percentMarkup" in effect) return { percent: effect.percentMarkup, of };
  return "amountOff" in effect
    ? { amount: negated(amountFor(effect.amountOff, effect.currency, worth, point)) }
    : { amount: amountFor(effect.amountMarkup, effect.currency, worth, point) };
}

function discount(
  base: BasePrice | undefined,
  applied: readonly AppliedRule[],
  { places, mode, per }: UnitRounding,
  point: Point,
): LineValue | undefined {
  const [only, ...more] = applied;
  if (only === undefined || more.length > 0) return undefined;
  const { effect, margin } = only.applied.rule;
  if (!("percentOff" in effect) || isAltered(effect, margin)) return undefined;
  const on = effect.on ?? "price";
  if (on !== "price" && on !== "base" && on !== "list") return undefined;
  const input = on === "list" ? listPrice(point) : base;
  if (input === undefined || "unavailable" in input) return undefined;
  const { arithmetic } = point.contenders.company.policy;
  const worth = point.contenders.units.get(point.unit);
  if (worth === undefined) return undefined;
  const before = multiply(toUnit(input.price.perBaseUnit, worth, arithmetic), per);
  return {
    kind: "discount",
    unitPrice: formatDecimal(round(before, places, mode), places, 0),
    percentOff: effect.percentOff,
  };
}

function isAltered({ round: to, min, max }: ApplicableRule["rule"]["effect"], margin: unknown): boolean {
  return to !== undefined || min !== undefined || max !== undefined || margin !== undefined;
}

function rateOf(perBaseUnit: Fraction, { contenders, unit }: Point): string {
  const worth = contenders.units.get(unit);
  if (worth === undefined)
    throw new RangeError(`Cannot price a unit that the product does not know: ${unit}`);
  return fractionText(toUnit(perBaseUnit, worth, contenders.company.policy.arithmetic));
}

/** An effect's amount, for one of the asked unit. */
function amountFor(
  amount: DecimalText,
  currency: string,
  worth: ApplicableRule["worth"],
  point: Point,
): string {
  const { arithmetic } = point.contenders.company.policy;
  const each = converted(toBaseUnit(parseDecimal(amount), worth, arithmetic), currency, point);
  // The rule was applied already, with the same rate.
  if ("unavailable" in each) throw new RangeError(`Cannot convert ${currency} as there is no rate any more`);
  return rateOf(each, point);
}

function negated(amount: string): string {
  return amount.startsWith("-") ? amount.slice(1) : `-${amount}`;
}
