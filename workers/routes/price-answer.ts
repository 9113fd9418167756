import type { Caller } from "../../shared/api/callers.ts";
import type { Considered } from "../../shared/pricing/considered.ts";
import type { Instant } from "../../shared/pricing/instant.ts";
import type { Step, UnavailableCode } from "../../shared/pricing/question.ts";
import { fingerprint } from "../../shared/snapshot/hash.ts";
import type { AnsweredLine } from "../../shared/snapshot/line-answer.ts";
import type { Answered, Opened } from "./asking.ts";
import type { FullExplanation } from "./full-explanation.ts";

/** What every answer says of where it is from. */
export function contextOf({ customer, at, head, token }: Opened): Record<string, unknown> {
  return {
    customer,
    at: instantText(at),
    snapshot: { id: head.snapshot, sequence: head.sequence },
    token,
  };
}

export interface PricesText {
  readonly text: string;
  /** Changes with the answer, and not with the instant of the question. */
  readonly etag: () => string;
}

/** The answer as the API writes it: JSON, put together from its lines' texts. */
export function pricesText(
  answered: Answered,
  caller: Caller,
  explain: boolean,
  full: FullExplanation | undefined,
): PricesText {
  const { customer, at, head, token, result } = answered;
  const { lines, currency, validUntil, total } = result;
  const texts =
    explain || full !== undefined
      ? lines.map((line, index) => {
          const steps = explain ? stepsOf(line, caller) : undefined;
          return JSON.stringify(lineAnswer(line, steps, full?.[index]));
        })
      : lines.map(plainText);
  const whose = `"customer":${JSON.stringify(customer)}`;
  const where = `"snapshot":{"id":${JSON.stringify(head.snapshot)},"sequence":${head.sequence}},"token":${JSON.stringify(token)}`;
  const what = `"currency":${JSON.stringify(currency)},"validUntil":${JSON.stringify(instantText(validUntil))}`;
  const rest = `${where},${what},"lines":[${texts.join(",")}],"total":${JSON.stringify(total)}}`;
  return {
    text: `{${whose},"at":${JSON.stringify(instantText(at))},${rest}`,
    // Weak, since the instant of the question is in the answer.
    etag: () => `W/"${fingerprint(`{${whose},${rest}`)}"`,
  };
}

// A line that is remembered keeps its text, since writing it takes longer than finding it.
function plainText(line: AnsweredLine): string {
  return (line.written ??= JSON.stringify(lineAnswer(line, undefined, undefined)));
}

function lineAnswer(
  line: AnsweredLine,
  explanation: readonly Step[] | undefined,
  considered: readonly Considered[] | undefined,
): Record<string, unknown> {
  const { sku, quantity } = line.asked;
  const unit = "unit" in line ? line.unit : line.asked.unit;
  const asked = { sku, quantity, ...(unit === undefined ? {} : { unit }) };
  const validUntil = instantText(line.validUntil);
  if ("unavailable" in line) {
    const { unavailable: code } = line;
    const unavailable = { code, message: messages[code] };
    return { ...asked, unavailable, ...(considered === undefined ? {} : { considered }), validUntil };
  }
  const { unitPrice, per, lineTotal, tiers } = line;
  return {
    ...asked,
    unitPrice,
    per,
    lineTotal,
    ...(line.graduated === undefined ? {} : { graduated: line.graduated }),
    tiers,
    ...(explanation === undefined ? {} : { explanation }),
    ...(considered === undefined ? {} : { considered }),
    validUntil,
  };
}

function stepsOf(line: AnsweredLine, caller: Caller): readonly Step[] | undefined {
  if ("unavailable" in line) return undefined;
  const steps = line.explain();
  // A customer sees how its price came about, but not the company's names for its lists and rules.
  return caller.kind === "key" ? steps : steps.map(({ record: _, ...rest }) => rest);
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
  too_many_tiers: "The product has more prices that differ by day and quantity than can be published",
};
