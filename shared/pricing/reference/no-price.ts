import type { UnavailableCode } from "../question.ts";

/** Ends the search at the first reason that it meets; `reference-price.ts` makes it the answer. */
export class NoPrice extends Error {
  readonly reason: UnavailableCode;

  constructor(reason: UnavailableCode) {
    super(`There is no price: ${reason}`);
    this.reason = reason;
  }
}
