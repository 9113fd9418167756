import { parseDecimal, type Fraction } from "../fraction.ts";
import type { Bound, DecimalText, Rate, Rule } from "../records.ts";
import type { Case } from "./case.ts";
import type { Line } from "./line.ts";
import { distinct } from "./matching.ts";
import { NoPrice } from "./no-price.ts";

/** An amount where it enters, in the line's currency; undefined when it is in another and nothing is converted. */
export function entering(amount: DecimalText, currency: string, line: Line): Fraction | undefined {
  const value = parseDecimal(amount);
  if (currency === line.currency) return value;
  return line.asked.policy.convert === "rates"
    ? converted(value, { from: currency, to: line.currency }, line.asked)
    : undefined;
}

export function converted(
  amount: Fraction,
  { from, to }: { readonly from: string; readonly to: string },
  asked: Case,
): Fraction {
  const { multiply, divide } = asked.arithmetic;
  if (from === to) return amount;
  const direct = rateOf(from, to, asked);
  if (direct !== undefined) return multiply(amount, direct);
  const reverse = rateOf(to, from, asked);
  if (reverse !== undefined) return divide(amount, reverse);
  for (const pivot of pivots(asked)) {
    const [ofSource, ofTarget] = [rateOf(pivot, from, asked), rateOf(pivot, to, asked)];
    if (ofSource !== undefined && ofTarget !== undefined) return divide(multiply(amount, ofTarget), ofSource);
  }
  throw new NoPrice("no_rate");
}

function pivots(asked: Case): string[] {
  return distinct(asked.all("rate").map((rate) => pairOf(rate)[0])).sort();
}

/** The rate of a pair in force. */
function rateOf(from: string, to: string, asked: Case): Fraction | undefined {
  const start = (rate: Rate) => asked.period(rate).from;
  const [rate] = asked
    .all("rate")
    .filter((rate) => pairOf(rate).join("/") === `${from}/${to}` && start(rate) <= asked.question.at)
    .sort((a, b) => (start(a) === start(b) ? (a.id < b.id ? -1 : 1) : start(a) > start(b) ? -1 : 1));
  return rate === undefined ? undefined : parseDecimal(rate.rate);
}

export function pairOf({ id }: Rate): [from: string, to: string] {
  const [from = "", to = ""] = (id.split("@")[0] ?? "").split("/");
  return [from, to];
}

/** The currencies of the amounts that a rule's effect and margin have. */
export function currenciesOf({ effect, margin }: Rule): string[] {
  const ofBound = (bound: Bound | undefined) =>
    bound !== undefined && "currency" in bound ? [bound.currency] : [];
  return [
    ...("currency" in effect ? [effect.currency] : []),
    ...(margin !== undefined && "currency" in margin ? [margin.currency] : []),
    ...ofBound(effect.min),
    ...ofBound(effect.max),
  ];
}
