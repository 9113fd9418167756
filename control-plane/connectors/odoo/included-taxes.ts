import { isZero } from "../cell.ts";
import type { Made } from "../made.ts";
import type { Row } from "../rows.ts";
import type { Tax } from "./models.ts";

/**
 * Taxes that are in the prices. In Odoo the tax says so, here the list does: where some tax is included all lists
 * are gross, and a product's taxes are those that its prices include, of which there may be none.
 */
export class IncludedTaxes {
  readonly #included: ReadonlyMap<string, Row<Tax>>;

  constructor(rows: readonly Row<Tax>[]) {
    const included = rows.filter(({ value }) => value.price_include && !isZero(value.amount));
    this.#included = new Map(included.map((row) => [row.value.id, row]));
  }

  areThere(): boolean {
    return this.#included.size > 0;
  }

  /** Undefined, so that the price can't be told, when one of them is not a percentage. */
  of(ids: readonly string[]): readonly string[] | undefined {
    if (!this.areThere()) return undefined;
    const included = ids.flatMap((id) => this.#included.get(id) ?? []);
    return included.every(isPercentage) ? included.map(({ value }) => value.id) : undefined;
  }

  *records(): Generator<Made> {
    for (const tax of this.#included.values()) {
      const { source, value } = tax;
      if (isPercentage(tax)) yield { source, record: { type: "tax", id: value.id, percent: value.amount } };
      else {
        const message = `A tax of the type ${value.amount_type} can't be taken out of a price`;
        yield { source, code: "unsupported_tax", message };
      }
    }
  }
}

function isPercentage({ value }: Row<Tax>): boolean {
  return value.amount_type === "percent";
}
