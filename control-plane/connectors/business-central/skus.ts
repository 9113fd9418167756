import type { Row } from "../rows.ts";
import type { Item, ItemVariant } from "./tables.ts";

/** A SKU that a line is about, and whether the line only says so for the item that it is a variant of. */
export interface Meant {
  readonly sku: string;
  readonly inherited: boolean;
}

/** An item without variant is sold as `item`, a variant of it as `item/variant`. */
export function skuOf(item: string, variant: string): string {
  return variant === "" ? item : `${item}/${variant}`;
}

/** Which SKUs there are of each item. */
export class Skus {
  readonly #variants = new Map<string, string[]>();

  constructor(items: readonly Row<Item>[], variants: readonly Row<ItemVariant>[]) {
    for (const { value } of items) this.#variants.set(value.number, []);
    for (const { value } of variants) this.#variants.get(value.itemNumber)?.push(value.code);
  }

  /** A line with a blank variant is for the item and for each of its variants; of an unknown item there are none. */
  meantBy(item: string, variant: string): readonly Meant[] {
    const known = this.#variants.get(item);
    if (known === undefined || (variant !== "" && !known.includes(variant))) return [];
    if (variant !== "") return [{ sku: skuOf(item, variant), inherited: false }];
    const variants = known.map((code) => ({ sku: skuOf(item, code), inherited: true }));
    return [{ sku: item, inherited: false }, ...variants];
  }
}
