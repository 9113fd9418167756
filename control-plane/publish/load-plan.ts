import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { companyOf, companyTypes, type CompanyRecord } from "../../shared/pricing/company.ts";
import type { PricingRecord, Product } from "../../shared/pricing/records.ts";
import type { QuotingRecord } from "../../shared/quoting/records.ts";
import { Planner, type ChangedPages, type Plan } from "../compile/plan.ts";
import { sharedDigest } from "../compile/shared-digest.ts";
import { changedRecords, changedSkus } from "../queries/read-changes.ts";
import {
  allRecords,
  readPriceSources,
  readPriceSourcesOf,
  readProducts,
  type StoredRecord,
} from "../queries/read-records.ts";

export interface LoadedPlan {
  readonly plan: Plan;
  /** Of all records but products and prices. */
  readonly companyDigest: string;
  /** Of what of them every bucket depends on. */
  readonly sharedDigest: string;
  /** Which pages are others than in the plan before this one. */
  readonly changed: ChangedPages | "all";
}

const pricesPerPage = 50_000;
const skusAtOnce = 1_000;
// Above this share of the products, reading all of them takes less time than reading the changed ones.
const changedShareMax = 0.25;

/**
 * The plan of the catalogue, kept in memory from one publish to the next: what changed in between is all that is
 * read again. Making a new one reads the catalogue whole, page by page.
 */
export class CatalogPlan {
  readonly #planner: Planner;
  readonly #company: Map<string, CompanyRecord>;
  #sequence: number;
  #digests: Pick<LoadedPlan, "companyDigest" | "sharedDigest">;

  private constructor(planner: Planner, company: Map<string, CompanyRecord>, sequence: number) {
    this.#planner = planner;
    this.#company = company;
    this.#sequence = sequence;
    this.#digests = digestsOf(company);
  }

  static async load(catalog: D1Database, sequence: number): Promise<CatalogPlan> {
    const company = new Map<string, CompanyRecord>();
    for await (const row of allRecords(catalog, companyTypes, sequence)) {
      company.set(keyOf(row), recordOf<CompanyRecord>(row));
    }
    const planner = new Planner(companyOf(sorted(company)));
    await addAllProducts(planner, catalog, sequence);
    let after: string | undefined;
    do {
      const sources = await readPriceSources(catalog, { sequence, after, limit: pricesPerPage });
      for (const source of sources.rows) planner.addPrice(source);
      after = sources.next;
    } while (after !== undefined);
    return new CatalogPlan(planner, company, sequence);
  }

  /** The plan as it was when this was made or last advanced. */
  loaded(): LoadedPlan {
    const plan = this.#planner.plan();
    return { plan, ...this.#digests, changed: this.#planner.takeChangedPages() };
  }

  /**
   * Takes in what changed up to a sequence. Should it fail halfway, this is not to be used any more.
   * @returns whether it could: not back in time, nor where so much changed that reading all is quicker
   */
  async advance(catalog: D1Database, sequence: number): Promise<boolean> {
    const range = { after: this.#sequence, upTo: sequence };
    if (sequence < this.#sequence) return false;
    if (sequence === this.#sequence) return true;
    const skus = [...(await changedSkus(catalog, range))];
    if (skus.length > Math.max(skusAtOnce, this.#planner.productCount * changedShareMax)) return false;
    const areAllAdded = await this.#advanceCompany(catalog, range);
    for (let start = 0; start < skus.length; start += skusAtOnce) {
      const some = skus.slice(start, start + skusAtOnce);
      if (!areAllAdded) await this.#readProducts(catalog, sequence, some);
      for (const sku of some) this.#planner.forgetPrices(sku);
      for (const source of await readPriceSourcesOf(catalog, { skus: some, sequence })) {
        this.#planner.addPrice(source);
      }
    }
    this.#sequence = sequence;
    return true;
  }

  async #readProducts(catalog: D1Database, sequence: number, skus: readonly string[]): Promise<void> {
    const rows = await readProducts(catalog, { skus, sequence });
    const found = new Map(rows.map((row) => [row.id, recordOf<Product>(row)]));
    for (const sku of skus) {
      const product = found.get(sku);
      if (product === undefined) this.#planner.removeProduct(sku);
      else this.#planner.addProduct(product);
    }
  }

  /** Returns whether all products had to be read for it. */
  async #advanceCompany(
    catalog: D1Database,
    range: { readonly after: number; readonly upTo: number },
  ): Promise<boolean> {
    const changed = await changedRecords(catalog, { ...range, types: companyTypes });
    if (changed.length === 0) return false;
    for (const { type, id, body } of changed) {
      const key = keyOf({ type, id });
      if (body === null) this.#company.delete(key);
      else this.#company.set(key, recordOf<CompanyRecord>({ type, id, body }));
    }
    this.#digests = digestsOf(this.#company);
    const reachesOthers = this.#planner.setCompany(companyOf(sorted(this.#company)), changed);
    if (!reachesOthers) return false;
    const found = await addAllProducts(this.#planner, catalog, range.upTo);
    for (const sku of this.#planner.skus()) if (!found.has(sku)) this.#planner.removeProduct(sku);
    return true;
  }
}

/** Returns their SKUs. */
async function addAllProducts(planner: Planner, catalog: D1Database, sequence: number): Promise<Set<string>> {
  const skus = new Set<string>();
  for await (const row of allRecords(catalog, ["product"], sequence)) {
    planner.addProduct(recordOf<Product>(row));
    skus.add(row.id);
  }
  return skus;
}

function digestsOf(
  company: ReadonlyMap<string, CompanyRecord>,
): Pick<LoadedPlan, "companyDigest" | "sharedDigest"> {
  const records = sorted(company);
  const digest = sha256.create();
  for (const record of records) digest.update(utf8ToBytes(JSON.stringify(record)));
  return {
    companyDigest: bytesToHex(digest.digest()),
    sharedDigest: sharedDigest(companyOf(records), records),
  };
}

/** In one order, whichever of them changed last. */
function sorted(company: ReadonlyMap<string, CompanyRecord>): CompanyRecord[] {
  return [...company].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, record]) => record);
}

function keyOf({ type, id }: Pick<StoredRecord, "type" | "id">): string {
  return `${type}/${id}`;
}

/** The record of a stored row, whose body was checked when it was taken in. */
export function recordOf<Type extends PricingRecord | QuotingRecord>({ type, id, body }: StoredRecord): Type {
  return { ...(JSON.parse(body) as object), type, id } as Type;
}
