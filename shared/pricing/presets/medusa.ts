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
  const fitting = point.contenders.bySource.flat().filter((candidate) => fits(candidate, point));
  const ofList = lowestOfMost(
    fitting.filter(({ list }) => list !== undefined),
    point,
  );
  if (ofList !== undefined && "unavailable" in ofList) return ofList;
  if (ofList?.candidate.list?.kind === "override") return ofList.found;
  const plain = lowestOfMost(
    fitting.filter(({ list }) => list === undefined),
    point,
  );
  if (plain !== undefined && "unavailable" in plain) return plain;
  if (ofList === undefined || plain === undefined) return (ofList ?? plain)?.found;
  return compare(each(plain), each(ofList)) < 0 ? plain.found : ofList.found;
}

/** The lowest of those with the most conditions. The others don't count, so it does not matter what they come to. */
function lowestOfMost(candidates: readonly Candidate[], point: Point): Priced | Unavailable | undefined {
  const most = Math.max(...candidates.map(conditionsOf));
  const best = candidates
    .filter((candidate) => conditionsOf(candidate) === most)
    .sort((a, b) => compareIds(a.price.id, b.price.id));
  let lowest: Priced | undefined;
  for (const candidate of best) {
    const found: BasePrice | Unavailable = asBasePrice(candidate, point);
    if ("unavailable" in found) return found;
    const priced = { candidate, found };
    if (lowest === undefined || compare(each(priced), each(lowest)) < 0) lowest = priced;
  }
  return lowest;
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
