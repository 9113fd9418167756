import type { Product as ProductRecord } from "../../../shared/pricing/records.ts";
import { isZero } from "../cell.ts";
import type { Made } from "../made.ts";
import type { Row } from "../rows.ts";
import type { IncludedTaxes } from "./included-taxes.ts";
import type { Category, Product } from "./models.ts";
import type { Skus } from "./skus.ts";
import type { Units } from "./units.ts";

export function* categoryRecords(rows: readonly Row<Category>[]): Generator<Made> {
  for (const { source, value } of rows) {
    // Rules stand in the order of the complete names, which are those of the ancestors and the own one.
    const record = { type: "category", id: value.id, name: value.name, parent: value.parent_id?.id } as const;
    yield { source, record };
  }
}

export function* productRecords(
  rows: readonly Row<Product>[],
  skus: Skus,
  units: Units,
  taxes: IncludedTaxes,
): Generator<Made> {
  yield* skus.problems();
  for (const { source, value: product } of rows) {
    const sku = skus.ofProduct(product.id);
    if (sku === undefined) continue;
    const unit = product.uom_id === undefined ? undefined : units.nameOf(product.uom_id.id);
    if (product.uom_id === undefined || unit === undefined) {
      yield { source, code: "unknown_unit", message: "The product's unit of measure is not in the payload" };
      continue;
    }
    if (isZero(product.lst_price)) {
      const message = "The sales price is zero, so the product has no list price";
      yield { source, code: "zero_price", message };
    }
    const others = units.besides(product.uom_id.id);
    const record: ProductRecord = {
      type: "product",
      id: sku,
      name: product.name ?? sku,
      category: product.categ_id?.id,
      unit,
      units: others.length === 0 ? undefined : others,
      listPrice: amountIn(product.lst_price, product.currency_id),
      cost: amountIn(product.standard_price, product.cost_currency_id),
      status: product.active && product.sale_ok ? "active" : "discontinued",
      taxes: taxes.of(product.taxes_id),
    };
    yield { source, record };
  }
}

function amountIn(
  amount: string,
  currency: Product["currency_id"],
): { readonly amount: string; readonly currency: string } | undefined {
  return isZero(amount) || currency === undefined ? undefined : { amount, currency: currency.name };
}
