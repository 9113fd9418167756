import { Fault } from "../cell.ts";
import { exactRates, type Exchange } from "../exact-rates.ts";
import type { Made } from "../made.ts";
import type { Row } from "../rows.ts";
import type { CurrencyExchangeRate } from "./tables.ts";

/**
 * `exchangeRateAmount` of a currency is worth `relationalExchangeRateAmount` of the local currency. When one row of
 * a currency can't be taken none is: an older rate would stay in force in its place.
 */
export function* exchangeRates(rows: readonly Row<CurrencyExchangeRate>[], local: string): Generator<Made> {
  const exchanges: Exchange[] = [];
  for (const [currency, dated] of Map.groupBy(rows, ({ value }) => value.currencyCode)) {
    const read = dated.map((row) => exchangeOf(row, local));
    const faults = read.filter((one) => one instanceof Fault);
    const [fault] = faults;
    if (fault === undefined) exchanges.push(...read.flatMap((one) => (one instanceof Fault ? [] : [one])));
    else {
      const message = `No rate of ${currency} is taken: ${fault.message}`;
      yield* dated.map(({ source }) => ({ source, code: fault.code, message }));
    }
  }
  yield* exactRates(exchanges);
}

function exchangeOf({ source, value }: Row<CurrencyExchangeRate>, local: string): Exchange | Fault {
  const { currencyCode, startingDate, relationalCurrencyCode } = value;
  const [amount, otherAmount] = [value.exchangeRateAmount, value.relationalExchangeRateAmount];
  if (relationalCurrencyCode !== "")
    return new Fault("relational_currency", `a rate is given by way of ${relationalCurrencyCode}`);
  if (amount === undefined || otherAmount === undefined)
    return new Fault("zero_rate", "an amount of a rate is zero");
  const from = startingDate ?? "1900-01-01";
  return { source, from, currency: currencyCode, amount, other: local, otherAmount };
}
