import type { Made } from "../made.ts";
import type { Row } from "../rows.ts";
import type { Product } from "./models.ts";

/** The SKUs of products: their internal references, where these are there and tell them apart. */
export class Skus {
  readonly #byProduct = new Map<string, string>();
  readonly #byTemplate = new Map<string, string[]>();
  readonly #problems: Made[] = [];

  constructor(products: readonly Row<Product>[]) {
    const byCode = Map.groupBy(products, ({ value }) => value.default_code);
    for (const [code, rows] of byCode) {
      const fault =
        code === undefined
          ? { code: "no_sku", message: "The product has no internal reference" }
          : { code: "duplicate_sku", message: `${rows.length} products have the internal reference ${code}` };
      for (const { source, value } of rows) {
        if (code === undefined || rows.length > 1) this.#problems.push({ source, ...fault });
        else this.#add(code, value);
      }
    }
  }

  #add(sku: string, { id, product_tmpl_id: template }: Product): void {
    this.#byProduct.set(id, sku);
    if (template === undefined) return;
    this.#byTemplate.set(template.id, [...(this.#byTemplate.get(template.id) ?? []), sku]);
  }

  ofProduct(id: string): string | undefined {
    return this.#byProduct.get(id);
  }

  /** Those of all variants of a template. */
  ofTemplate(id: string): readonly string[] {
    return this.#byTemplate.get(id) ?? [];
  }

  problems(): readonly Made[] {
    return this.#problems;
  }
}
