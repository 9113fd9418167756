import type * as z from "zod";
import {
  pageRow,
  choice,
  choiceOr,
  code,
  codeIfShown,
  day,
  decimal,
  decimalUnlessZero,
  flag,
  flagIfShown,
  lineNo,
} from "./fields.ts";

/** The tables that are read, each as rows of a page over it, parsed with `parseExactJson`. */
export interface BusinessCentralTables {
  readonly priceListHeaders?: readonly unknown[] | undefined;
  readonly priceListLines?: readonly unknown[] | undefined;
  readonly items?: readonly unknown[] | undefined;
  readonly itemVariants?: readonly unknown[] | undefined;
  readonly itemUnitsOfMeasure?: readonly unknown[] | undefined;
  readonly customers?: readonly unknown[] | undefined;
  readonly currencyExchangeRates?: readonly unknown[] | undefined;
  readonly vatPostingSetup?: readonly unknown[] | undefined;
}

export const priceListHeader = pageRow({ code, description: codeIfShown, currencyCode: code });

export const priceListLine = pageRow({
  priceListCode: code,
  lineNo,
  status: choice,
  sourceType: choice,
  sourceNo: code,
  assetType: choice,
  assetNo: code,
  variantCode: code,
  unitOfMeasureCode: code,
  workTypeCode: codeIfShown,
  minimumQuantity: decimalUnlessZero,
  amountType: choice,
  unitPrice: decimal,
  lineDiscountPercent: decimalUnlessZero,
  allowLineDisc: flag,
  currencyCode: code,
  startingDate: day,
  endingDate: day,
  priceIncludesVAT: flag,
  vatBusPostingGrPrice: codeIfShown,
  priceType: choiceOr("Sale"),
});

export const item = pageRow({
  number: code,
  displayName: code,
  baseUnitOfMeasureCode: code,
  unitPrice: decimalUnlessZero,
  unitCost: decimalUnlessZero,
  priceIncludesTax: flag,
  blocked: flag,
  salesBlocked: flagIfShown,
  itemDiscGroup: code,
  vatProdPostingGroup: codeIfShown,
});

export const itemVariant = pageRow({
  itemNumber: code,
  code,
  description: code,
  blocked: flagIfShown,
  salesBlocked: flagIfShown,
});

export const itemUnitOfMeasure = pageRow({ itemNo: code, code, qtyPerUnitOfMeasure: decimalUnlessZero });

export const customer = pageRow({
  number: code,
  displayName: code,
  blocked: choice,
  currencyCode: code,
  billToCustomerNo: code,
  customerPriceGroup: code,
  customerDiscGroup: code,
  allowLineDisc: flag,
});

export const currencyExchangeRate = pageRow({
  currencyCode: code,
  startingDate: day,
  exchangeRateAmount: decimalUnlessZero,
  relationalCurrencyCode: code,
  relationalExchangeRateAmount: decimalUnlessZero,
});

export const vatPostingSetup = pageRow({
  vatBusPostingGroup: code,
  vatProdPostingGroup: code,
  vatCalculationType: choice,
  vatPercent: decimal,
});

export type PriceListHeader = z.output<typeof priceListHeader>;
export type PriceListLine = z.output<typeof priceListLine>;
export type Item = z.output<typeof item>;
export type ItemVariant = z.output<typeof itemVariant>;
export type ItemUnitOfMeasure = z.output<typeof itemUnitOfMeasure>;
export type Customer = z.output<typeof customer>;
export type CurrencyExchangeRate = z.output<typeof currencyExchangeRate>;
export type VatPostingSetup = z.output<typeof vatPostingSetup>;
