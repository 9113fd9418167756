import type { Price } from "../../shared/pricing/records.ts";
import { shiftedDay } from "./shifted-day.ts";
import { amountText } from "./source-decimal.ts";
import type { SourceProduct } from "./source-products.ts";
import { readTable } from "./tab-separated.ts";

/** The history of list prices, as prices for everyone. An end date is a price's last day, as in a record's `until`. */
export function listPrices(products: ReadonlyMap<string, SourceProduct>, years: number): readonly Price[] {
  const periods = new Map<string, number>();
  return readTable("ProductListPriceHistory.csv", [
    "ProductID",
    "StartDate",
    "EndDate",
    "ListPrice",
    "ModifiedDate",
  ]).map((row) => {
    const sku = products.get(row.ProductID)?.ProductNumber;
    if (sku === undefined)
      throw new RangeError(`Cannot place a list price as there is no product ${row.ProductID}`);
    const period = (periods.get(sku) ?? 0) + 1;
    periods.set(sku, period);
    return {
      type: "price",
      // Without a date, so that next year's sample replaces this year's records.
      id: `list-${sku}-${period}`,
      sku,
      currency: "USD",
      amount: amountText(row.ListPrice),
      from: shiftedDay(row.StartDate, years),
      ...(row.EndDate === "" ? {} : { until: shiftedDay(row.EndDate, years) }),
    };
  });
}
