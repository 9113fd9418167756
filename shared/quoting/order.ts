import type { DecimalText } from "../pricing/records.ts";
import type { Contact } from "./quote.ts";

/** An accepted quote as the ERP will book it. */
export interface QuotedOrder {
  /** Ours; the ERP keeps it as the order's external reference, so that it can be found again. */
  readonly id: string;
  readonly quote: string;
  readonly customer: string;
  readonly currency: string;
  readonly acceptedAt: string;
  readonly purchaseOrder?: string;
  readonly contact?: Contact;
  readonly paymentTerms?: string;
  readonly lines: readonly OrderLine[];
  readonly total: DecimalText;
  /** Of the quote's content that was approved and accepted. */
  readonly contentHash: string;
}

export interface OrderLine {
  readonly line: string;
  readonly sku: string;
  readonly quantity: DecimalText;
  readonly unit: string;
  readonly unitPrice: DecimalText;
  readonly per: DecimalText;
  readonly lineTotal: DecimalText;
}

/**
 * Who books orders. `place` may fail after the order was booked (a time-out tells nothing): it is then looked for
 * with `find` by our id before it is placed again, never placed blindly.
 */
export interface OrderTaker {
  place(order: QuotedOrder): Promise<Placed>;
  /** The ERP's number of the order with this id of ours. */
  find(order: string): Promise<string | undefined>;
}

export type Placed =
  | { readonly kind: "placed"; readonly erpOrder: string }
  /** The ERP will never take it like this: a person has to look. */
  | { readonly kind: "refused"; readonly problem: string };
