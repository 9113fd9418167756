import { idOf, reference, text, type Row } from "./row.ts";
import type { CompanyRows } from "./company-rows.ts";

/** What Tryton's records are called in ours. */
export interface Names {
  readonly sku: (product: string) => string;
  readonly customer: (party: string) => string;
  readonly unit: (uom: string) => string;
  readonly currency: (id: string) => string;
}

/** Codes where they are there and unique, else the model's name with the id. */
export function namesOf({ rows }: CompanyRows): Names {
  const skus = uniqueOr(rows["product.product"], "code", "product");
  const customers = uniqueOr(rows["party.party"], "code", "party");
  const units = uniqueOr(rows["product.uom"], "symbol", "uom");
  const currencies = uniqueOr(rows["currency.currency"], "code", "currency");
  return {
    sku: (id) => skus.get(id) ?? `product-${id}`,
    customer: (id) => customers.get(id) ?? `party-${id}`,
    unit: (id) => units.get(id) ?? `uom-${id}`,
    currency: (id) => currencies.get(id) ?? `currency-${id}`,
  };
}

function uniqueOr(rows: readonly Row[], field: string, otherwise: string): Map<string, string> {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const name = text(row, field);
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return new Map(
    rows.map((row) => {
      const name = text(row, field);
      const id = idOf(row);
      return [id, name !== undefined && counts.get(name) === 1 ? name : `${otherwise}-${id}`];
    }),
  );
}

export function byId(rows: readonly Row[]): ReadonlyMap<string, Row> {
  return new Map(rows.map((row) => [idOf(row), row]));
}

export function grouped(rows: readonly Row[], field: string): ReadonlyMap<string, readonly Row[]> {
  return Map.groupBy(rows, (row) => reference(row, field) ?? "");
}
