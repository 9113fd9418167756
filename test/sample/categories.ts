import type { Category } from "../../shared/pricing/records.ts";
import { slug } from "./slug.ts";
import { readTable } from "./tab-separated.ts";

/** The product categories, then their subcategories. */
export function categories(): readonly Category[] {
  const names = new Map(
    readTable("ProductCategory.csv", ["ProductCategoryID", "Name", "rowguid", "ModifiedDate"]).map(
      (row) => [row.ProductCategoryID, row.Name] as const,
    ),
  );
  const parents = [...names.values()].map((name) => ({ type: "category" as const, id: slug(name), name }));
  const children = subcategories().map(({ name, category }) => {
    const parent = names.get(category);
    if (parent === undefined)
      throw new RangeError(`Cannot place ${name} as there is no category ${category}`);
    return { type: "category" as const, id: slug(name), parent: slug(parent), name };
  });
  return [...parents, ...children];
}

/** The ids of the subcategories' records, by their number in the source. */
export function subcategoryIds(): ReadonlyMap<string, string> {
  return new Map(subcategories().map(({ number, name }) => [number, slug(name)]));
}

function subcategories(): readonly { number: string; category: string; name: string }[] {
  return readTable("ProductSubcategory.csv", [
    "ProductSubcategoryID",
    "ProductCategoryID",
    "Name",
    "rowguid",
    "ModifiedDate",
  ]).map((row) => ({ number: row.ProductSubcategoryID, category: row.ProductCategoryID, name: row.Name }));
}
