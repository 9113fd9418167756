import { divide, fractionText, parseDecimal } from "../../shared/pricing/fraction.ts";
import type { Made } from "./made.ts";

/** From a day on, `amount` of one currency is worth `otherAmount` of another. Amounts are above zero. */
export interface Exchange {
  readonly source: string;
  readonly from: string;
  readonly currency: string;
  readonly amount: string;
  readonly other: string;
  readonly otherAmount: string;
}

const placesMax = 8;

/**
 * Rate records. A rate is a decimal, so of `1 USD = 0.9 EUR` only one direction may have an end; one is chosen for
 * all dates of a pair, since a rate of the other direction would not replace an older one of this.
 */
export function* exactRates(exchanges: readonly Exchange[]): Generator<Made> {
  const byPair = Map.groupBy(exchanges, ({ currency, other }) => [currency, other].toSorted().join("/"));
  for (const [pair, dated] of byPair) {
    const [first, second] = pair.split("/");
    if (first === undefined || second === undefined) continue;
    const records = inDirection(first, second, dated) ?? inDirection(second, first, dated);
    if (records !== undefined) yield* records;
    else {
      const message = `The rates of ${pair} have no end within ${placesMax} places in either direction`;
      for (const { source } of dated) yield { source, code: "rate_not_exact", message };
    }
  }
}

function inDirection(one: string, other: string, dated: readonly Exchange[]): Made[] | undefined {
  const made = dated.map((exchange): Made | undefined => {
    const [own, worth] =
      exchange.currency === one
        ? [exchange.amount, exchange.otherAmount]
        : [exchange.otherAmount, exchange.amount];
    const rate = fractionText(divide(parseDecimal(worth), parseDecimal(own)));
    if (rate.includes("/") || (rate.split(".")[1]?.length ?? 0) > placesMax) return undefined;
    const id = `${one}/${other}@${exchange.from}`;
    return { source: exchange.source, record: { type: "rate", id, rate, from: exchange.from } };
  });
  return made.includes(undefined) ? undefined : made.filter((rate) => rate !== undefined);
}
