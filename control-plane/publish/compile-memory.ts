import { CustomerShards, ProductShards, type EncodedShards, type OverlayNames } from "../compile/pages.ts";
import { CatalogPlan, type LoadedPlan } from "./load-plan.ts";

/**
 * What the publisher keeps in memory from one compile to the next, so that a change costs what it changed. Nothing
 * depends on its being there. After a compile that failed it is to be forgotten, since it may be ahead of the stores.
 */
export class CompileMemory {
  #catalog: CatalogPlan | undefined;
  readonly #products = new ProductShards();
  readonly #customers = new CustomerShards();
  #overlays = new Map<string, string>();

  async planAt(catalog: D1Database, sequence: number): Promise<LoadedPlan> {
    const known = this.#catalog;
    this.#catalog = undefined;
    if (known !== undefined && (await known.advance(catalog, sequence))) {
      this.#catalog = known;
      return known.loaded();
    }
    this.#catalog = await CatalogPlan.load(catalog, sequence);
    return { ...this.#catalog.loaded(), changed: "all" };
  }

  /** The pages of a plan, of which only those that are others than before are encoded again. */
  encodePages(
    { plan, changed }: LoadedPlan,
    overlays: OverlayNames,
  ): { readonly products: EncodedShards; readonly customers: EncodedShards } {
    const texts = new Map([...overlays].map(([customer, names]) => [customer, textOf(names)]));
    const before = this.#overlays;
    this.#overlays = texts;
    if (changed === "all") {
      return {
        products: this.#products.encode(plan, "all"),
        customers: this.#customers.encode(plan, overlays, "all"),
      };
    }
    const others = [...before.keys(), ...texts.keys()].filter((one) => before.get(one) !== texts.get(one));
    return {
      products: this.#products.encode(plan, changed.products),
      customers: this.#customers.encode(plan, overlays, new Set([...changed.customers, ...others])),
    };
  }
}

function textOf(names: ReadonlyMap<string, Readonly<Record<string, string>>>): string {
  return JSON.stringify([...names]);
}
