import { minorUnitOf } from "./currency.ts";
import {
  add,
  divide,
  hundred,
  multiply,
  one,
  parseDecimal,
  parseFraction,
  subtract,
  zero,
  type Fraction,
} from "./fraction.ts";
import type { LineRounding } from "./full-policy.ts";
import type { ConditionStep, FractionText, GraduatedPart, TierPrice } from "./question.ts";
import type { DecimalText, RoundingMode } from "./records.ts";
import { formatDecimal, round, roundToMultiple } from "./rounding.ts";

/** How a company rounds its prices and line values. */
export interface PriceRounding {
  readonly unitPrice: { readonly places: number | "currency"; readonly mode: RoundingMode };
  readonly line: LineRounding;
}

/** A quantity, in the asked unit, and what that is worth in base units. */
export interface AskedQuantity {
  readonly quantity: DecimalText;
  readonly worth: Fraction;
}

export interface LinePrice {
  readonly unitPrice: DecimalText;
  readonly lineTotal: DecimalText;
}

/** The unit price and the line total of a quantity that lies in the price's tier. */
export function lineOf(
  price: Pick<TierPrice, "unitPrice" | "per" | "line">,
  asked: AskedQuantity,
  currency: string,
  rounding: PriceRounding,
): LinePrice {
  const quantity = parseDecimal(asked.quantity);
  const per = parseDecimal(price.per);
  const rounded = (value: Fraction) => roundValue(value, currency, rounding.line);
  const { line } = price;
  switch (line?.kind) {
    case undefined:
      return {
        unitPrice: price.unitPrice,
        lineTotal: plainLineTotal(price, asked.quantity, currency, rounding.line),
      };
    case "discount": {
      const kept = subtract(one, divide(parseDecimal(line.percentOff), hundred));
      const each = divide(multiply(parseDecimal(line.unitPrice), kept), per);
      return {
        unitPrice: price.unitPrice,
        lineTotal: moneyText(rounded(multiply(each, quantity)), currency),
      };
    }
    case "conditions":
      return line.averages
        ? averaged(valueOfConditions(line.steps, quantity, asked.worth, rounded))
        : {
            unitPrice: price.unitPrice,
            lineTotal: moneyText(valueOfConditions(line.steps, quantity, asked.worth, rounded), currency),
          };
    case "parts":
      return averaged(valueOfParts(line.parts, quantity, asked.worth, rounded));
  }

  function averaged(total: Fraction): LinePrice {
    const { places: wanted, mode } = rounding.unitPrice;
    const minorUnit = minorUnitOf(currency);
    const places = wanted === "currency" ? minorUnit : wanted;
    const each = divide(multiply(total, per), quantity);
    return {
      unitPrice: formatDecimal(round(each, places, mode), places, minorUnit),
      lineTotal: moneyText(total, currency),
    };
  }
}

/** Of a quantity that is sold at one unit price: quantity × price, rounded once. */
export function plainLineTotal(
  { unitPrice, per }: Pick<TierPrice, "unitPrice" | "per">,
  quantity: DecimalText,
  currency: string,
  rounding: LineRounding,
): DecimalText {
  const exact = divide(multiply(parseDecimal(unitPrice), parseDecimal(quantity)), parseDecimal(per));
  return moneyText(roundValue(exact, currency, rounding), currency);
}

function valueOfConditions(
  steps: readonly ConditionStep[],
  quantity: Fraction,
  worth: Fraction,
  rounded: (value: Fraction) => Fraction,
): Fraction {
  let [base, running] = [zero, zero];
  for (const [index, step] of steps.entries()) {
    if ("rate" in step) running = rounded(multiply(parseFraction(step.rate), quantity));
    else if ("parts" in step) {
      running = step.parts.reduce((sum, { from, rate }, part) => {
        const width = widthOf(from, step.parts[part + 1]?.from, quantity, worth);
        return add(sum, rounded(multiply(parseFraction(rate), width)));
      }, zero);
    } else if ("amount" in step) {
      running = add(running, rounded(multiply(parseFraction(step.amount), quantity)));
    } else {
      const of = step.of === "base" ? base : running;
      running = add(running, rounded(divide(multiply(of, parseDecimal(step.percent)), hundred)));
    }
    if (index === 0) base = running;
  }
  return running;
}

/** A part's unit price is for its `per` of the asked unit, which is worth `worth`. */
function valueOfParts(
  parts: readonly GraduatedPart[],
  quantity: Fraction,
  worth: Fraction,
  rounded: (value: Fraction) => Fraction,
): Fraction {
  return parts.reduce((total, { from, unitPrice, per }, index) => {
    const width = widthOf(from, parts[index + 1]?.from, quantity, worth);
    return add(total, rounded(divide(multiply(parseDecimal(unitPrice), width), parseDecimal(per))));
  }, zero);
}

/** How much of a quantity lies in a part: all three in the asked unit, the bounds given in base units. */
function widthOf(
  from: FractionText,
  until: FractionText | undefined,
  quantity: Fraction,
  worth: Fraction,
): Fraction {
  const end = until === undefined ? quantity : divide(parseFraction(until), worth);
  return subtract(end, divide(parseFraction(from), worth));
}

/** A line value: a multiple of the currency's minor unit, or of what the company rounds it to. */
function roundValue(value: Fraction, currency: string, { mode, to }: LineRounding): Fraction {
  const step = to !== undefined && Object.hasOwn(to, currency) ? to[currency] : undefined;
  if (step !== undefined) return roundToMultiple(value, parseDecimal(step), mode);
  const places = minorUnitOf(currency);
  return parseDecimal(formatDecimal(round(value, places, mode), places, 0));
}

/** With at least the currency's minor digits; line values have no more than their smallest amount. */
export function moneyText(value: Fraction, currency: string): DecimalText {
  return formatDecimal(round(value, moneyPlaces, "half-up"), moneyPlaces, minorUnitOf(currency));
}

const moneyPlaces = 8;
