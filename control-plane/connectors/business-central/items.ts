import type { Product, ProductUnit } from "../../../shared/pricing/records.ts";
import { isNegative } from "../cell.ts";
import type { Made } from "../made.ts";
import type { Row } from "../rows.ts";
import type { GrossPrices } from "./gross-prices.ts";
import { skuOf } from "./skus.ts";
import type { Item, ItemUnitOfMeasure, ItemVariant } from "./tables.ts";

/** The attribute by which discounts for an item discount group find their items. */
export const itemDiscountGroup = "itemDiscGroup";

/** A product for each item, and for each of its variants. */
export function* itemRecords(
  items: readonly Row<Item>[],
  variants: readonly Row<ItemVariant>[],
  units: readonly Row<ItemUnitOfMeasure>[],
  gross: GrossPrices,
  currency: string,
): Generator<Made> {
  const variantsByItem = Map.groupBy(variants, ({ value }) => value.itemNumber);
  const unitsByItem = Map.groupBy(units, ({ value }) => value.itemNo);
  for (const { source, value: item } of items) {
    const { listPrice, problem } = cardPrice(item, currency);
    if (problem !== undefined) yield { source, ...problem };
    const common = {
      type: "product",
      unit: item.baseUnitOfMeasureCode,
      units: unitsOf(item, unitsByItem.get(item.number) ?? []),
      listPrice,
      cost:
        item.unitCost === undefined || isNegative(item.unitCost)
          ? undefined
          : { amount: item.unitCost, currency },
      taxes: gross.taxesOf(item),
      attributes: item.itemDiscGroup === "" ? undefined : { [itemDiscountGroup]: item.itemDiscGroup },
    } as const;
    const isBlocked = item.blocked || item.salesBlocked;
    yield {
      source,
      record: { ...common, id: item.number, name: item.displayName, status: statusOf(isBlocked) },
    };
    for (const { source: variantSource, value: variant } of variantsByItem.get(item.number) ?? []) {
      const record: Product = {
        ...common,
        id: skuOf(item.number, variant.code),
        name: variant.description === "" ? item.displayName : variant.description,
        status: statusOf(isBlocked || variant.blocked || variant.salesBlocked),
      };
      yield { source: variantSource, record };
    }
  }
  const known = new Set(items.map(({ value }) => value.number));
  for (const { source, value } of [...variants.map(withItem), ...units.map(withUnitItem)]) {
    if (!known.has(value)) yield { source, code: "unknown_item", message: `There is no item ${value}` };
  }
}

const withItem = ({ source, value }: Row<ItemVariant>) => ({ source, value: value.itemNumber });
const withUnitItem = ({ source, value }: Row<ItemUnitOfMeasure>) => ({ source, value: value.itemNo });

function statusOf(isBlocked: boolean): "active" | "discontinued" {
  return isBlocked ? "discontinued" : "active";
}

/** The price of the item card, which counts where no line does. */
function cardPrice(
  item: Item,
  currency: string,
): {
  readonly listPrice?: { readonly amount: string; readonly currency: string };
  readonly problem?: { readonly code: string; readonly message: string };
} {
  if (item.unitPrice === undefined) {
    return {
      problem: {
        code: "zero_price",
        message: "The card's unit price is zero, so the item has no list price",
      },
    };
  }
  if (item.priceIncludesTax) {
    return {
      problem: {
        code: "list_price_includes_vat",
        message: "The card's unit price includes VAT; a list price is net, so the item has none",
      },
    };
  }
  return { listPrice: { amount: item.unitPrice, currency } };
}

function unitsOf(item: Item, units: readonly Row<ItemUnitOfMeasure>[]): readonly ProductUnit[] | undefined {
  const others = units.flatMap(({ value: { code, qtyPerUnitOfMeasure } }) =>
    code === item.baseUnitOfMeasureCode || qtyPerUnitOfMeasure === undefined
      ? []
      : [{ unit: code, factor: qtyPerUnitOfMeasure }],
  );
  return others.length === 0 ? undefined : others;
}
