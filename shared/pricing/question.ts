import type { Instant } from "./instant.ts";
import type { DecimalText } from "./records.ts";

/** What one unit-price question is about; the customer and its channel are the context it is asked in. */
export interface Question {
  readonly customer: string;
  readonly channel?: string | undefined;
  readonly sku: string;
  readonly quantity: DecimalText;
  /** Default: the product's base unit. */
  readonly unit?: string | undefined;
  readonly currency: string;
  readonly at: Instant;
}

/** One step on the way to a unit price. */
export interface Step {
  readonly step: "price" | "listPrice" | "tax" | "rule" | "currency" | "rounding";
  /** `type/id` of the record that made the step; `tax`, `currency` and `rounding` have none. */
  readonly record?: string | undefined;
  /** The price after the step, for the answer's `per` of the asked unit; beyond 8 places it is rounded half up. */
  readonly amount: DecimalText;
}

export interface Priced {
  /** For `per` of the asked unit, net of tax. */
  readonly unitPrice: DecimalText;
  readonly per: DecimalText;
  readonly explanation: readonly Step[];
}

/** A price for every quantity of a tier; where the line total does not follow from the unit price, `line` has it. */
export interface TierPrice extends Priced {
  readonly line?: LineValue;
  /** Each part of the quantity has the price of its own tier; the unit price here is the last part's. */
  readonly graduated?: true;
}

/** How a line total is worked out for a quantity. Rates are fractions, for one of the asked unit. */
export type LineValue =
  | {
      readonly kind: "conditions";
      readonly steps: readonly ConditionStep[];
      /** Whether the unit price is the total for one unit, and not what it was before. */
      readonly averages: boolean;
    }
  | {
      readonly kind: "discount";
      /** For the answer's `per`, as the percentage is taken off. */
      readonly unitPrice: DecimalText;
      readonly percentOff: DecimalText;
    }
  | { readonly kind: "parts"; readonly parts: readonly GraduatedPart[] };

export type ConditionStep =
  | { readonly rate: FractionText }
  /** Of a graduated price: the rate of what lies above each `from`, in base units, up to the next one. */
  | { readonly parts: readonly { readonly from: FractionText; readonly rate: FractionText }[] }
  | { readonly percent: DecimalText; readonly of: "running" | "base" }
  | { readonly amount: FractionText };

/** What lies above `from`, in base units, up to the next part. */
export interface GraduatedPart {
  readonly from: FractionText;
  readonly unitPrice: DecimalText;
  readonly per: DecimalText;
}

/** A decimal, or `numerator/denominator`. */
export type FractionText = string;

/** Why there is no price; the order in which reasons are looked for is the order here. */
export type UnavailableCode =
  | "unknown_customer"
  | "customer_blocked"
  | "unknown_sku"
  | "discontinued"
  | "unit_unknown"
  | "below_minimum"
  | "not_a_multiple"
  | "no_price"
  | "no_rate"
  | "tax_unknown"
  | "rule_conflict"
  | "rule_error"
  | "negative_result"
  | "too_many_tiers";

export interface Unavailable {
  readonly unavailable: UnavailableCode;
}

export type Answer = (Priced & { readonly unit: string; readonly lineTotal: DecimalText }) | Unavailable;
