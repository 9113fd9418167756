/**
 * The ERP records that pricing reads, as they are stored: decimals are exact decimal texts, dates and
 * instants are texts, ids are opaque. What a text may hold is checked at intake; the core trusts it.
 */
export type DecimalText = string;
/** `2026-11-23` (a local day) or an RFC 3339 instant. */
export type DateText = string;

/** Who a price, list or rule is for; each given key must match, any value within a key. */
export interface Who {
  readonly customers?: readonly string[] | undefined;
  readonly groups?: readonly string[] | undefined;
  readonly channels?: readonly string[] | undefined;
  readonly attributes?: Attributes | undefined;
}

/** What a rule is about; each given key must match, any value within a key. */
export interface What {
  readonly skus?: readonly string[] | undefined;
  readonly categories?: readonly string[] | undefined;
  readonly brands?: readonly string[] | undefined;
  readonly attributes?: Attributes | undefined;
}

export type Attributes = Readonly<Record<string, string | readonly string[]>>;

/** An amount for `per` (default 1) units. */
export interface AmountPer {
  readonly amount: DecimalText;
  readonly currency: string;
  readonly per?: DecimalText | undefined;
}

export interface Category {
  readonly type: "category";
  readonly id: string;
  readonly parent?: string | undefined;
  readonly name?: string | undefined;
}

export interface Product {
  readonly type: "product";
  /** The SKU. */
  readonly id: string;
  readonly name: string;
  readonly category?: string | undefined;
  readonly brand?: string | undefined;
  /** The base unit. */
  readonly unit: string;
  /** One `unit` is `factor` base units. */
  readonly units?: readonly { readonly unit: string; readonly factor: DecimalText }[] | undefined;
  readonly listPrice?: AmountPer | undefined;
  readonly cost?: AmountPer | undefined;
  /** In base units. */
  readonly minQuantity?: DecimalText | undefined;
  /** In base units. */
  readonly multiple?: DecimalText | undefined;
  readonly status?: "active" | "discontinued" | undefined;
  readonly replacedBy?: string | undefined;
  readonly taxes?: readonly string[] | undefined;
  readonly attributes?: Attributes | undefined;
}

export interface CustomerGroup {
  readonly type: "customerGroup";
  readonly id: string;
  readonly name?: string | undefined;
  readonly parent?: string | undefined;
  readonly lists?: readonly string[] | undefined;
  readonly attributes?: Attributes | undefined;
}

export interface Customer {
  readonly type: "customer";
  readonly id: string;
  readonly name: string;
  readonly groups?: readonly string[] | undefined;
  readonly lists?: readonly string[] | undefined;
  readonly parent?: string | undefined;
  readonly currency?: string | undefined;
  readonly taxRule?: string | undefined;
  readonly status?: "active" | "blocked" | undefined;
  readonly attributes?: Attributes | undefined;
}

export interface PriceList {
  readonly type: "priceList";
  readonly id: string;
  readonly currency: string;
  readonly name?: string | undefined;
  readonly parent?: string | undefined;
  readonly taxIncluded?: boolean | undefined;
  readonly who?: Who | undefined;
  readonly kind?: "sale" | "override" | undefined;
  readonly merge?: boolean | undefined;
  readonly from?: DateText | undefined;
  readonly until?: DateText | undefined;
  readonly attributes?: Attributes | undefined;
}

export interface Price {
  readonly type: "price";
  readonly id: string;
  /** At most one of `list`, `customer` and `group`; none means everyone. */
  readonly list?: string | undefined;
  readonly customer?: string | undefined;
  readonly group?: string | undefined;
  readonly who?: Who | undefined;
  readonly sku: string;
  readonly currency: string;
  readonly amount: DecimalText;
  readonly per?: DecimalText | undefined;
  readonly unit?: string | undefined;
  readonly minQuantity?: DecimalText | undefined;
  readonly maxQuantity?: DecimalText | undefined;
  readonly from?: DateText | undefined;
  readonly until?: DateText | undefined;
  readonly allowDiscount?: boolean | undefined;
  /** Says that an amount of zero is meant. */
  readonly free?: boolean | undefined;
}

export type Effect =
  | { readonly percentOff: DecimalText }
  | { readonly percentMarkup: DecimalText }
  | { readonly amountOff: DecimalText; readonly currency: string }
  | { readonly price: DecimalText; readonly currency: string; readonly per?: DecimalText | undefined };

export interface Rule {
  readonly type: "rule";
  readonly id: string;
  /** An integer; lower first. */
  readonly rank: number;
  readonly list?: string | undefined;
  readonly who?: Who | undefined;
  readonly what?: What | undefined;
  readonly unit?: string | undefined;
  readonly minQuantity?: DecimalText | undefined;
  readonly maxQuantity?: DecimalText | undefined;
  readonly from?: DateText | undefined;
  readonly until?: DateText | undefined;
  readonly currency?: string | undefined;
  readonly effect: Effect;
  readonly exclusive?: boolean | undefined;
}

export type Scope = "customer" | "group" | "list" | "everyone";
export type RoundingMode = "half-up" | "half-even" | "down" | "up";

export interface Policy {
  readonly type: "policy";
  readonly id: "default";
  readonly timeZone?: string | undefined;
  readonly precedence?: readonly Scope[] | undefined;
  readonly choose?: "first" | "lowest" | undefined;
  readonly fallback?: "listPrice" | "none" | undefined;
  readonly rules?: "first" | "best" | "stack" | undefined;
  readonly rounding?:
    | {
        readonly unitPrice?: { readonly places: number; readonly mode: RoundingMode } | undefined;
        readonly line?: { readonly mode: RoundingMode } | undefined;
      }
    | undefined;
}

export interface Tax {
  readonly type: "tax";
  readonly id: string;
  readonly percent: DecimalText;
  readonly from?: DateText | undefined;
  readonly until?: DateText | undefined;
}

/** Which tax stands in for which, for a kind of customer. */
export interface TaxRule {
  readonly type: "taxRule";
  readonly id: string;
  readonly replace: readonly { readonly from?: string | undefined; readonly to?: string | undefined }[];
}

/** Every record that can change a price. */
export type PricingRecord =
  | Category
  | Product
  | CustomerGroup
  | Customer
  | PriceList
  | Price
  | Rule
  | Policy
  | Tax
  | TaxRule;
