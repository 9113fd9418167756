import { exactRates, type Exchange } from "../exact-rates.ts";
import { Fault, isZero } from "../cell.ts";
import type { Made } from "../made.ts";
import type { Row } from "../rows.ts";
import type { CurrencyRate } from "./models.ts";

/**
 * One unit of the company's currency is `rate` of another; where that is the float of a fraction, its inverse may
 * be what was entered. When one rate of a currency can't be taken none is: an older one would stay in force.
 */
export function* currencyRates(rows: readonly Row<CurrencyRate>[], company: string): Generator<Made> {
  const exchanges: Exchange[] = [];
  const own = rows.filter(({ value }) => value.currency_id?.name === company && value.rate !== "1");
  for (const [currency, dated] of Map.groupBy(rows, ({ value }) => value.currency_id?.name)) {
    if (currency === company && own.length === 0) continue;
    const read = dated.map((row) =>
      own.length > 0
        ? new Fault("company_rate", `${company} has a rate of its own, by which all others are divided`)
        : exchangeOf(row, currency, company),
    );
    const [fault] = read.filter((one) => one instanceof Fault);
    if (fault === undefined) exchanges.push(...read.flatMap((one) => (one instanceof Fault ? [] : [one])));
    else yield* dated.map(({ source }) => ({ source, code: fault.code, message: fault.message }));
  }
  yield* exactRates(exchanges);
}

function exchangeOf(
  { source, value }: Row<CurrencyRate>,
  currency: string | undefined,
  company: string,
): Exchange | Fault {
  const { name: from, rate, inverse_company_rate: inverse } = value;
  if (currency === undefined || from === undefined)
    return new Fault("missing_field", "A rate has no currency or no date");
  if (rate !== undefined && !isZero(rate))
    return { source, from, currency: company, amount: "1", other: currency, otherAmount: rate };
  if (inverse !== undefined && !isZero(inverse))
    return { source, from, currency, amount: "1", other: company, otherAmount: inverse };
  return new Fault(
    "rate_not_exact",
    `Neither a rate of ${currency} nor its inverse has an end within 8 places`,
  );
}
