import { isSold, type SourceProduct } from "./source-products.ts";
import { readTable } from "./tab-separated.ts";

export interface Inventory {
  readonly type: "inventory";
  readonly id: string;
  readonly sku: string;
  readonly location: string;
  readonly available: string;
}

/** What lies of each sold product at each location, in all its shelves and bins. */
export function stock(products: ReadonlyMap<string, SourceProduct>): readonly Inventory[] {
  const pieces = new Map<string, { sku: string; location: string; available: number }>();
  const columns = ["ProductID", "LocationID", "Shelf", "Bin", "Quantity", "rowguid", "ModifiedDate"] as const;
  for (const { ProductID, LocationID: location, Quantity } of readTable("ProductInventory.csv", columns)) {
    const product = products.get(ProductID);
    if (product === undefined) throw new RangeError(`Cannot place stock as there is no product ${ProductID}`);
    if (!isSold(product)) continue;
    const sku = product.ProductNumber;
    const id = `stock-${sku}-at-${location}`;
    const before = pieces.get(id)?.available ?? 0;
    pieces.set(id, { sku, location, available: before + Number(Quantity) });
  }
  return [...pieces].map(([id, { sku, location, available }]) => ({
    type: "inventory",
    id,
    sku,
    location,
    available: String(available),
  }));
}
