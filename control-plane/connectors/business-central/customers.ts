import type { Customer as CustomerRecord } from "../../../shared/pricing/records.ts";
import type { Made } from "../made.ts";
import type { Row } from "../rows.ts";
import { discountGroupId, priceGroupId } from "./sources.ts";
import type { Customer, PriceListLine } from "./tables.ts";

/** The customers, and the price and discount groups that they or the lines name. */
export function* customers(
  rows: readonly Row<Customer>[],
  lines: readonly Row<PriceListLine>[],
  currency: string,
): Generator<Made> {
  for (const id of groupIds(rows, lines)) {
    yield { source: id, record: { type: "customerGroup", id } };
  }
  const byNumber = new Map(rows.map(({ value }) => [value.number, value]));
  const haveDiscounts = lines.some(({ value }) => value.lineDiscountPercent !== undefined);
  for (const { source, value: own } of rows) {
    const payer = own.billToCustomerNo === "" ? own : byNumber.get(own.billToCustomerNo);
    if (payer === undefined) {
      yield { source, code: "unknown_customer", message: `There is no customer ${own.billToCustomerNo}` };
      continue;
    }
    if (!payer.allowLineDisc && haveDiscounts) {
      // It holds for prices of the item card, and each price line overrides it, which no record can say.
      const message = "The customer gets no line discounts on prices of the item card";
      yield { source, code: "customer_without_line_discounts", message };
      continue;
    }
    const record: CustomerRecord = {
      type: "customer",
      id: own.number,
      name: own.displayName,
      groups: groupsOf(payer),
      parent: payer === own ? undefined : payer.number,
      currency: payer.currencyCode === "" ? currency : payer.currencyCode,
      // 'Ship' and 'Invoice' keep a customer from new quotes and orders as well as 'All' does.
      status: own.blocked === "" && payer.blocked === "" ? "active" : "blocked",
    };
    yield { source, record };
  }
}

function groupsOf({ customerPriceGroup, customerDiscGroup }: Customer): readonly string[] {
  return [
    ...(customerPriceGroup === "" ? [] : [priceGroupId(customerPriceGroup)]),
    ...(customerDiscGroup === "" ? [] : [discountGroupId(customerDiscGroup)]),
  ];
}

function groupIds(rows: readonly Row<Customer>[], lines: readonly Row<PriceListLine>[]): ReadonlySet<string> {
  return new Set([
    ...rows.flatMap(({ value }) => groupsOf(value)),
    ...lines.flatMap(({ value: { sourceType, sourceNo } }) => {
      if (sourceType === "Customer Price Group") return [priceGroupId(sourceNo)];
      return sourceType === "Customer Disc. Group" ? [discountGroupId(sourceNo)] : [];
    }),
  ]);
}
