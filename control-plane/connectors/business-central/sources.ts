import type { Who } from "../../../shared/pricing/records.ts";
import { Fault } from "../cell.ts";
import type { PriceListLine } from "./tables.ts";

/** Whom a line is for, and for which of the two searches Business Central looks at it. */
export interface Audience {
  readonly who: Who | undefined;
  readonly prices: boolean;
  readonly discounts: boolean;
}

/** Price groups and discount groups are tables of their own, and may use the same codes. */
export function priceGroupId(code: string): string {
  return `price-group/${code}`;
}

export function discountGroupId(code: string): string {
  return `discount-group/${code}`;
}

/** Prices are searched for by price group and discounts by discount group, never the other way round. */
export function audienceOf({ sourceType, sourceNo }: PriceListLine): Audience | Fault {
  switch (sourceType) {
    case "All Customers":
      return { who: undefined, prices: true, discounts: true };
    case "Customer":
      return { who: { customers: [sourceNo] }, prices: true, discounts: true };
    case "Customer Price Group":
      return { who: { groups: [priceGroupId(sourceNo)] }, prices: true, discounts: false };
    case "Customer Disc. Group":
      return { who: { groups: [discountGroupId(sourceNo)] }, prices: false, discounts: true };
    default:
      return new Fault(
        "unsupported_source",
        `Prices for the source type ${sourceType === "" ? "(All)" : sourceType} depend on the document`,
      );
  }
}
