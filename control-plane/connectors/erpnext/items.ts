import type { Product } from "../../../shared/pricing/records.ts";
import type { Made } from "../made.ts";
import type { Row } from "../rows.ts";
import type { Item, ItemGroup } from "./doctypes.ts";

export function* itemGroupRecords(rows: readonly Row<ItemGroup>[]): Generator<Made> {
  for (const { source, value } of rows) {
    const record = { type: "category", id: value.name, parent: value.parent_item_group } as const;
    yield { source, record };
  }
}

/** A product for each item that is sold; a template of variants is none. */
export function* itemRecords(rows: readonly Row<Item>[]): Generator<Made> {
  for (const { source, value: item } of rows) {
    if (item.has_variants) continue;
    if (item.stock_uom === undefined) {
      yield { source, code: "missing_field", message: "The item has no stock unit of measure" };
      continue;
    }
    const units = item.uoms.flatMap(({ uom, conversion_factor: factor }) =>
      uom === undefined || factor === undefined || uom === item.stock_uom ? [] : [{ unit: uom, factor }],
    );
    const record: Product = {
      type: "product",
      id: item.name,
      name: item.item_name ?? item.name,
      category: item.item_group,
      brand: item.brand,
      unit: item.stock_uom,
      units: units.length === 0 ? undefined : units,
      status: item.disabled || !item.is_sales_item ? "discontinued" : "active",
    };
    yield { source, record };
  }
}

/** The SKUs that an item code stands for: its own, or those of a template's variants. */
export class Skus {
  readonly #items: ReadonlyMap<string, Item>;
  readonly #variants: ReadonlyMap<string | undefined, readonly Item[]>;

  constructor(rows: readonly Row<Item>[]) {
    const items = rows.map(({ value }) => value);
    this.#items = new Map(items.map((item) => [item.name, item]));
    this.#variants = Map.groupBy(items, (item) => item.variant_of);
  }

  meantBy(code: string): readonly { readonly sku: string; readonly inherited: boolean }[] {
    const item = this.#items.get(code);
    if (item === undefined) return [];
    if (!item.has_variants) return [{ sku: code, inherited: false }];
    return (this.#variants.get(code) ?? []).map(({ name }) => ({ sku: name, inherited: true }));
  }
}
