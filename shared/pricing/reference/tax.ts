import { add, divide, hundred, one, parseDecimal, zero, type Fraction } from "../fraction.ts";
import type { Line } from "./line.ts";
import { distinct } from "./matching.ts";
import { NoPrice } from "./no-price.ts";

/** A gross price without the taxes in force on the product. */
export function withoutTax(gross: Fraction, line: Line): Fraction {
  const { asked, product } = line;
  if (product.taxes === undefined) throw new NoPrice("tax_unknown");
  const percent = taxesOn(product.taxes, line)
    .map((id) => asked.find("tax", id) ?? unknown())
    .filter((tax) => asked.isInForce(tax))
    .reduce((sum, tax) => add(sum, parseDecimal(tax.percent)), zero);
  return asked.arithmetic.divide(gross, add(one, divide(percent, hundred)));
}

function taxesOn(taxes: readonly string[], { asked, buyer }: Line): string[] {
  if (asked.policy.preset === "odoo") return distinct(taxes);
  const entries = asked.find("taxRule", buyer.customer.taxRule)?.replace ?? [];
  const replaced = taxes.map((tax) => {
    const entry = entries.find(({ from }) => from === tax);
    return entry === undefined ? tax : entry.to;
  });
  const added = entries.filter(({ from }) => from === undefined).map(({ to }) => to);
  return distinct([...replaced, ...added].filter((tax) => tax !== undefined));
}

function unknown(): never {
  throw new NoPrice("tax_unknown");
}
