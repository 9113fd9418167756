import {
  divide,
  fractionText,
  multiply,
  one,
  parseDecimal,
  type Fraction,
} from "../../../shared/pricing/fraction.ts";
import type { ProductUnit } from "../../../shared/pricing/records.ts";
import { isZero } from "../cell.ts";
import type { Made } from "../made.ts";
import type { Row } from "../rows.ts";
import type { Uom } from "./models.ts";

/** How much a unit is of the reference unit that it shares with others. */
interface Size {
  readonly reference: string;
  readonly size: Fraction;
}

/** The units of measure, which products share: each can be sold in every unit of the same reference. */
export class Units {
  readonly #byId: ReadonlyMap<string, Row<Uom>>;
  readonly #sizes = new Map<string, Size>();
  readonly #problems: Made[] = [];

  constructor(rows: readonly Row<Uom>[]) {
    this.#byId = new Map(rows.map((row) => [row.value.id, row]));
    for (const { source, value } of rows) {
      const size = this.#sizeOf(value, rows.length);
      if (size !== undefined) this.#sizes.set(value.id, size);
      else {
        const message = "The unit's factor has no end within 8 places, so nothing is converted to it";
        this.#problems.push({ source, code: "unit_not_exact", message });
      }
    }
  }

  nameOf(id: string): string | undefined {
    return this.#byId.get(id)?.value.name;
  }

  /** The other units of a product with this base unit. */
  besides(base: string): readonly ProductUnit[] {
    const own = this.#sizes.get(base);
    if (own === undefined) return [];
    return [...this.#byId.values()].flatMap(({ value }) => {
      const other = this.#sizes.get(value.id);
      if (other?.reference !== own.reference || value.id === base || !value.active) return [];
      const [factor = "1", per] = fractionText(divide(other.size, own.size)).split("/");
      return value.name === undefined ? [] : [{ unit: value.name, factor, per }];
    });
  }

  problems(): readonly Made[] {
    return this.#problems;
  }

  #sizeOf(unit: Uom, stepsLeft: number): Size | undefined {
    if (unit.category_id !== undefined) return sizeInCategory(unit, unit.category_id.id);
    if (unit.relative_uom_id === undefined) return { reference: `uom ${unit.id}`, size: one };
    const relative = this.#byId.get(unit.relative_uom_id.id);
    const factor = decimalOf(unit.relative_factor);
    if (relative === undefined || factor === undefined || stepsLeft === 0) return undefined;
    const below = this.#sizeOf(relative.value, stepsLeft - 1);
    return below === undefined ? undefined : { ...below, size: multiply(factor, below.size) };
  }
}

/**
 * Up to version 18 `factor` says how many of a unit the reference is. Of a bigger unit it is the float of a
 * fraction, and `factor_inv` is what was entered.
 */
function sizeInCategory(
  { uom_type: type, factor, factor_inv: inverse }: Uom,
  category: string,
): Size | undefined {
  const reference = `category ${category}`;
  if (type === "reference") return { reference, size: one };
  const bigger = type === "bigger" ? decimalOf(inverse) : undefined;
  if (bigger !== undefined) return { reference, size: bigger };
  const smaller = decimalOf(factor);
  return smaller === undefined ? undefined : { reference, size: divide(one, smaller) };
}

function decimalOf(text: string | undefined): Fraction | undefined {
  return text === undefined || isZero(text) ? undefined : parseDecimal(text);
}
