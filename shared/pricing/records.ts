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

/** `per` (default 1) of the unit are `factor` base units. */
export interface ProductUnit {
  readonly unit: string;
  readonly factor: DecimalText;
  readonly per?: DecimalText | undefined;
}

export interface Product {
  readonly type: "product";
  /** The SKU. */
  readonly id: string;
  readonly name: string;
  readonly category?: string | undefined;
  /** Further categories. */
  readonly categories?: readonly string[] | undefined;
  readonly brand?: string | undefined;
  /** The base unit. */
  readonly unit: string;
  readonly units?: readonly ProductUnit[] | undefined;
  /** The unit in which it is sold, where price lists count in that (Tryton). */
  readonly saleUnit?: string | undefined;
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
  /** Whether the lists of the next level count as well (Oro); default true. */
  readonly listsFallback?: boolean | undefined;
  readonly attributes?: Attributes | undefined;
}

export interface Customer {
  readonly type: "customer";
  readonly id: string;
  readonly name: string;
  readonly groups?: readonly string[] | undefined;
  readonly lists?: readonly string[] | undefined;
  /** Whether the lists of the next level count as well (Oro); default true. */
  readonly listsFallback?: boolean | undefined;
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
  /** In which unit its rules count quantities (Tryton); default `product_default`. */
  readonly unit?: "product_default" | "product_sale" | undefined;
  readonly who?: Who | undefined;
  /** Whether its prices are an offer beside the others or stand in for them (Medusa); default `sale`. */
  readonly kind?: "sale" | "override" | undefined;
  /** Whether its prices mix with other lists' for the same product (Oro); default true. */
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
  /** Each part of a quantity is priced by its own tier. */
  readonly graduated?: boolean | undefined;
  /** The ERP has it for the product that this one is a variant of. */
  readonly inherited?: boolean | undefined;
  /** Says that an amount of zero is meant. */
  readonly free?: boolean | undefined;
}

/** What the change of an effect is made on; `price`, the running price, is the default. */
export type EffectInput = "price" | "base" | "list" | "cost" | { readonly list: string };

/** For one of the rule's unit. */
export type Bound =
  | { readonly amount: DecimalText; readonly currency: string }
  | { readonly marginOnCost: DecimalText }
  | { readonly aboveInput: DecimalText; readonly currency: string };

/** To a multiple of `to`, then plus `then`; for one of the rule's unit. */
export interface EffectRounding {
  readonly to: DecimalText;
  readonly mode: RoundingMode;
  readonly then?: DecimalText | undefined;
}

interface AfterChange {
  readonly round?: EffectRounding | undefined;
  readonly min?: Bound | undefined;
  readonly max?: Bound | undefined;
}

interface OnInput {
  readonly on?: EffectInput | undefined;
}

export type Change =
  | (OnInput & { readonly percentOff: DecimalText })
  | (OnInput & { readonly percentMarkup: DecimalText })
  | (OnInput & { readonly amountOff: DecimalText; readonly currency: string })
  | (OnInput & { readonly amountMarkup: DecimalText; readonly currency: string })
  | { readonly price: DecimalText; readonly currency: string; readonly per?: DecimalText | undefined }
  | { readonly formula: string };

export type Effect = Change & AfterChange;

export type AppliedOn = "0_product_variant" | "1_product" | "2_product_category" | "3_global";

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
  /** Bounds of the goods value, in `currency`. */
  readonly minAmount?: DecimalText | undefined;
  readonly maxAmount?: DecimalText | undefined;
  readonly from?: DateText | undefined;
  readonly until?: DateText | undefined;
  readonly currency?: string | undefined;
  readonly effect: Effect;
  readonly exclusive?: boolean | undefined;
  /** Says what of the ERP's rule could not be told here: where the rule is applied there is no price. */
  readonly unsupported?: string | undefined;
  /** Raises the input before the change (ERPNext): a percentage, or an amount for one of the rule's unit. */
  readonly margin?:
    | { readonly percent: DecimalText }
    | { readonly amount: DecimalText; readonly currency: string }
    | undefined;
  /** SAP's name for what kind of price or discount it is. */
  readonly conditionType?: string | undefined;
  /** 1 to 20, higher first (ERPNext). */
  readonly priority?: number | undefined;
  readonly applyMultiplePricingRules?: boolean | undefined;
  readonly applyDiscountOnRate?: boolean | undefined;
  readonly appliedOn?: AppliedOn | undefined;
}

export type Scope = "customer" | "group" | "list" | "everyone";
export type RoundingMode = "half-up" | "half-even" | "down" | "up";

export const presetNames = [
  "tryton",
  "odoo",
  "erpnext",
  "business-central",
  "sap",
  "medusa",
  "commercetools",
  "oro",
] as const;

export type PresetName = (typeof presetNames)[number];

/** One of SAP's condition exclusion procedures. */
export type Exclusion =
  | { readonly procedure: "A" | "B" | "E" | "L"; readonly types: readonly string[] }
  | {
      readonly procedure: "C" | "D" | "F";
      readonly types: readonly string[];
      readonly against: readonly string[];
    };

export interface Policy {
  readonly type: "policy";
  readonly id: "default";
  readonly preset?: PresetName | undefined;
  readonly timeZone?: string | undefined;
  /** The company's own currency. */
  readonly currency?: string | undefined;
  readonly convert?: "none" | "rates" | undefined;
  /** The lists of customers that have none. */
  readonly defaultLists?: readonly string[] | undefined;
  readonly precedence?: readonly Scope[] | undefined;
  readonly choose?: "first" | "lowest" | undefined;
  readonly fallback?: "listPrice" | "none" | undefined;
  readonly rules?: "first" | "best" | "stack" | undefined;
  readonly exclusions?: readonly Exclusion[] | undefined;
  readonly rounding?:
    | {
        readonly unitPrice?:
          | { readonly places: number | "currency"; readonly mode: RoundingMode }
          | undefined;
        readonly line?:
          | {
              readonly mode: RoundingMode;
              /** By currency, the smallest amount of a line value where it isn't the minor unit. */
              readonly to?: Readonly<Record<string, DecimalText>> | undefined;
            }
          | undefined;
      }
    | undefined;
}

/** One unit of the first currency of the id, `EUR/USD` or `EUR/USD@…`, is `rate` units of the second. */
export interface Rate {
  readonly type: "rate";
  readonly id: string;
  readonly rate: DecimalText;
  readonly from: DateText;
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
  | Rate
  | Tax
  | TaxRule;
