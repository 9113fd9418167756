import { asBasePrice, fits, type BasePrice, type Point } from "../base-price.ts";
import type { Candidate } from "../candidate.ts";
import type { ChoosePrice } from "../choose-price.ts";
import { compareIds } from "../compare-ids.ts";
import { compare, zero } from "../fraction.ts";
import type { Preset } from "../full-policy.ts";

/**
 * commercetools' price selection.
 *
 * A price may name a customer group, a channel and a country. The first level that has an eligible price counts,
 * from all three down to none, the group weighing more than the channel and that more than the country; it is
 * neither the cheapest nor the newest. Within it prices with dates come before those without, and of several groups
 * the lower price counts. The highest tier that is reached replaces the price for the whole line. One product
 * discount applies, the first by `rank` (the highest sortOrder). Discounted amounts round half even.
 *
 * Source: docs.commercetools.com, price selection. How dates and scopes interleave is not said there: here scope
 * comes first.
 */
export const commercetools: Preset = {
  sets: {
    fallback: "none",
    choosePrice: mostSpecific,
    unitPrice: { places: "currency", mode: "half-even" },
    lineRounding: { mode: "half-even" },
  },
};

function mostSpecific(point: Point): ReturnType<ChoosePrice> {
  const fitting = point.contenders.bySource.flat().filter((candidate) => fits(candidate, point));
  const level = Math.max(...fitting.map(levelOf));
  const ofLevel = fitting.filter((candidate) => levelOf(candidate) === level);
  const dated = ofLevel.filter(({ period }) => period.from !== -Infinity || period.until !== Infinity);
  const reached = [...Map.groupBy(dated.length > 0 ? dated : ofLevel, scopeKey).values()].flatMap(
    (tiers) => tiers.sort(compareTiers)[0] ?? [],
  );
  let best: BasePrice | undefined;
  for (const candidate of reached.sort((a, b) => compareIds(a.price.id, b.price.id))) {
    const found = asBasePrice(candidate, point);
    if ("unavailable" in found) return found;
    if (best === undefined || compare(found.price.perBaseUnit, best.price.perBaseUnit) < 0) best = found;
  }
  return best;
}

/** The larger the more specific. */
function levelOf({ price, scope }: Candidate): number {
  if (scope === "customer") return 8;
  const { who } = price;
  const hasGroup = scope === "group" || who?.groups !== undefined;
  return (
    Number(hasGroup) * 4 +
    Number(who?.channels !== undefined) * 2 +
    Number(who?.attributes?.["country"] !== undefined)
  );
}

/** Whom a price is for: its tiers have the same. */
function scopeKey({ price: { customer, group, who } }: Candidate): string {
  return JSON.stringify([customer, group ?? who?.groups, who?.channels, who?.attributes?.["country"]]);
}

function compareTiers(a: Candidate, b: Candidate): number {
  return compare(b.band.min ?? zero, a.band.min ?? zero) || compareIds(a.price.id, b.price.id);
}
