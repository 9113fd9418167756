import type { Fraction } from "../fraction.ts";
import type { Step } from "../question.ts";
import type { DecimalText, Price, Rule } from "../records.ts";

/** A price on the way, by what one base unit costs. */
export interface Running {
  readonly each: Fraction;
  readonly per: DecimalText;
}

export interface Told {
  readonly step: Step["step"];
  readonly record?: string;
  readonly each: Fraction;
}

export interface Base extends Running {
  readonly allowDiscount: boolean;
  readonly told: readonly Told[];
  /** None when it is the product's list price. */
  readonly price?: Price;
}

export interface After extends Running {
  /** Whether `min` or `max` made it what it is. */
  readonly isHeld: boolean;
}

/** A rule with the price after it. */
export interface Applied {
  readonly rule: Rule;
  readonly after: After;
}
