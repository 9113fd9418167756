import { asBasePrice, fits, type BasePrice, type Point } from "../base-price.ts";
import type { Candidate } from "../candidate.ts";
import type { ChoosePrice } from "../choose-price.ts";
import { compareIds } from "../compare-ids.ts";
import { compare } from "../fraction.ts";
import type { Preset } from "../full-policy.ts";
import type { Unavailable } from "../question.ts";
import type { Who } from "../records.ts";

/**
 * Medusa's pricing module (2.0 and later, from November 2025).
 *
 * Every active price list counts for whom its rules match. Prices of lists come before others; then the one with
 * more matched rules (its own and its list's), then the lower amount: more specific beats cheaper. A list of the
 * type sale never makes a product dearer than its price without lists; one of the type override stands in for it.
 *
 * Source: medusajs/medusa, packages/modules/pricing, repositories/pricing.ts, services/pricing-module.ts.
 */
export const medusa: Preset = {
  sets: {
    lists: "matching",
    units: "exact",
    fallback: "none",
    choosePrice: mostConditions,
    unitPrice: { places: 8, mode: "half-even" },
  },
};

interface Priced {
  readonly candidate: Candidate;
  readonly found: BasePrice;
}

function mostConditions(point: Point): ReturnType<ChoosePrice> {
  const prices: Priced[] = [];
  for (const candidate of point.contenders.bySource.flat()) {
    if (!fits(candidate, point)) continue;
    const found: BasePrice | Unavailable = asBasePrice(candidate, point);
    if ("unavailable" in found) return found;
    prices.push({ candidate, found });
  }
  prices.sort(compareBySpecifics);
  const [best] = prices;
  if (best === undefined) return undefined;
  const { list } = best.candidate;
  const plain = prices.find(({ candidate }) => candidate.list === undefined);
  const isOffer = list !== undefined && list.kind !== "override";
  return isOffer && plain !== undefined && compare(each(plain), each(best)) < 0 ? plain.found : best.found;
}

function compareBySpecifics(a: Priced, b: Priced): number {
  return (
    Number(b.candidate.list !== undefined) - Number(a.candidate.list !== undefined) ||
    conditionsOf(b.candidate) - conditionsOf(a.candidate) ||
    compare(each(a), each(b)) ||
    compareIds(a.candidate.price.id, b.candidate.price.id)
  );
}

function each({ found }: Priced) {
  return found.price.perBaseUnit;
}

/** How many conditions a price and its list have. */
function conditionsOf({ price, list, scope }: Candidate): number {
  const byScope = scope === "customer" || scope === "group" ? 1 : 0;
  return byScope + keysOf(price.who) + keysOf(list?.who);
}

function keysOf({ customers, groups, channels, attributes }: Who = {}): number {
  const named = [customers, groups, channels].filter((ids) => ids !== undefined).length;
  return named + Object.keys(attributes ?? {}).length;
}
