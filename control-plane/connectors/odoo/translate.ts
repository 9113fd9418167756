import { translationOf, type Made } from "../made.ts";
import { readRows } from "../rows.ts";
import type { Translation } from "../translation.ts";
import { currencyRates } from "./currency-rates.ts";
import { IncludedTaxes } from "./included-taxes.ts";
import { ruleOf } from "./item-rules.ts";
import * as models from "./models.ts";
import { customerRecords, pricelistRecords } from "./pricelists.ts";
import { categoryRecords, productRecords } from "./products.ts";
import { Skus } from "./skus.ts";
import { Units } from "./units.ts";

export interface OdooCompany {
  readonly currency: string;
  readonly timeZone: string;
  /** From version 18: whether the feature 'discounts on lines' is on; it is the default. */
  readonly lineDiscounts?: boolean | undefined;
}

/**
 * The records of an Odoo company, for the preset `odoo`. Models are given whole: a line for a template is for all
 * its variants, and only a complete model of these says which there are.
 */
export function translateOdoo(payload: models.OdooModels, company: OdooCompany): Translation {
  return translationOf(madeOf(payload, company));
}

function* madeOf(payload: models.OdooModels, company: OdooCompany): Generator<Made> {
  const read = <Value>(model: keyof models.OdooModels, schema: Parameters<typeof readRows<Value>>[2]) =>
    readRows(model, payload[model] ?? [], schema, ["id"]);
  const precisions = read("decimal.precision", models.precision);
  const digits = digitsOf(precisions.rows.map(({ value }) => value));
  const lists = read("product.pricelist", models.pricelist);
  const items = read("product.pricelist.item", models.pricelistItem(digits));
  const products = read("product.product", models.product(digits));
  const categories = read("product.category", models.category);
  const uoms = read("uom.uom", models.uom);
  const partners = read("res.partner", models.partner);
  const rates = read("res.currency.rate", models.currencyRate);
  const taxRows = read("account.tax", models.tax);
  for (const { problems } of [precisions, lists, items, products, categories, uoms, partners, rates, taxRows])
    yield* problems;

  const skus = new Skus(products.rows);
  const units = new Units(uoms.rows);
  const taxes = new IncludedTaxes(taxRows.rows);
  const setting = {
    skus,
    units,
    lists: new Map(lists.rows.map(({ value }) => [value.id, value])),
    lineDiscounts: company.lineDiscounts ?? true,
  };
  yield {
    source: "res.company",
    record: {
      type: "policy",
      id: "default",
      preset: "odoo",
      currency: company.currency,
      timeZone: company.timeZone,
      rounding: { unitPrice: { places: digits.price, mode: "half-up" } },
    },
  };
  yield* taxes.records();
  yield* units.problems();
  yield* categoryRecords(categories.rows);
  yield* productRecords(products.rows, skus, units, taxes);
  yield* pricelistRecords(lists.rows, taxes);
  yield* customerRecords(partners.rows, lists.rows);
  yield* items.rows.flatMap((item) => ruleOf(item, setting));
  yield* currencyRates(rates.rows, company.currency);
}

/** Both are 2 in a new database. */
function digitsOf(
  rows: readonly { readonly name: string | undefined; readonly digits: string }[],
): models.Digits {
  const digits = (...names: readonly string[]) =>
    Number(rows.find(({ name }) => name !== undefined && names.includes(name))?.digits ?? 2);
  return {
    price: digits("Product Price"),
    // The name was spelled with a small letter up to some version, and shortened since 19.
    quantity: digits("Product Unit", "Product Unit of Measure", "Product Unit Of Measure"),
  };
}
