import type { Caller } from "../../shared/api/callers.ts";
import type { Considered } from "../../shared/pricing/considered.ts";
import type { Instant } from "../../shared/pricing/instant.ts";
import type { UnavailableCode } from "../../shared/pricing/question.ts";
import type { AnsweredLine } from "../../shared/snapshot/price-lines.ts";

/** A line as the API writes it. */
export function lineAnswer(
  line: AnsweredLine,
  caller: Caller,
  explain: boolean,
  considered: readonly Considered[] | undefined,
): Record<string, unknown> {
  const { sku, quantity, unit } = line;
  const asked = { sku, quantity, ...(unit === undefined ? {} : { unit }) };
  const validUntil = instantText(line.validUntil);
  if ("unavailable" in line) {
    const { unavailable: code } = line;
    const unavailable = { code, message: messages[code] };
    return { ...asked, unavailable, ...(considered === undefined ? {} : { considered }), validUntil };
  }
  const { unitPrice, per, lineTotal, tiers, explanation } = line;
  return {
    ...asked,
    unitPrice,
    per,
    lineTotal,
    ...(line.graduated === undefined ? {} : { graduated: line.graduated }),
    tiers,
    ...(explain ? { explanation: explanation.map((step) => disclosed(step, caller)) } : {}),
    ...(considered === undefined ? {} : { considered }),
    validUntil,
  };
}

// A customer sees how its price came about, but not the company's names for its lists and rules.
function disclosed<Step extends { readonly record?: string | undefined }>(step: Step, caller: Caller) {
  if (caller.kind === "key") return step;
  const { record: _, ...rest } = step;
  return rest;
}

export function instantText(at: Instant | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

const messages: Record<UnavailableCode, string> = {
  unknown_customer: "There is no such customer",
  customer_blocked: "Nothing is sold to this customer at present",
  unknown_sku: "There is no such product",
  discontinued: "The product is not sold any more",
  unit_unknown: "The product is not sold in this unit",
  below_minimum: "The quantity is below the product's minimum",
  not_a_multiple: "The quantity is not a multiple of the product's step",
  no_price: "The customer has no price for this product and quantity in this currency now",
  no_rate: "The price is in another currency, and there is no exchange rate for it at this time",
  tax_unknown: "The price includes taxes, and it is not known which",
  rule_conflict: "Several rules apply, and nothing says which of them counts",
  rule_error: "A rule that applies has no result for this product",
  negative_result: "The discounts exceed the price",
};
