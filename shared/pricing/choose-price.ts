import { asBasePrice, bestFitting, type BasePrice, type Point } from "./base-price.ts";
import { compare } from "./fraction.ts";
import type { Unavailable } from "./question.ts";

/** Finds the base price among the candidates, or says why it can't be told; undefined when none fits. */
export type ChoosePrice = (point: Point) => BasePrice | Unavailable | undefined;

/** The best price of the first source that has one. */
export const firstSource: ChoosePrice = (point) =>
  point.contenders.chosen.at(point, () => bestOfFirstSource(point));

function bestOfFirstSource(point: Point): ReturnType<ChoosePrice> {
  for (const candidates of point.contenders.bySource) {
    const candidate = bestFitting(candidates, point);
    if (candidate !== undefined) return asBasePrice(candidate, point);
  }
  return undefined;
}

/** The lowest of the sources' best prices; among equals the first. */
export const lowestSource: ChoosePrice = (point) =>
  point.contenders.chosen.at(point, () => lowestOfSources(point));

function lowestOfSources(point: Point): ReturnType<ChoosePrice> {
  let lowest: BasePrice | undefined;
  for (const candidates of point.contenders.bySource) {
    const candidate = bestFitting(candidates, point);
    if (candidate === undefined) continue;
    const found = asBasePrice(candidate, point);
    if ("unavailable" in found) return found;
    if (lowest === undefined || compare(found.price.perBaseUnit, lowest.price.perBaseUnit) < 0)
      lowest = found;
  }
  return lowest;
}
