import { isZero } from "./source-decimal.ts";
import { readTable } from "./tab-separated.ts";

const columns = [
  "ProductID",
  "Name",
  "ProductNumber",
  "MakeFlag",
  "FinishedGoodsFlag",
  "Color",
  "SafetyStockLevel",
  "ReorderPoint",
  "StandardCost",
  "ListPrice",
  "Size",
  "SizeUnitMeasureCode",
  "WeightUnitMeasureCode",
  "Weight",
  "DaysToManufacture",
  "ProductLine",
  "Class",
  "Style",
  "ProductSubcategoryID",
  "ProductModelID",
  "SellStartDate",
  "SellEndDate",
  "DiscontinuedDate",
  "rowguid",
  "ModifiedDate",
] as const;

export type SourceProduct = Readonly<Record<(typeof columns)[number], string>>;

/** All products, by their number in the source. */
export function readSourceProducts(): ReadonlyMap<string, SourceProduct> {
  return new Map(readTable("Product.csv", columns).map((row) => [row.ProductID, row]));
}

/** Components and semi-finished goods have a list price of zero: they are made or bought, and not sold. */
export function isSold(product: SourceProduct): boolean {
  return !isZero(product.ListPrice);
}

/** Sold without an end in sight. */
export function isOnSale(product: SourceProduct): boolean {
  return isSold(product) && product.SellEndDate === "";
}
