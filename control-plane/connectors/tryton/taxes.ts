import { fractionText, hundred, multiply, parseDecimal } from "../../../shared/pricing/fraction.ts";
import type { Tax, TaxRule } from "../../../shared/pricing/records.ts";
import type { ConnectorProblem } from "../translation.ts";
import { compareLines } from "./line-order.ts";
import { grouped } from "./names.ts";
import { date, decimal, flag, idOf, reference, references, text, type Row } from "./row.ts";

/** The taxes in percent. Others can't be taken off a price beforehand, and are named. */
export function taxRecords(rows: readonly Row[], problems: ConnectorProblem[]): Tax[] {
  return rows.flatMap((row): Tax[] => {
    const rate = decimal(row, "rate");
    const source = `account.tax,${idOf(row)}`;
    if (references(row, "childs").length > 0 || flag(row, "update_unit_price")) {
      problems.push({ source, code: "unsupported_tax", message: "Taxes of taxes are not supported" });
      return [];
    }
    if (text(row, "type") !== "percentage" || rate === undefined || rate.startsWith("-")) {
      problems.push({ source, code: "unsupported_tax", message: "Only taxes in percent are supported" });
      return [];
    }
    const [from, until] = [date(row, "start_date"), date(row, "end_date")];
    return [
      {
        type: "tax",
        id: idOf(row),
        percent: fractionText(multiply(parseDecimal(rate), hundred)),
        ...(from === undefined ? {} : { from }),
        ...(until === undefined ? {} : { until }),
      },
    ];
  });
}

/** Stands in for what can't be told: no tax has this name, so that a gross price of such a customer is not known. */
const untold = "untold";

/** Which tax stands in for which: for each tax the first line that is for it; the first for any ends the rule. */
export function taxRuleRecords(
  rules: readonly Row[],
  lines: readonly Row[],
  taxes: readonly Row[],
  problems: ConnectorProblem[],
): TaxRule[] {
  const byRule = grouped(lines, "rule");
  // A line without a group is for taxes that have none.
  const ungrouped = taxes.filter((tax) => reference(tax, "group") === undefined).map(idOf);
  return rules.map((rule) => {
    const replace: { from?: string; to?: string }[] = [];
    const seen = new Set<string>();
    for (const line of (byRule.get(idOf(rule)) ?? []).toSorted(compareLines)) {
      const isTold = canBeTold(line);
      if (!isTold) {
        problems.push({
          source: `account.tax.rule.line,${idOf(line)}`,
          code: "unsupported_tax_rule",
          message: "Lines with dates or a tax group, and lines that keep the tax, are not supported",
        });
      }
      const origin = reference(line, "origin_tax");
      const tax = isTold ? reference(line, "tax") : untold;
      const to = tax === undefined ? {} : { to: tax };
      for (const from of ungrouped.filter((id) => (origin === undefined || id === origin) && !seen.has(id))) {
        seen.add(from);
        replace.push({ from, ...to });
      }
      if (origin !== undefined) continue;
      // One for any tax is for none too, and no line after it is reached.
      if (tax !== undefined) replace.push({ to: tax });
      break;
    }
    return { type: "taxRule", id: idOf(rule), replace };
  });
}

function canBeTold(line: Row): boolean {
  const isDated = date(line, "start_date") !== undefined || date(line, "end_date") !== undefined;
  return !isDated && !flag(line, "keep_origin") && reference(line, "group") === undefined;
}
