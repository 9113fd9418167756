import type { Company, ListInForce } from "./company.ts";
import { parseDecimal, type Fraction } from "./fraction.ts";
import type { Period } from "./period.ts";
import { periodOf } from "./period.ts";
import type { UnitWorth } from "./product-units.ts";
import { bandOf, type QuantityBand } from "./quantity-band.ts";
import type { Price, Scope, Who } from "./records.ts";

/** A price that may be the base price of a product. */
export interface Candidate {
  readonly price: Price;
  readonly record: string;
  readonly scope: Scope;
  /** Its own unit, or the base unit if it names none. */
  readonly unit: string;
  readonly worth: UnitWorth;
  readonly amount: Fraction;
  readonly per: Fraction;
  readonly list: ListInForce | undefined;
  readonly period: Period;
  /** In base units. */
  readonly band: QuantityBand;
}

/** Whose prices are asked, in order; `matches` narrows each by its own `who`. */
export interface PriceSources {
  readonly accountChain: readonly string[];
  readonly groupChain: readonly string[];
  readonly listChain: readonly string[];
  readonly matches: (who: Who | undefined) => boolean;
}

/**
 * One array a source, in the order of the policy's precedence, without what can never fit.
 * @param isLast whether no source after one with these candidates is ever asked
 */
export function candidatesBySource(
  prices: readonly Price[],
  sources: PriceSources,
  company: Company,
  units: ReadonlyMap<string, UnitWorth>,
  baseUnit: string,
  isLast: (candidates: readonly Candidate[]) => boolean,
): Candidate[][] {
  const pricesBySource = new Map<string, Price[]>();
  for (const price of prices) {
    if (!sources.matches(price.who)) continue;
    const source = sourceOf(price);
    const known = pricesBySource.get(source);
    if (known === undefined) pricesBySource.set(source, [price]);
    else known.push(price);
  }
  const bySource: Candidate[][] = [];
  for (const source of sourcesInOrder(sources, company)) {
    const candidates: Candidate[] = [];
    for (const price of pricesBySource.get(source) ?? []) {
      const candidate = candidateOf(price, company, units, baseUnit);
      if (candidate !== undefined) candidates.push(candidate);
    }
    if (candidates.length > 0) bySource.push(candidates);
    if (isLast(candidates)) break;
  }
  return bySource;
}

/** Undefined when the price's list is gone or the product does not know its unit. */
export function candidateOf(
  price: Price,
  company: Company,
  units: ReadonlyMap<string, UnitWorth>,
  baseUnit: string,
): Candidate | undefined {
  const unit = price.unit ?? baseUnit;
  const worth = units.get(unit);
  const list = price.list === undefined ? undefined : company.lists.get(price.list);
  if (worth === undefined || (price.list !== undefined && list === undefined)) return undefined;
  return {
    price,
    record: `price/${price.id}`,
    scope: scopeOf(price),
    unit,
    worth,
    amount: parseDecimal(price.amount),
    per: parseDecimal(price.per ?? "1"),
    list,
    period: periodOf(price, company.policy.timeZone),
    band: withLeast(bandOf(price, worth.worth), worth, company),
  };
}

/** Where a price without `minQuantity` counts from one of its unit. */
function withLeast(band: QuantityBand, { worth }: UnitWorth, { policy }: Company): QuantityBand {
  return band.min === undefined && policy.leastQuantity === "one" ? { ...band, min: worth } : band;
}

function scopeOf({ customer, group, list }: Price): Scope {
  if (customer !== undefined) return "customer";
  if (group !== undefined) return "group";
  return list === undefined ? "everyone" : "list";
}

function sourceOf(price: Price): string {
  if (price.customer !== undefined) return `customer/${price.customer}`;
  if (price.group !== undefined) return `group/${price.group}`;
  if (price.list !== undefined) return `list/${price.list}`;
  return "everyone";
}

function sourcesInOrder(sources: PriceSources, company: Company): string[] {
  return company.policy.precedence.flatMap((scope) => {
    switch (scope) {
      case "customer":
        return sources.accountChain.map((id) => `customer/${id}`);
      case "group":
        return sources.groupChain.map((id) => `group/${id}`);
      case "list":
        return sources.listChain.map((id) => `list/${id}`);
      case "everyone":
        return ["everyone"];
    }
  });
}
