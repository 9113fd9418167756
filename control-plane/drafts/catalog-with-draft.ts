import { companyOf, companyTypes, type CompanyRecord } from "../../shared/pricing/company.ts";
import type { Price, Product } from "../../shared/pricing/records.ts";
import { Planner, type Bucket, type Plan } from "../compile/plan.ts";
import type { BucketRecords } from "../compile/bucket.ts";
import { recordOf } from "../publish/load-plan.ts";
import {
  allRecords,
  readPriceSources,
  readPricesOf,
  readProducts,
  type StoredRecord,
} from "../queries/read-records.ts";
import type { DraftChange, Judgement } from "./judge-draft.ts";

const rowsPerPage = 5_000;

/** The catalogue as it would be if a draft were applied to it now, read as the compiler reads the catalogue. */
export class CatalogWithDraft {
  /** That applying the draft would lead to. */
  readonly sequence: number;
  readonly #catalog: D1Database;
  readonly #base: number;
  readonly #changes: ReadonlyMap<string, DraftChange>;
  readonly #pricesBySku: ReadonlyMap<string, readonly DraftChange[]>;

  constructor(catalog: D1Database, { sequence, changes }: Judgement) {
    this.#catalog = catalog;
    this.#base = sequence;
    this.sequence = changes.length === 0 ? sequence : sequence + 1;
    this.#changes = new Map(changes.map((change) => [keyOf(change), change]));
    this.#pricesBySku = Map.groupBy(
      changes.filter(({ type, sku }) => type === "price" && sku !== null),
      ({ sku }) => sku ?? "",
    );
  }

  async plan(): Promise<Plan> {
    const company: CompanyRecord[] = [];
    for await (const row of this.#records(companyTypes)) company.push(recordOf<CompanyRecord>(row));
    const planner = new Planner(companyOf(company));
    for await (const row of this.#records(["product"])) planner.addProduct(recordOf<Product>(row));
    let after: string | undefined;
    do {
      const sources = await readPriceSources(this.#catalog, {
        sequence: this.#base,
        after,
        limit: rowsPerPage,
      });
      for (const source of sources.rows) if (!this.#isChanged("price", source.id)) planner.addPrice(source);
      after = sources.next;
    } while (after !== undefined);
    for (const change of [...this.#pricesBySku.values()].flat()) planner.addPrice(recordOf<Price>(change));
    return planner.plan();
  }

  /** What buckets are compiled from, by the bucket's id. */
  async recordsOf(buckets: readonly Bucket[]): Promise<Map<string, BucketRecords>> {
    const page = { skus: buckets.flatMap(({ skus }) => skus), sequence: this.#base };
    const [productRows, priceRows] = await Promise.all([
      readProducts(this.#catalog, page),
      readPricesOf(this.#catalog, page),
    ]);
    const wanted = new Set(page.skus);
    const changedProducts = this.#ofType("product").filter(({ id }) => wanted.has(id));
    const products = new Map(
      [...this.#unchanged(productRows), ...changedProducts].map((row) => [row.id, recordOf<Product>(row)]),
    );
    const changedPrices = page.skus.flatMap((sku) => this.#pricesBySku.get(sku) ?? []);
    const prices = Map.groupBy(
      [...this.#unchanged(priceRows), ...changedPrices].map((row) => recordOf<Price>(row)),
      ({ sku }) => sku,
    );
    return new Map(
      buckets.map(({ id, skus }) => [
        id,
        {
          products: skus.flatMap((sku) => products.get(sku) ?? []),
          prices: skus.flatMap((sku) => prices.get(sku) ?? []),
        },
      ]),
    );
  }

  async *#records(types: readonly string[]): AsyncGenerator<StoredRecord> {
    for await (const row of allRecords(this.#catalog, types, this.#base)) {
      if (!this.#isChanged(row.type, row.id)) yield row;
    }
    for (const type of types) yield* this.#ofType(type);
  }

  /** The records of a type that the draft makes. */
  #ofType(type: string): DraftChange[] {
    return [...this.#changes.values()].filter((change) => change.type === type && change.body !== "");
  }

  #unchanged(rows: readonly StoredRecord[]): StoredRecord[] {
    return rows.filter(({ type, id }) => !this.#isChanged(type, id));
  }

  #isChanged(type: string, id: string): boolean {
    return this.#changes.has(keyOf({ type, id }));
  }
}

function keyOf({ type, id }: Pick<DraftChange, "type" | "id">): string {
  return `${type}/${id}`;
}
