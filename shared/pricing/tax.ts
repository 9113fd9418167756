import type { Company } from "./company.ts";
import { add, divide, hundred, one, parseDecimal, zero, type Fraction } from "./fraction.ts";
import type { Instant } from "./instant.ts";
import { isInForce } from "./period.ts";
import type { Unavailable } from "./question.ts";
import type { TaxRule } from "./records.ts";

/** The ids of the taxes that stand on a product for a kind of customer, each once; a tax without an entry stays. */
export function taxesFor(productTaxes: readonly string[], taxRule: TaxRule | undefined): readonly string[] {
  const entries = taxRule?.replace ?? [];
  const kept = productTaxes.flatMap((tax) => {
    const entry = entries.find(({ from }) => from === tax);
    return entry === undefined ? [tax] : entry.to === undefined ? [] : [entry.to];
  });
  const added = entries.flatMap(({ from, to }) => (from === undefined && to !== undefined ? [to] : []));
  return [...new Set([...kept, ...added])];
}

/** A gross amount without its taxes; these are undefined when it isn't known which they are. */
export function net(
  gross: Fraction,
  taxes: readonly string[] | undefined,
  company: Company,
  at: Instant,
): Fraction | Unavailable {
  if (taxes === undefined) return { unavailable: "tax_unknown" };
  let percent = zero;
  for (const id of taxes) {
    const tax = company.taxes.get(id);
    if (tax === undefined) return { unavailable: "tax_unknown" };
    if (isInForce(tax.period, at)) percent = add(percent, parseDecimal(tax.percent));
  }
  if (percent.numerator === 0n) return gross;
  return company.policy.arithmetic.divide(gross, add(one, divide(percent, hundred)));
}
