import type { DateText, DecimalText } from "../../../shared/pricing/records.ts";
import type { KeyField } from "./key-fields.ts";

/** One validity period of one condition record, whichever way it came. Empty texts are what SAP calls initial. */
export interface Condition {
  readonly source: string;
  readonly key: ConditionKey;
  /** Its first and last day; undefined is open. */
  readonly from: DateText | undefined;
  readonly until: DateText | undefined;
  /** Deleted or not released: pricing in SAP passes it over. */
  readonly isPassedOver: boolean;
  readonly calculationType: string;
  /** Below zero for what is taken off. */
  readonly rate: DecimalText;
  /** A currency, or `%`. */
  readonly rateUnit: string;
  /** The quantity that the rate is for; undefined is 1. */
  readonly quantity: DecimalText | undefined;
  readonly quantityUnit: string;
  readonly scale: Scale;
  /** SAP's condition exclusion indicator. */
  readonly exclusion: string;
  /** The fields that limit how often, for how much or from what on it is given. */
  readonly limits: readonly string[];
  readonly hasSupplements: boolean;
}

/** What the condition record is found by: its type, its table and the table's fields. */
export interface ConditionKey {
  readonly application: string;
  readonly type: string;
  readonly table: string;
  readonly fields: ReadonlyMap<KeyField, string>;
  /** Key fields that are set and that we have no word for. */
  readonly unread: readonly string[];
}

export interface Scale {
  /** `A` or empty: from; `B`: to; `D`: graduated to interval. */
  readonly type: string;
  /** `B`: value; `C`: quantity; empty where the lines tell. */
  readonly basis: string;
  readonly unit: string;
  readonly currency: string;
  /** Whether the record says that it has lines. */
  readonly isExpected: boolean;
  /** Undefined when they were not in the payload. */
  readonly lines: readonly ScaleLine[] | undefined;
}

export interface ScaleLine {
  readonly quantity: DecimalText | undefined;
  readonly amount: DecimalText | undefined;
  readonly rate: DecimalText;
  /** Empty where the line has no unit of its own. */
  readonly rateUnit: string;
}
