import type { BasePrice } from "./base-price.ts";
import type { Instant } from "./instant.ts";
import type { Quantity } from "./quantity-band.ts";
import type { Unavailable } from "./question.ts";

type Found = BasePrice | Unavailable | undefined;

interface Chosen {
  readonly at: Instant;
  readonly unit: string;
  readonly found: Found;
}

/**
 * The base prices that were chosen among one set of candidates: variants with other rules ask for the same ones, at
 * the same quantities.
 */
export class ChosenPrices {
  readonly #known = new Map<Quantity, Chosen[]>();

  /** @param choose must not look at rules */
  at(
    { at, unit, quantity }: { readonly at: Instant; readonly unit: string; readonly quantity: Quantity },
    choose: () => Found,
  ): Found {
    const ofQuantity = this.#known.get(quantity);
    for (const chosen of ofQuantity ?? []) {
      if (chosen.at === at && chosen.unit === unit) return chosen.found;
    }
    const chosen = { at, unit, found: choose() };
    if (ofQuantity === undefined) this.#known.set(quantity, [chosen]);
    else ofQuantity.push(chosen);
    return chosen.found;
  }
}
