import { applyRules } from "./apply-rules.ts";
import { asBasePrice, bestFitting, listPrice, type BasePrice, type Point } from "./base-price.ts";
import type { Fraction } from "./fraction.ts";
import { isInForce } from "./period.ts";
import type { Unavailable } from "./question.ts";

const ruleError: Unavailable = { unavailable: "rule_error" };

/** What a list by itself says that a base unit of the product costs. */
export function whatListSays(id: string, base: BasePrice | undefined, point: Point): Fraction | Unavailable {
  const contenders = point.contenders.ofList(id);
  if (contenders === undefined) return ruleError;
  const { listSays } = contenders.company.policy;
  const asked: Point = { ...point, contenders };
  const list = contenders.company.lists.get(id);
  if (listSays === "ownPrice" && (list === undefined || !isInForce(list.period, point.at))) return ruleError;
  const own = listSays === "onBase" ? base : ownPrice(asked);
  if (own !== undefined && "unavailable" in own) return own;
  const applied = applyRules(asked, own, own);
  if ("unavailable" in applied) return applied;
  return applied.at(-1)?.price.perBaseUnit ?? own?.price.perBaseUnit ?? ruleError;
}

/** A list's own price for the product, or else the product's list price. */
export function ownPrice(point: Point): BasePrice | Unavailable | undefined {
  const best = bestFitting(point.contenders.bySource.flat(), point);
  return best === undefined ? listPrice(point) : asBasePrice(best, point);
}
