import type { Company } from "./company.ts";
import { add, divide, hundred, one, parseDecimal, zero, type Fraction } from "./fraction.ts";
import type { Instant } from "./instant.ts";
import { isInForce } from "./period.ts";
import type { TaxRule } from "./records.ts";

/** The ids of the taxes that stand on a product for a kind of customer; a tax without an entry stays. */
export function taxesFor(productTaxes: readonly string[], taxRule: TaxRule | undefined): readonly string[] {
  const entries = taxRule?.replace ?? [];
  const kept = productTaxes.flatMap((tax) => {
    const entry = entries.find(({ from }) => from === tax);
    return entry === undefined ? [tax] : entry.to === undefined ? [] : [entry.to];
  });
  return [
    ...kept,
    ...entries.flatMap(({ from, to }) => (from === undefined && to !== undefined ? [to] : [])),
  ];
}

/** One plus the sum of the taxes' rates at an instant: what a gross price is divided by. */
export function grossFactor(taxes: readonly string[], company: Company, at: Instant): Fraction {
  let percent = zero;
  for (const id of taxes) {
    const tax = company.taxes.get(id);
    if (tax !== undefined && isInForce(tax.period, at)) percent = add(percent, parseDecimal(tax.percent));
  }
  return add(one, divide(percent, hundred));
}
