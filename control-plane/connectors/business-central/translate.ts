import { translationOf, type Made } from "../made.ts";
import { readRows } from "../rows.ts";
import type { Translation } from "../translation.ts";
import { customers } from "./customers.ts";
import { exchangeRates } from "./exchange-rates.ts";
import { itemRecords } from "./items.ts";
import { Skus } from "./skus.ts";
import * as tables from "./tables.ts";
import { GrossPrices } from "./gross-prices.ts";
import { activeLines, PriceLines } from "./price-lines.ts";

export interface BusinessCentralCompany {
  /** The local currency (LCY), which Business Central writes as a blank code. */
  readonly currency: string;
  readonly timeZone: string;
}

/**
 * The records of a Business Central company, for the preset `business-central`. Tables are given whole: a line
 * without variant is for every variant, and only a complete table of these says which there are.
 */
export function translateBusinessCentral(
  payload: tables.BusinessCentralTables,
  company: BusinessCentralCompany,
): Translation {
  return translationOf(madeOf(payload, company));
}

function* madeOf(payload: tables.BusinessCentralTables, company: BusinessCentralCompany): Generator<Made> {
  const items = readRows("Item", payload.items ?? [], tables.item, ["number"]);
  const variants = readRows("Item Variant", payload.itemVariants ?? [], tables.itemVariant, [
    "itemNumber",
    "code",
  ]);
  const units = readRows("Item Unit of Measure", payload.itemUnitsOfMeasure ?? [], tables.itemUnitOfMeasure, [
    "itemNo",
    "code",
  ]);
  const buyers = readRows("Customer", payload.customers ?? [], tables.customer, ["number"]);
  const headers = readRows("Price List Header", payload.priceListHeaders ?? [], tables.priceListHeader, [
    "code",
  ]);
  const lines = readRows("Price List Line", payload.priceListLines ?? [], tables.priceListLine, [
    "priceListCode",
    "lineNo",
  ]);
  const rates = readRows(
    "Currency Exchange Rate",
    payload.currencyExchangeRates ?? [],
    tables.currencyExchangeRate,
    ["currencyCode", "startingDate"],
  );
  const vat = readRows("VAT Posting Setup", payload.vatPostingSetup ?? [], tables.vatPostingSetup, [
    "vatBusPostingGroup",
    "vatProdPostingGroup",
  ]);
  for (const { problems } of [items, variants, units, buyers, headers, lines, rates, vat]) yield* problems;

  const active = activeLines(lines.rows);
  const gross = new GrossPrices(active, headers.rows, vat.rows, company.currency);
  const priceLines = new PriceLines(
    new Skus(items.rows, variants.rows),
    buyers.rows.map(({ value }) => value),
    gross,
    company.currency,
  );
  yield {
    source: "Company",
    record: {
      type: "policy",
      id: "default",
      preset: "business-central",
      currency: company.currency,
      timeZone: company.timeZone,
      defaultLists: gross.lists,
    },
  };
  yield* gross.records();
  yield* itemRecords(items.rows, variants.rows, units.rows, gross, company.currency);
  yield* customers(buyers.rows, active, company.currency);
  yield* active.flatMap((line) => priceLines.recordsOf(line));
  yield* exchangeRates(rates.rows, company.currency);
}
