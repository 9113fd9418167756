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
  readonly step: "price" | "listPrice" | "tax" | "rule" | "rounding";
  /** `type/id` of the record that made the step; `tax` and `rounding` have none. */
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
  | "tax_unknown"
  | "negative_result";

export interface Unavailable {
  readonly unavailable: UnavailableCode;
}

export type Answer = (Priced & { readonly unit: string; readonly lineTotal: DecimalText }) | Unavailable;
