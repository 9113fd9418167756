import type * as z from "zod";
import { rowOf } from "../cell.ts";
import {
  check,
  checkIfThere,
  factor,
  floatUnlessZero,
  name,
  rowsOf,
  setting,
  words,
  wordsIfThere,
} from "./fields.ts";

/** The doctypes that are read, each as the rows of `data`, parsed with `parseExactJson`. */
export interface ErpnextDoctypes {
  readonly "System Settings"?: readonly unknown[] | undefined;
  readonly "Selling Settings"?: readonly unknown[] | undefined;
  /** Whole documents, with their units of measure. */
  readonly Item?: readonly unknown[] | undefined;
  readonly "Item Group"?: readonly unknown[] | undefined;
  readonly "Price List"?: readonly unknown[] | undefined;
  readonly "Item Price"?: readonly unknown[] | undefined;
  readonly Customer?: readonly unknown[] | undefined;
  readonly "Customer Group"?: readonly unknown[] | undefined;
  readonly Territory?: readonly unknown[] | undefined;
  /** Whole documents, with their items, item groups and brands. */
  readonly "Pricing Rule"?: readonly unknown[] | undefined;
  readonly "Currency Exchange"?: readonly unknown[] | undefined;
}

/** How many decimal places ERPNext keeps of money and of other floats. */
export interface Precision {
  readonly currency: number;
  readonly float: number;
}

export const systemSettings = rowOf({
  currency_precision: setting,
  float_precision: setting,
  number_format: wordsIfThere,
});

export const sellingSettings = rowOf({ selling_price_list: words });

export const item = rowOf({
  name,
  item_name: words,
  item_group: words,
  brand: words,
  stock_uom: words,
  variant_of: words,
  has_variants: check,
  disabled: check,
  is_sales_item: check,
  uoms: rowsOf({ uom: words, conversion_factor: factor }),
});

export const itemGroup = rowOf({ name, parent_item_group: words });

export const priceList = rowOf({
  name,
  currency: words,
  enabled: check,
  selling: check,
  price_not_uom_dependent: checkIfThere,
});

export function itemPrice({ currency }: Precision) {
  return rowOf({
    name,
    item_code: words,
    price_list: words,
    uom: words,
    packing_unit: factor,
    customer: words,
    supplier: words,
    batch_no: wordsIfThere,
    currency: words,
    price_list_rate: floatUnlessZero(currency),
    valid_from: words,
    valid_upto: words,
  });
}

export const customer = rowOf({
  name,
  customer_name: words,
  customer_group: words,
  territory: words,
  default_price_list: words,
  default_currency: words,
  default_sales_partner: words,
  disabled: check,
});

export const customerGroup = rowOf({ name, parent_customer_group: words, default_price_list: words });

export const territory = rowOf({ name, parent_territory: words });

export function pricingRule({ currency, float }: Precision) {
  return rowOf({
    name,
    disable: check,
    selling: check,
    company: words,
    apply_on: words,
    items: rowsOf({ item_code: words, uom: wordsIfThere }),
    item_groups: rowsOf({ item_group: words, uom: wordsIfThere }),
    brands: rowsOf({ brand: words, uom: wordsIfThere }),
    price_or_product_discount: words,
    warehouse: words,
    mixed_conditions: check,
    is_cumulative: check,
    coupon_code_based: check,
    apply_rule_on_other: words,
    validate_applied_rule: check,
    condition: words,
    applicable_for: words,
    customer: words,
    customer_group: words,
    territory: words,
    sales_partner: words,
    min_qty: floatUnlessZero(float),
    max_qty: floatUnlessZero(float),
    min_amt: floatUnlessZero(currency),
    max_amt: floatUnlessZero(currency),
    valid_from: words,
    valid_upto: words,
    currency: words,
    margin_type: words,
    margin_rate_or_amount: floatUnlessZero(float),
    rate_or_discount: words,
    rate: floatUnlessZero(currency),
    discount_percentage: floatUnlessZero(float),
    discount_amount: floatUnlessZero(currency),
    for_price_list: words,
    apply_multiple_pricing_rules: check,
    apply_discount_on_rate: check,
    has_priority: checkIfThere,
    priority: setting,
  });
}

export const currencyExchange = rowOf({
  name,
  date: words,
  from_currency: words,
  to_currency: words,
  exchange_rate: factor,
  for_selling: checkIfThere,
});

export type Item = z.output<typeof item>;
export type ItemGroup = z.output<typeof itemGroup>;
export type PriceList = z.output<typeof priceList>;
export type ItemPrice = z.output<ReturnType<typeof itemPrice>>;
export type Customer = z.output<typeof customer>;
export type CustomerGroup = z.output<typeof customerGroup>;
export type Territory = z.output<typeof territory>;
export type PricingRule = z.output<ReturnType<typeof pricingRule>>;
export type CurrencyExchange = z.output<typeof currencyExchange>;
export type SystemSettings = z.output<typeof systemSettings>;
