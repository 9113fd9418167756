import type { Row } from "./row.ts";

/** What is read of each model, and nothing else. */
export const fieldsByModel = {
  "company.company": ["currency"],
  "currency.currency": ["code", "rounding"],
  "currency.currency.rate": ["currency", "date", "rate"],
  "product.category": ["name", "parent", "customer_taxes_used"],
  "product.uom": ["symbol", "category", "factor", "rate"],
  "product.template": [
    "name",
    "active",
    "list_price",
    "default_uom",
    "sale_uom",
    "categories_all",
    "account_category",
  ],
  "product.product": ["template", "code", "active", "cost_price"],
  "party.party": ["name", "code", "active", "sale_price_list", "customer_tax_rule"],
  "product.price_list": ["name", "unit", "tax_included", "parent"],
  "product.price_list.line": [
    "price_list",
    "sequence",
    "category",
    "product",
    "quantity",
    "start_date",
    "end_date",
    "formula",
  ],
  "account.tax": ["type", "rate", "start_date", "end_date", "parent", "childs", "update_unit_price", "group"],
  "account.tax.rule": ["name"],
  "account.tax.rule.line": [
    "rule",
    "sequence",
    "group",
    "origin_tax",
    "keep_origin",
    "tax",
    "start_date",
    "end_date",
  ],
  "sale.configuration": ["sale_price_list"],
} as const;

export type ModelName = keyof typeof fieldsByModel;

/** All that prices follow from, as rows by model. Inactive records are among them: they still price. */
export interface CompanyRows {
  readonly rows: Readonly<Record<ModelName, readonly Row[]>>;
  /** The id of the company that the reading user works in. */
  readonly company: string;
}
