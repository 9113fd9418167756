import type { Rule } from "../../shared/pricing/records.ts";
import { resellerGroup, retailGroup } from "./customers.ts";
import { shiftedDay } from "./shifted-day.ts";
import { slug } from "./slug.ts";
import { isZero, percentText } from "./source-decimal.ts";
import type { SourceProduct } from "./source-products.ts";
import { readTable } from "./tab-separated.ts";

const groupsByCategory: Readonly<Record<string, string>> = { Reseller: resellerGroup, Customer: retailGroup };

/** The special offers as rules. One that discounts nothing, or no product, is none. */
export function offers(products: ReadonlyMap<string, SourceProduct>, years: number): readonly Rule[] {
  const skusByOffer = skusOfOffers(products);
  return readTable("SpecialOffer.csv", [
    "SpecialOfferID",
    "Description",
    "DiscountPct",
    "Type",
    "Category",
    "StartDate",
    "EndDate",
    "MinQty",
    "MaxQty",
    "rowguid",
    "ModifiedDate",
  ]).flatMap((row) => {
    const skus = skusByOffer.get(row.SpecialOfferID);
    if (isZero(row.DiscountPct) || skus === undefined) return [];
    const group = groupsByCategory[row.Category];
    if (group === undefined) throw new RangeError(`Cannot tell who an offer is for: ${row.Category}`);
    return {
      type: "rule" as const,
      id: `offer-${row.SpecialOfferID}-${slug(row.Description)}`,
      rank: Number(row.SpecialOfferID),
      who: { groups: [group] },
      what: { skus },
      ...(row.MinQty === "0" ? {} : { minQuantity: row.MinQty }),
      ...(row.MaxQty === "" ? {} : { maxQuantity: row.MaxQty }),
      from: shiftedDay(row.StartDate, years),
      until: shiftedDay(row.EndDate, years),
      effect: { percentOff: percentText(row.DiscountPct) },
    };
  });
}

function skusOfOffers(products: ReadonlyMap<string, SourceProduct>): ReadonlyMap<string, readonly string[]> {
  const skus = new Map<string, string[]>();
  const columns = ["SpecialOfferID", "ProductID", "rowguid", "ModifiedDate"] as const;
  for (const { SpecialOfferID, ProductID } of readTable("SpecialOfferProduct.csv", columns)) {
    const sku = products.get(ProductID)?.ProductNumber;
    if (sku === undefined) throw new RangeError(`Cannot place an offer as there is no product ${ProductID}`);
    skus.set(SpecialOfferID, [...(skus.get(SpecialOfferID) ?? []), sku]);
  }
  return skus;
}
