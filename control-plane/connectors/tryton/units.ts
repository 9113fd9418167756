import { fractionText, multiply, parseDecimal, powerOfTen } from "../../../shared/pricing/fraction.ts";
import type { ProductUnit } from "../../../shared/pricing/records.ts";
import { formatDecimal, round } from "../../../shared/pricing/rounding.ts";
import { float, idOf, reference, UnexpectedField, type Row } from "./row.ts";

/** What one unit of measure is worth in its category's reference unit: that many, or one divided by that. */
interface Conversion {
  readonly field: "factor" | "rate";
  readonly value: string;
}

const places = 12;

/** The units that a product of a default unit of measure may be asked in, by their worth in that. */
export function unitsOfProduct(
  defaultUom: Row,
  uoms: readonly Row[],
  nameOf: (uom: string) => string,
): ProductUnit[] {
  const base = conversionOf(defaultUom);
  return uoms
    .filter(
      (uom) =>
        idOf(uom) !== idOf(defaultUom) && reference(uom, "category") === reference(defaultUom, "category"),
    )
    .map((uom) => {
      const own = conversionOf(uom);
      // One of the unit is own / base default units.
      const factors = [own.field === "factor" ? own.value : "1", base.field === "rate" ? base.value : "1"];
      const pers = [own.field === "rate" ? own.value : "1", base.field === "factor" ? base.value : "1"];
      return { unit: nameOf(idOf(uom)), ...withinPlaces(product(factors), product(pers)) };
    });
}

/** Of factor and rate, Tryton converts by the one with fewer decimals; with as many, by the one from one up. */
function conversionOf(uom: Row): Conversion {
  const [factor, rate] = [float(uom, "factor"), float(uom, "rate")];
  if (factor === undefined || rate === undefined)
    throw new UnexpectedField("A unit of measure has factor and rate");
  const values = { factor: rounded(factor), rate: rounded(rate) };
  const lengths = { factor: decimalsOf(values.factor), rate: decimalsOf(values.rate) };
  if (lengths.rate < lengths.factor) return { field: "rate", value: values.rate };
  if (lengths.factor < lengths.rate) return { field: "factor", value: values.factor };
  return factor.startsWith("0")
    ? { field: "rate", value: values.rate }
    : { field: "factor", value: values.factor };
}

function rounded(value: string): string {
  return formatDecimal(round(parseDecimal(value), places, "half-even"), places, 0);
}

function decimalsOf(value: string): number {
  return value.split(".")[1]?.length ?? 0;
}

function product(values: readonly string[]): string {
  return fractionText(values.map(parseDecimal).reduce(multiply));
}

const recordPlaces = 8;

/** With at most as many decimals as a record may have: both are shifted by the same power of ten. */
function withinPlaces(factor: string, per: string): Pick<ProductUnit, "factor" | "per"> {
  const most = Math.max(decimalsOf(factor), decimalsOf(per));
  const shift = most > recordPlaces ? most : 0;
  const scaled = (value: string) =>
    shift === 0
      ? value
      : fractionText(multiply(parseDecimal(value), { numerator: powerOfTen(shift), denominator: 1n }));
  return { factor: scaled(factor), ...(scaled(per) === "1" ? {} : { per: scaled(per) }) };
}
