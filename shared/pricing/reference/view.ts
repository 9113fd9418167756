import type { PriceList, Rule, Who } from "../records.ts";

/** Whose prices and rules are looked at: the customer's, or those that one list has for anyone. */
export interface View {
  readonly accounts: readonly string[];
  readonly groups: readonly string[];
  /** Those in force, in order. */
  readonly lists: readonly PriceList[];
  /** Whether prices that are for everyone count. */
  readonly everyone: boolean;
  /** Whether the product's list price stands in where no price fits. */
  readonly takesListPrice: boolean;
  /** The lists that are being asked what they say, outermost first. */
  readonly needed: readonly string[];
  matches(who: Who | undefined): boolean;
  hasRule(rule: Rule): boolean;
}
