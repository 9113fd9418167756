import { asBasePrice, isOpenAt, type Point } from "../base-price.ts";
import type { Candidate } from "../candidate.ts";
import type { ChoosePrice } from "../choose-price.ts";
import { compareIds } from "../compare-ids.ts";
import { compare, fractionText, zero, type Fraction } from "../fraction.ts";
import type { Preset } from "../full-policy.ts";

/**
 * OroCommerce's combined price lists.
 *
 * The customer's lists, then its group's, then everyone's, are combined by slots of unit and quantity: the minimal
 * price of each slot (the default), or by priority, where a list that may not merge takes a product whole or not at
 * all. The tier with the largest quantity that is reached counts, in the asked unit only; tiers are not compared.
 *
 * Source: oroinc/orocommerce, PricingBundle: PriceListCollectionProvider, MinimalPricesCombiningStrategy,
 * MergePricesCombiningStrategy, PriceByMatchingCriteria. Price rules that generate a list's prices are Oro's own
 * work: their results are sent as prices.
 */
export const oro: Preset = {
  sets: {
    lists: "cascade",
    precedence: ["list"],
    currenciesApart: false,
    leastQuantity: "one",
    fallback: "none",
    choosePrice: (point) => priceOfSlot(lowestSlots(point), point),
  },
  open: ["choose"],
  choose: {
    lowest: (point) => priceOfSlot(lowestSlots(point), point),
    first: (point) => priceOfSlot(mergedSlots(point), point),
  },
};

type Slots = ReadonlyMap<string, Candidate>;

/** In each slot the lowest amount over all lists; among equals of the first list, then with the smaller id. */
function lowestSlots(point: Point): Slots {
  const slots = new Map<string, Candidate>();
  for (const candidate of point.contenders.bySource.flatMap((list) => openOf(list, point))) {
    const best = slots.get(slotOf(candidate));
    if (best === undefined || compare(each(candidate), each(best)) < 0)
      slots.set(slotOf(candidate), candidate);
  }
  return slots;
}

/** List by list: into empty slots, or whole into a product that has no price yet. */
function mergedSlots(point: Point): Slots {
  const slots = new Map<string, Candidate>();
  let isClosed = false;
  for (const list of point.contenders.bySource) {
    const open = openOf(list, point);
    const [first] = open;
    if (first === undefined || isClosed) continue;
    if (first.list?.merge === false) {
      if (slots.size > 0) continue;
      isClosed = true;
    }
    for (const candidate of open) if (!slots.has(slotOf(candidate))) slots.set(slotOf(candidate), candidate);
  }
  return slots;
}

function openOf(list: readonly Candidate[], point: Point): readonly Candidate[] {
  return list
    .filter((candidate) => isOpenAt(candidate, point))
    .toSorted((a, b) => compareIds(a.price.id, b.price.id));
}

/** A currency, a unit and a quantity in it. */
function slotOf(candidate: Candidate): string {
  return JSON.stringify([candidate.price.currency, candidate.unit, fractionText(candidate.band.min ?? zero)]);
}

function each({ amount, per }: Candidate): Fraction {
  return { numerator: amount.numerator * per.denominator, denominator: amount.denominator * per.numerator };
}

function priceOfSlot(slots: Slots, point: Point): ReturnType<ChoosePrice> {
  let reached: Candidate | undefined;
  for (const candidate of slots.values()) {
    const from = candidate.band.min ?? zero;
    if (candidate.unit !== point.unit || candidate.price.currency !== point.contenders.currency) continue;
    if (compare(point.quantity.value, from) < 0) continue;
    if (reached === undefined || compare(from, reached.band.min ?? zero) > 0) reached = candidate;
  }
  return reached === undefined ? undefined : asBasePrice(reached, point);
}
