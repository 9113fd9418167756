import { compare } from "../../fraction.ts";
import type { Price } from "../../records.ts";
import { isFitting, isOfView, startOf } from "../fitting.ts";
import type { Base } from "../base.ts";
import { enteringPrice } from "../entering-price.ts";
import type { Line } from "../line.ts";
import { distinct, valuesOf } from "../matching.ts";
import type { View } from "../view.ts";

/** The lowest price of the most specific level, each group, channel and country having one. */
export function mostSpecific(line: Line, view: View): Base | undefined {
  const fitting = line.asked
    .all("price")
    .filter((price) => isFitting(price, line, view) && isOfView(price, view));
  const top = Math.min(...fitting.map(levelOf));
  const level = fitting.filter((price) => levelOf(price) === top);
  const dated = level.filter((price) => isDated(price, line));
  const [lowest] = onePerScope(dated.length > 0 ? dated : level, line)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((price) => enteringPrice(price, line))
    .sort((a, b) => compare(a.each, b.each));
  return lowest;
}

/** From 0, a customer's own, by group, channel and country down to 8, none of them. */
function levelOf(price: Price): number {
  if (price.customer !== undefined) return 0;
  const hasGroup = (price.group ?? price.who?.groups) !== undefined;
  const hasChannel = price.who?.channels !== undefined;
  const hasCountry = countriesOf(price) !== undefined;
  return 8 - (hasGroup ? 4 : 0) - (hasChannel ? 2 : 0) - (hasCountry ? 1 : 0);
}

function countriesOf({ who }: Price): readonly string[] | undefined {
  return valuesOf(who?.attributes, "country");
}

function isDated(price: Price, { asked }: Line): boolean {
  const { from, until } = asked.period(price);
  return from !== -Infinity || until !== Infinity;
}

function onePerScope(prices: readonly Price[], line: Line): Price[] {
  const scopes = distinct(prices.map(scopeOf));
  const winners = scopes.map((scope) =>
    prices
      .filter((price) => scopeOf(price) === scope)
      .toSorted((a, b) => compare(startOf(b, line), startOf(a, line)) || (a.id < b.id ? -1 : 1))
      .at(0),
  );
  return distinct(winners.filter((price) => price !== undefined));
}

/** The group, channel and country that a price names. */
function scopeOf({ customer, group, who }: Price): string {
  return JSON.stringify([customer, group ?? who?.groups, who?.channels, who?.attributes?.["country"]]);
}
