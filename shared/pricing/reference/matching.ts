import type { Attributes, Product, What } from "../records.ts";
import type { Case } from "./case.ts";

/** Whether a `what` is about the product. */
export function isAbout(what: What | undefined, product: Product, asked: Case): boolean {
  const { skus, categories, brands, attributes } = what ?? {};
  if (skus !== undefined && !skus.includes(product.id)) return false;
  const own = [product.category, ...(product.categories ?? [])].flatMap((id) =>
    asked.lineage("category", id),
  );
  if (categories !== undefined && !overlap(categories, own)) return false;
  if (brands !== undefined && !overlap(brands, product.brand === undefined ? [] : [product.brand]))
    return false;
  return Object.keys(attributes ?? {}).every((key) =>
    overlap(valuesOf(attributes, key) ?? [], valuesOf(product.attributes, key) ?? []),
  );
}

export function valuesOf(attributes: Attributes | undefined, key: string): readonly string[] | undefined {
  if (attributes === undefined || !Object.hasOwn(attributes, key)) return undefined;
  const value = attributes[key];
  return typeof value === "string" ? [value] : value;
}

export function overlap(wanted: readonly string[], had: readonly string[]): boolean {
  return wanted.some((value) => had.includes(value));
}

export function distinct<Value>(values: readonly Value[]): Value[] {
  return values.filter((value, index) => values.indexOf(value) === index);
}
