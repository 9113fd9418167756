import type { DecimalText } from "../pricing/records.ts";
import type { Assessment, Authority } from "./approval.ts";

/**
 * What the edge asks the control plane about quotes. The control plane answers from the records as they were at a
 * snapshot's sequence, and lets no cost out: only margins, to be shown to internal readers.
 */
export interface QuoteDesk {
  describe(question: DescribeQuestion): Promise<Description | undefined>;
  assess(question: AssessQuestion): Promise<Assessment>;
  authority(question: AuthorityQuestion): Promise<Authority>;
}

export interface DescribeQuestion {
  readonly sequence: number;
  readonly customer: string;
  readonly skus: readonly string[];
}

/** What people read on a quote. */
export interface Description {
  readonly customerName: string;
  /** The customer's, as its record says. */
  readonly paymentTerms?: string;
  /** By SKU; one that is unknown is left out. */
  readonly productNames: Readonly<Record<string, string>>;
  readonly company: Letterhead;
}

/** The record `company`; without one the name is empty, and there is no address. */
export interface Letterhead {
  readonly name: string;
  readonly address: readonly string[];
  readonly contact?: string;
  readonly taxId?: string;
  /** What every quote says at its foot. */
  readonly terms?: string;
}

export interface AssessQuestion {
  readonly sequence: number;
  readonly customer: string;
  readonly currency: string;
  /** As the lines were priced in it: the age of a price is that of the price which counts there. */
  readonly channel?: string;
  /** RFC 3339. */
  readonly at: string;
  readonly paymentTerms?: string;
  readonly lines: readonly AssessedItem[];
}

/** An item of an offer: alternatives are assessed as well, and any of them can ask for an approval. */
export interface AssessedItem {
  readonly line: string;
  readonly item: string;
  readonly sku: string;
  readonly quantity: DecimalText;
  readonly unit: string;
  readonly per: DecimalText;
  readonly offeredPrice: DecimalText;
  readonly lineTotal: DecimalText;
  /** The customer's own price for it; absent where there is none. */
  readonly listedPrice?: DecimalText;
  /** For how many units that is, where it is not for `per` of them. */
  readonly listedPer?: DecimalText;
  readonly listedTotal?: DecimalText;
}

export interface AuthorityQuestion {
  /** The live snapshot's. */
  readonly sequence: number;
  /** The caller's: the id of a person, an e-mail of a sign-in, or `key:` and a key's id. */
  readonly person: string;
  /** Roles that come with the caller's key: what a key without a person has. */
  readonly roles: readonly string[];
  /** RFC 3339. */
  readonly at: string;
}
