import { compare, divide, fractionText, one, parseDecimal } from "../../../shared/pricing/fraction.ts";
import type { Rate } from "../../../shared/pricing/records.ts";
import { formatDecimal, round } from "../../../shared/pricing/rounding.ts";
import type { CompanyRows } from "./company-rows.ts";
import { grouped, type Names } from "./names.ts";
import { date, decimal, idOf, reference, type Row } from "./row.ts";

/**
 * The exchange rates. Tryton gives each currency's against a common one, which is any with the rate 1; without such,
 * rates are against the company's own, rounded to 8 places.
 */
export function ratesOf({ rows, company }: CompanyRows, names: Names): Rate[] {
  const byCurrency = grouped(rows["currency.currency.rate"], "currency");
  const own = rows["company.company"].find((row) => idOf(row) === company);
  const companyCurrency = (own === undefined ? undefined : reference(own, "currency")) ?? "";
  const isPivot = (id: string) =>
    byCurrency.get(id)?.every((row) => compare(parseDecimal(decimal(row, "rate") ?? "0"), one) === 0) ??
    false;
  const pivot = isPivot(companyCurrency) ? companyCurrency : [...byCurrency.keys()].find(isPivot);
  const base = pivot ?? companyCurrency;
  return [...byCurrency].flatMap(([currency, dated]) =>
    currency === base
      ? []
      : dated.flatMap((row): Rate[] => {
          const [from, rate] = [date(row, "date"), decimal(row, "rate")];
          if (from === undefined || rate === undefined) return [];
          const ofBase = pivot === undefined ? rateAt(byCurrency.get(base) ?? [], from) : "1";
          const pair = `${names.currency(base)}/${names.currency(currency)}`;
          return [{ type: "rate", id: `${pair}@${from}`, rate: against(rate, ofBase), from }];
        }),
  );
}

function rateAt(rows: readonly Row[], day: string): string {
  const until = rows
    .filter((row) => (date(row, "date") ?? "") <= day)
    .toSorted((a, b) => ((date(a, "date") ?? "") < (date(b, "date") ?? "") ? 1 : -1));
  return (until[0] === undefined ? undefined : decimal(until[0], "rate")) ?? "1";
}

const places = 8;

function against(rate: string, base: string): string {
  if (base === "1") return fractionText(parseDecimal(rate));
  return formatDecimal(round(divide(parseDecimal(rate), parseDecimal(base)), places, "half-even"), places, 0);
}
