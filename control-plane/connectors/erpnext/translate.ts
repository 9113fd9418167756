import { exactRates } from "../exact-rates.ts";
import { translationOf, type Made } from "../made.ts";
import { readRows, type Row } from "../rows.ts";
import type { Translation } from "../translation.ts";
import { customerRecords } from "./customers.ts";
import * as doctypes from "./doctypes.ts";
import { itemPriceRecords, PriceLists } from "./item-prices.ts";
import { itemGroupRecords, itemRecords, Skus } from "./items.ts";
import { precisionOf } from "./precision.ts";
import { pricingRuleRecords } from "./pricing-rules.ts";

export interface ErpnextCompany {
  /** As pricing rules name it. */
  readonly name: string;
  readonly currency: string;
  readonly timeZone: string;
}

/**
 * The records of an ERPNext company, for the preset `erpnext`. Doctypes are given whole: a price of a template is
 * for all its variants, and only all items say which there are.
 */
export function translateErpnext(payload: doctypes.ErpnextDoctypes, company: ErpnextCompany): Translation {
  return translationOf(madeOf(payload, company));
}

function* madeOf(payload: doctypes.ErpnextDoctypes, company: ErpnextCompany): Generator<Made> {
  const read = <Value>(
    doctype: keyof doctypes.ErpnextDoctypes,
    schema: Parameters<typeof readRows<Value>>[2],
  ) => readRows(doctype, payload[doctype] ?? [], schema, ["name"]);
  const system = read("System Settings", doctypes.systemSettings);
  const precision = precisionOf(system.rows[0]?.value);
  const selling = read("Selling Settings", doctypes.sellingSettings);
  const items = read("Item", doctypes.item);
  const itemGroups = read("Item Group", doctypes.itemGroup);
  const priceLists = read("Price List", doctypes.priceList);
  const itemPrices = read("Item Price", doctypes.itemPrice(precision));
  const customers = read("Customer", doctypes.customer);
  const customerGroups = read("Customer Group", doctypes.customerGroup);
  const territories = read("Territory", doctypes.territory);
  const rules = read("Pricing Rule", doctypes.pricingRule(precision));
  const exchanges = read("Currency Exchange", doctypes.currencyExchange);
  for (const { problems } of [
    system,
    selling,
    items,
    itemGroups,
    priceLists,
    itemPrices,
    customers,
    customerGroups,
    territories,
    rules,
    exchanges,
  ])
    yield* problems;

  const skus = new Skus(items.rows);
  const lists = new PriceLists(priceLists.rows);
  const defaultList = selling.rows[0]?.value.selling_price_list;
  yield {
    source: "Company",
    record: {
      type: "policy",
      id: "default",
      preset: "erpnext",
      currency: company.currency,
      timeZone: company.timeZone,
      defaultLists: defaultList !== undefined && lists.isUsable(defaultList) ? [defaultList] : [],
      rounding: { unitPrice: { places: precision.currency, mode: "half-up" } },
    },
  };
  yield* itemGroupRecords(itemGroups.rows);
  yield* itemRecords(items.rows);
  yield* lists.records();
  yield* customerRecords(customers.rows, customerGroups.rows, territories.rows, (list) =>
    lists.isUsable(list),
  );
  yield* itemPrices.rows.flatMap((price) => itemPriceRecords(price, skus, lists));
  yield* rules.rows.flatMap((rule) => pricingRuleRecords(rule, skus, lists, company.name));
  yield* rateRecords(exchanges.rows);
}

function* rateRecords(rows: readonly Row<doctypes.CurrencyExchange>[]): Generator<Made> {
  const whole = rows.flatMap(({ source, value }) => {
    const { from_currency: currency, to_currency: other, exchange_rate: rate, date } = value;
    if (currency === undefined || other === undefined || rate === undefined || date === undefined) return [];
    return [{ source, from: date, currency, amount: "1", other, otherAmount: rate }];
  });
  const read = new Set(whole.map(({ source }) => source));
  for (const { source } of rows) {
    if (!read.has(source)) yield { source, code: "missing_field", message: "The rate is not complete" };
  }
  yield* exactRates(whole);
}
