import type { Product, ProductUnit } from "../../shared/pricing/records.ts";
import type { ProductPage } from "../../shared/snapshot/page.ts";

/** What a product's page says, wherever the product is. */
export type PageOfProduct = Omit<ProductPage, "bucket">;

/** Pages of products, of which equal ones are one object: a catalogue has many products, and few kinds of them. */
export class SharedPages {
  readonly #pages = new Map<string, PageOfProduct>();
  readonly #placed = new WeakMap<PageOfProduct, Map<string, ProductPage>>();

  of(product: Product): PageOfProduct {
    const page = pageOf(product);
    const text = JSON.stringify(page);
    const known = this.#pages.get(text);
    if (known !== undefined) return known;
    this.#pages.set(text, page);
    return page;
  }

  inBucket(page: PageOfProduct, bucket: string): ProductPage {
    const byBucket = this.#placed.get(page) ?? new Map<string, ProductPage>();
    this.#placed.set(page, byBucket);
    const placed = byBucket.get(bucket) ?? { bucket, ...page };
    byBucket.set(bucket, placed);
    return placed;
  }
}

function unitOfPage({ unit, factor, per }: ProductUnit): NonNullable<ProductPage["units"]>[number] {
  return per === undefined ? [unit, factor] : [unit, factor, per];
}

function pageOf(product: Product): PageOfProduct {
  const { unit, units, minQuantity, multiple, status, replacedBy } = product;
  return {
    unit,
    ...(units === undefined ? {} : { units: units.map(unitOfPage) }),
    ...(minQuantity === undefined ? {} : { minQuantity }),
    ...(multiple === undefined ? {} : { multiple }),
    ...(status === "discontinued" ? { discontinued: true as const } : {}),
    ...(replacedBy === undefined ? {} : { replacedBy }),
  };
}
