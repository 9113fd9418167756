import type * as z from "zod";
import { rowOf } from "../cell.ts";
import {
  anyFloat,
  count,
  flag,
  flagIfThere,
  float,
  floatIfExact,
  floatIfThere,
  instant,
  link,
  linkIfThere,
  links,
  recordId,
  words,
  wordsIfThere,
} from "./fields.ts";

/** The models that are read, each as `search_read` answers (archived ones too), parsed with `parseExactJson`. */
export interface OdooModels {
  readonly "decimal.precision"?: readonly unknown[] | undefined;
  readonly "product.pricelist"?: readonly unknown[] | undefined;
  readonly "product.pricelist.item"?: readonly unknown[] | undefined;
  readonly "product.product"?: readonly unknown[] | undefined;
  readonly "product.category"?: readonly unknown[] | undefined;
  readonly "uom.uom"?: readonly unknown[] | undefined;
  readonly "res.partner"?: readonly unknown[] | undefined;
  readonly "res.currency.rate"?: readonly unknown[] | undefined;
  readonly "account.tax"?: readonly unknown[] | undefined;
}

/** How many decimal places Odoo keeps of a price and of a quantity. */
export interface Digits {
  readonly price: number;
  readonly quantity: number;
}

export const precision = rowOf({ name: words, digits: count });

export const pricelist = rowOf({
  id: recordId,
  name: words,
  currency_id: link,
  active: flagIfThere,
  /** Up to version 17: whether the lines of a sale show a discount. */
  discount_policy: wordsIfThere,
});

export function pricelistItem({ price, quantity }: Digits) {
  return rowOf({
    id: recordId,
    active: flagIfThere,
    pricelist_id: link,
    applied_on: words,
    product_tmpl_id: link,
    product_id: link,
    categ_id: link,
    /** From version 19, under one of these names. */
    product_uom_id: linkIfThere,
    uom_id: linkIfThere,
    min_quantity: float(quantity),
    date_start: instant,
    date_end: instant,
    compute_price: words,
    fixed_price: float(price),
    percent_price: anyFloat,
    base: words,
    base_pricelist_id: link,
    price_discount: float(2),
    price_markup: floatIfThere(2),
    price_round: float(price),
    price_surcharge: float(price),
    price_min_margin: float(price),
    price_max_margin: float(price),
  });
}

export function product({ price }: Digits) {
  return rowOf({
    id: recordId,
    default_code: words,
    name: words,
    active: flag,
    sale_ok: flag,
    product_tmpl_id: link,
    categ_id: link,
    uom_id: link,
    /** The variant's own price, with the extras of its attributes. */
    lst_price: float(price),
    standard_price: float(price),
    currency_id: link,
    cost_currency_id: link,
    taxes_id: links,
  });
}

export const category = rowOf({ id: recordId, name: words, parent_id: link });

export const uom = rowOf({
  id: recordId,
  name: words,
  active: flagIfThere,
  /** Up to version 18. */
  category_id: linkIfThere,
  uom_type: wordsIfThere,
  factor: floatIfExact,
  factor_inv: floatIfExact,
  /** From version 19. */
  relative_uom_id: linkIfThere,
  relative_factor: floatIfExact,
});

export const partner = rowOf({
  id: recordId,
  name: words,
  active: flag,
  commercial_partner_id: link,
  property_product_pricelist: link,
});

export const currencyRate = rowOf({
  name: words,
  currency_id: link,
  rate: floatIfExact,
  inverse_company_rate: floatIfExact,
});

export const tax = rowOf({
  id: recordId,
  amount_type: words,
  amount: float(4),
  price_include: flag,
});

export type Pricelist = z.output<typeof pricelist>;
/** The unit that a line is for alone; versions to 18 have none. */
export function unitOf(item: PricelistItem) {
  return item.product_uom_id ?? item.uom_id;
}

export type PricelistItem = z.output<ReturnType<typeof pricelistItem>>;
export type Product = z.output<ReturnType<typeof product>>;
export type Category = z.output<typeof category>;
export type Uom = z.output<typeof uom>;
export type Partner = z.output<typeof partner>;
export type CurrencyRate = z.output<typeof currencyRate>;
export type Tax = z.output<typeof tax>;
