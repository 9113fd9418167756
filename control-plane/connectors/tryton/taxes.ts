import { fractionText, hundred, multiply, parseDecimal } from "../../../shared/pricing/fraction.ts";
import type { Tax, TaxRule } from "../../../shared/pricing/records.ts";
import type { ConnectorProblem } from "../translation.ts";
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

/** Which tax stands in for which: of a rule's lines the first that names a tax counts for it. */
export function taxRuleRecords(
  rules: readonly Row[],
  lines: readonly Row[],
  taxes: readonly Row[],
  problems: ConnectorProblem[],
): TaxRule[] {
  return rules.map((rule) => {
    const replace: { from?: string; to?: string }[] = [];
    const seen = new Set<string>();
    for (const line of lines.filter((row) => reference(row, "rule") === idOf(rule))) {
      const [origin, to] = [reference(line, "origin_tax"), reference(line, "tax")];
      const isDated = date(line, "start_date") !== undefined || date(line, "end_date") !== undefined;
      if (flag(line, "keep_origin") || reference(line, "group") !== undefined || isDated) {
        problems.push({
          source: `account.tax.rule.line,${idOf(line)}`,
          code: "unsupported_tax_rule",
          message: "Lines with dates or a tax group, and lines that keep the tax, are not supported",
        });
        continue;
      }
      // A line without a tax is for all that have no group, and for none too.
      const ungrouped = taxes.filter((tax) => reference(tax, "group") === undefined).map(idOf);
      const froms = ungrouped.filter((tax) => origin === undefined || tax === origin);
      for (const from of froms.filter((id) => !seen.has(id))) {
        seen.add(from);
        replace.push({ from, ...(to === undefined ? {} : { to }) });
      }
      if (origin === undefined && to !== undefined) replace.push({ to });
    }
    return { type: "taxRule", id: idOf(rule), replace };
  });
}
