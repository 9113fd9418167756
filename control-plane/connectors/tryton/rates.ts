import { compare, divide, fractionText, one, parseDecimal } from "../../../shared/pricing/fraction.ts";
import { isCurrency } from "../../../shared/pricing/currency.ts";
import type { Rate } from "../../../shared/pricing/records.ts";
import { formatDecimal, round } from "../../../shared/pricing/rounding.ts";
import type { ConnectorProblem } from "../translation.ts";
import type { CompanyRows } from "./company-rows.ts";
import { grouped, type Names } from "./names.ts";
import { date, decimal, idOf, reference, type Row } from "./row.ts";

/**
 * The exchange rates. Tryton gives each currency's against a common one, which is any with the rate 1; without such,
 * rates are against the company's own, rounded to 8 places.
 */
export function ratesOf({ rows, company }: CompanyRows, names: Names, problems: ConnectorProblem[]): Rate[] {
  const byCurrency = grouped(rows["currency.currency.rate"], "currency");
  const own = rows["company.company"].find((row) => idOf(row) === company);
  const companyCurrency = (own === undefined ? undefined : reference(own, "currency")) ?? "";
  const isPivot = (id: string) =>
    byCurrency.get(id)?.every((row) => compare(parseDecimal(decimal(row, "rate") ?? "0"), one) === 0) ??
    false;
  const pivot = isPivot(companyCurrency) ? companyCurrency : [...byCurrency.keys()].find(isPivot);
  const base = pivot ?? companyCurrency;
  return [...byCurrency].flatMap(([currency, dated]) => {
    if (currency === base) return [];
    const [code, baseCode] = [names.currency(currency), names.currency(base)];
    if (!isCurrency(code) || !isCurrency(baseCode)) {
      const message = `${isCurrency(code) ? baseCode : code} is no active currency: there are no rates for it`;
      problems.push({ source: `currency.currency,${currency}`, code: "unsupported_currency", message });
      return [];
    }
    // Without a common currency a rate changes when either of its two does.
    const ofBase = pivot === undefined ? (byCurrency.get(base) ?? []) : [];
    const days = new Set([...dated, ...ofBase].flatMap((row) => date(row, "date") ?? []));
    return [...days].sort().flatMap((from): Rate[] => {
      const [rate, baseRate] = [rateAt(dated, from), pivot === undefined ? rateAt(ofBase, from) : "1"];
      if (rate === undefined || baseRate === undefined) return [];
      return [{ type: "rate", id: `${baseCode}/${code}@${from}`, rate: against(rate, baseRate), from }];
    });
  });
}

/** The rate in force on a day. */
function rateAt(rows: readonly Row[], day: string): string | undefined {
  const [latest] = rows
    .filter((row) => (date(row, "date") ?? "") <= day)
    .toSorted((a, b) => ((date(a, "date") ?? "") < (date(b, "date") ?? "") ? 1 : -1));
  return latest === undefined ? undefined : decimal(latest, "rate");
}

const places = 8;

function against(rate: string, base: string): string {
  if (base === "1") return fractionText(parseDecimal(rate));
  return formatDecimal(round(divide(parseDecimal(rate), parseDecimal(base)), places, "half-even"), places, 0);
}
