import type { PricingRecord } from "../../shared/pricing/records.ts";

/** A record as a line of a feed has it; decimals and dates are texts, as in what ERPs push. */
export type FeedRecord =
  | (PricingRecord & { readonly rev?: string | number | undefined })
  | { readonly type: PricingRecord["type"]; readonly id: string; readonly op: "delete" };

/** What a connector made of an ERP's payload. What it could not make a record of is named, never dropped. */
export interface Translation {
  readonly records: readonly FeedRecord[];
  readonly problems: readonly ConnectorProblem[];
}

export interface ConnectorProblem {
  /** Where in the payload: a JSON pointer, a line, or the ERP's own key. */
  readonly source: string;
  readonly code: string;
  readonly message: string;
}
