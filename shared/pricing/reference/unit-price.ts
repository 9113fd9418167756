import { minorUnitOf } from "../currency.ts";
import { powerOfTen, type Fraction } from "../fraction.ts";
import { round } from "../rounding.ts";
import type { Line } from "./line.ts";
import { eachOf, forUnit } from "./quantity.ts";

/** To how many places unit prices are rounded. */
export function placesOf({ asked }: Line): number {
  const { places } = asked.policy.unitPrice;
  return places === "currency" ? minorUnitOf(asked.question.currency) : places;
}

export function roundedUnitPrice(amount: Fraction, line: Line): Fraction {
  const places = placesOf(line);
  return {
    numerator: round(amount, places, line.asked.policy.unitPrice.mode),
    denominator: powerOfTen(places),
  };
}

/** The price of one asked unit rounded as a unit price, for one base unit again. */
export function roundedEach(each: Fraction, line: Line): Fraction {
  return eachOf(roundedUnitPrice(forUnit(each, line.unit, line), line), line.unit, line);
}
