import type { Price, Rule } from "../../../shared/pricing/records.ts";
import { Fault, isZero } from "../cell.ts";
import type { Made } from "../made.ts";
import type { Row } from "../rows.ts";
import type { GrossPrices } from "./gross-prices.ts";
import { itemDiscountGroup } from "./items.ts";
import type { Skus } from "./skus.ts";
import { audienceOf, type Audience } from "./sources.ts";
import type { Customer, PriceListLine } from "./tables.ts";

/** What is in use: drafts and inactive lines are no prices in Business Central either. */
export function activeLines(lines: readonly Row<PriceListLine>[]): readonly Row<PriceListLine>[] {
  return lines.filter(({ value }) => value.status === "Active");
}

/** Makes prices of lines, and rules of their discounts. */
export class PriceLines {
  readonly #skus: Skus;
  readonly #billedElsewhere: ReadonlySet<string>;
  readonly #gross: GrossPrices;
  readonly #currency: string;

  constructor(skus: Skus, customers: readonly Customer[], gross: GrossPrices, currency: string) {
    this.#skus = skus;
    this.#billedElsewhere = new Set(
      customers.filter((one) => one.billToCustomerNo !== "").map(({ number }) => number),
    );
    this.#gross = gross;
    this.#currency = currency;
  }

  recordsOf({ source, value: line }: Row<PriceListLine>): readonly Made[] {
    const audience = this.#audienceOf(line);
    if (audience instanceof Fault) return [{ source, code: audience.code, message: audience.message }];
    const { amountType } = line;
    const made: Made[] = [];
    if (amountType !== "Discount" && audience.prices) made.push(...this.#prices(source, line, audience));
    if (amountType !== "Price" && audience.discounts) made.push(...this.#rules(source, line, audience));
    const isLookedAt = amountType === "Any" || audience[amountType === "Price" ? "prices" : "discounts"];
    if (!isLookedAt) {
      const message = `Business Central looks for no ${amountType.toLowerCase()} under ${line.sourceType}`;
      made.push({ source, code: "never_applies", message });
    }
    return made;
  }

  #audienceOf(line: PriceListLine): Audience | Fault {
    if (line.priceType !== "Sale" && line.priceType !== "Any")
      return new Fault("not_a_sales_price", "The line is for purchases");
    if (!amountTypes.has(line.amountType))
      return new Fault("unsupported_amount_type", `The amount type ${line.amountType} is not known`);
    if (line.workTypeCode !== "")
      return new Fault("unsupported_work_type", "Work types price resources, which are not products");
    if (line.sourceType === "Customer" && this.#billedElsewhere.has(line.sourceNo)) {
      return new Fault("never_applies", "The customer is billed to another, whose prices count");
    }
    return audienceOf(line);
  }

  #prices(source: string, line: PriceListLine, { who }: Audience): readonly Made[] {
    if (line.assetType !== "Item") return [{ source, ...unsupportedAsset(line) }];
    if (isZero(line.unitPrice)) {
      // Lines with a discount alone are often entered as 'Price & Discount' with no price in them.
      return [{ source, code: "zero_price", message: "The line's unit price is zero" }];
    }
    const gross = line.priceIncludesVAT ? this.#gross.listOf(line) : undefined;
    if (gross instanceof Fault) return [{ source, code: gross.code, message: gross.message }];
    const meant = this.#skus.meantBy(line.assetNo, line.variantCode);
    if (meant.length === 0) return [{ source, ...unknownItem(line) }];
    return meant.map(({ sku, inherited }) => {
      const record: Price = {
        type: "price",
        id: `${idOf(line)} ${sku}`,
        ...(gross === undefined ? scopeOf(who) : { list: gross, who }),
        sku,
        currency: line.currencyCode === "" ? this.#currency : line.currencyCode,
        amount: line.unitPrice,
        unit: line.unitOfMeasureCode === "" ? undefined : line.unitOfMeasureCode,
        minQuantity: line.minimumQuantity,
        from: line.startingDate,
        until: line.endingDate,
        allowDiscount: line.allowLineDisc ? undefined : false,
        inherited: inherited ? true : undefined,
      };
      return { source, record };
    });
  }

  #rules(source: string, line: PriceListLine, { who }: Audience): readonly Made[] {
    if (line.lineDiscountPercent === undefined) return [];
    const what = this.#whatOf(line);
    if ("code" in what) return [{ source, ...what }];
    const record: Rule = {
      type: "rule",
      id: idOf(line),
      // Of equal discounts the first by list and line is named, which is the order of the ids.
      rank: 0,
      who,
      what: what.what,
      unit: line.unitOfMeasureCode === "" ? undefined : line.unitOfMeasureCode,
      minQuantity: line.minimumQuantity,
      from: line.startingDate,
      until: line.endingDate,
      currency: line.currencyCode === "" ? undefined : line.currencyCode,
      effect: { percentOff: line.lineDiscountPercent },
    };
    return [{ source, record }];
  }

  #whatOf(line: PriceListLine): { readonly what: Rule["what"] } | ReturnType<typeof unsupportedAsset> {
    switch (line.assetType) {
      case "":
        return { what: undefined };
      case "Item Discount Group":
        return { what: { attributes: { [itemDiscountGroup]: line.assetNo } } };
      case "Item": {
        const skus = this.#skus.meantBy(line.assetNo, line.variantCode).map(({ sku }) => sku);
        return skus.length === 0 ? unknownItem(line) : { what: { skus } };
      }
      default:
        return unsupportedAsset(line);
    }
  }
}

const amountTypes: ReadonlySet<string> = new Set(["Any", "Price", "Discount"]);

/** Sorts as Business Central's own key does: by list, then by line as a number. */
function idOf({ priceListCode, lineNo }: PriceListLine): string {
  return `${priceListCode} ${lineNo.padStart(10, "0")}`;
}

function scopeOf(who: Audience["who"]): Pick<Price, "customer" | "group"> {
  return { customer: who?.customers?.[0], group: who?.groups?.[0] };
}

function unsupportedAsset({ assetType }: PriceListLine) {
  const message = `A price or discount for ${assetType === "" ? "(All)" : assetType} is not for a product`;
  return { code: "unsupported_asset", message };
}

function unknownItem({ assetNo, variantCode }: PriceListLine) {
  return { code: "unknown_item", message: `There is no item ${assetNo} ${variantCode}`.trim() };
}
