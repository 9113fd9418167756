import type { AmountPer, Customer, DateText, DecimalText } from "../pricing/records.ts";

/** The records that quotes read besides those that pricing reads, as they are stored. */

/** Somebody who acts for the company. */
export interface Person {
  readonly type: "person";
  readonly id: string;
  readonly name: string;
  /** By which the person is found who signs in through Cloudflare Access. */
  readonly email?: string | undefined;
  /** Words of the approval policies, such as `sales-director`. */
  readonly roles?: readonly string[] | undefined;
  /** What the person may approve at most; absent: anything. */
  readonly limit?: PersonLimit | undefined;
  readonly absences?: readonly Absence[] | undefined;
}

export interface PersonLimit {
  readonly total?: Money | undefined;
  readonly discountPercent?: DecimalText | undefined;
}

export type Money = Pick<AmountPer, "amount" | "currency">;

/** While somebody is away, `to` stands in. Days are local ones, and the last day belongs to the absence. */
export interface Absence {
  readonly from: DateText;
  readonly until: DateText;
  readonly to: string;
}

/** A customer with what only quotes read of it. */
export interface Account extends Customer {
  /** Who of the company looks after it, in which role. */
  readonly team?: readonly TeamMember[] | undefined;
  readonly paymentTerms?: string | undefined;
}

export interface TeamMember {
  readonly person: string;
  readonly role: string;
}

/** What a quote says of the company that makes it. */
export interface CompanyProfile {
  readonly type: "company";
  readonly id: "default";
  readonly name: string;
  readonly address?: readonly string[] | undefined;
  readonly contact?: string | undefined;
  readonly taxId?: string | undefined;
  /** What every quote says at its foot. */
  readonly terms?: string | undefined;
  /** In which totals are compared with people's limits; absent: each quote's own. */
  readonly referenceCurrency?: string | undefined;
}

/** One row of the approval matrix: when it asks, and whom. */
export interface ApprovalPolicy {
  readonly type: "approvalPolicy";
  readonly id: string;
  readonly name?: string | undefined;
  /** All of these must hold; with none the row always asks. */
  readonly when: ApprovalConditions;
  /** Lower tiers are asked first. */
  readonly tier: number;
  /** All of these are needed. */
  readonly needs: readonly ApprovalNeed[];
  readonly remindAfterHours?: number | undefined;
  readonly escalateAfterHours?: number | undefined;
  /** Absent: the role `admin`. */
  readonly escalateTo?: { readonly role: string } | { readonly person: string } | undefined;
  readonly from?: DateText | undefined;
  readonly until?: DateText | undefined;
}

export interface ApprovalConditions {
  /** Percent, of the whole quote. */
  readonly discountAbove?: DecimalText | undefined;
  readonly marginBelow?: DecimalText | undefined;
  readonly totalAbove?: Money | undefined;
  readonly paymentTerms?: readonly string[] | undefined;
  /** With the groups below them. */
  readonly customerGroups?: readonly string[] | undefined;
  /** What follows must hold of one and the same item. */
  readonly lineDiscountAbove?: DecimalText | undefined;
  readonly lineMarginBelow?: DecimalText | undefined;
  /** With the categories below them. */
  readonly categories?: readonly string[] | undefined;
  readonly priceOlderThanDays?: number | undefined;
}

/** So many of these, or all of them. */
export interface ApprovalNeed {
  /** Absent: one. */
  readonly atLeast?: number | "all" | undefined;
  readonly of: readonly Asked[];
}

/** Somebody with a role, one person, or the members of the customer's account team that have a role there. */
export type Asked = { readonly role: string } | { readonly person: string } | { readonly team: string };

/** Every record that quotes read and pricing does not. */
export type QuotingRecord = Person | CompanyProfile | ApprovalPolicy;
