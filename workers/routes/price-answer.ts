import type { Caller } from "../../shared/api/callers.ts";
import type { Considered } from "../../shared/pricing/considered.ts";
import type { Instant } from "../../shared/pricing/instant.ts";
import type { Step, UnavailableCode } from "../../shared/pricing/question.ts";
import { fingerprint } from "../../shared/snapshot/hash.ts";
import type { Head } from "../../shared/snapshot/head.ts";
import type { AnsweredLine } from "../../shared/snapshot/line-answer.ts";
import type { OpenSnapshot } from "../snapshots/live-snapshot.ts";
import type { Answered, OpenQuestion } from "./asking.ts";
import type { FullExplanation } from "./full-explanation.ts";

/** What every answer says of where it is from. */
export function contextOf({ asked, at, snapshot }: OpenQuestion): Record<string, unknown> {
  const { head, token } = snapshot;
  return {
    customer: asked.customer,
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
export function pricesText(answered: Answered): PricesText {
  const { lines } = answered.result;
  const [line] = lines;
  if (line === undefined || lines.length > 1) return textOf(answered, lines.map(plainText).join(","));
  const { text, etag } = textOf(answered, plainText(line));
  return { text, etag: () => etagOfLine(line, answered.question.snapshot.head, etag) };
}

/** The same, with the steps to each price, and with what was looked at if that is given. */
export function explainedText(
  answered: Answered,
  caller: Caller,
  full: FullExplanation | undefined,
): PricesText {
  const lines = answered.result.lines.map((line, index) =>
    JSON.stringify(lineAnswer(line, stepsOf(line, caller), full?.[index])),
  );
  return textOf(answered, lines.join(","));
}

function textOf({ question, result }: Answered, lines: string): PricesText {
  const { asked, at, snapshot } = question;
  const { currency, validUntil, total } = result;
  const whose = `{"customer":${JSON.stringify(asked.customer)},`;
  const until = validUntil === null ? "null" : `"${instantText(validUntil)}"`;
  const what = `"currency":${JSON.stringify(currency)},"validUntil":${until},"lines":[${lines}],"total":"${total}"}`;
  const rest = `${originText(snapshot)},${what}`;
  return {
    text: `${whose}"at":"${instantText(at)}",${rest}`,
    // Weak, since the instant of the question is in the answer.
    etag: () => `W/"${fingerprint(whose + rest)}"`,
  };
}

// Of the many answers from one head, all say the same of where they are from.
const origins = new WeakMap<Head, string>();

function originText({ head, token }: OpenSnapshot): string {
  const known = origins.get(head);
  if (known !== undefined) return known;
  const { snapshot: id, sequence } = head;
  const text = `"snapshot":${JSON.stringify({ id, sequence })},"token":${JSON.stringify(token)}`;
  origins.set(head, text);
  return text;
}

// A line is remembered for one customer, so what it answers alone differs by nothing but the head.
function etagOfLine(line: AnsweredLine, head: Head, make: () => string): string {
  if (line.tagged?.of !== head) line.tagged = { of: head, etag: make() };
  return line.tagged.etag;
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

export function instantText(at: Instant): string;
export function instantText(at: Instant | null): string | null;
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
