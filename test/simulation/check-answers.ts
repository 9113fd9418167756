import { isDeepStrictEqual } from "node:util";
import type { Answer } from "../../shared/pricing/question.ts";
import type { AnsweredLine } from "../../shared/snapshot/line-answer.ts";
import { isFreshEnough, readToken } from "../../shared/snapshot/token.ts";
import { epochOf, listed, ring, ringSum } from "./company.ts";
import { secret } from "./control-plane.ts";
import { ageSecondsMax, type Reply } from "./edge.ts";
import type { Asked, History } from "./history.ts";
import type { Truth } from "./truth.ts";

type Answered = Extract<Reply, { kind: "answered" }>;
type Lines = readonly AnsweredLine[];

const refusals = [
  [409, "not_ready"],
  [503, "stale_snapshot"],
  [503, "snapshot_unavailable"],
] as const;

/** What is wrong with a reply to a price question. */
export function wrongWithReply(asked: Asked, history: History, truth: Truth): string[] {
  const { reply } = asked;
  if (reply.kind === "refused") {
    const isKnown = refusals.some(([status, code]) => status === reply.status && code === reply.code);
    return isKnown ? [] : [`a question was refused with ${reply.status} ${reply.code}`];
  }
  const { answer } = reply;
  if (answer.kind !== "answered") return wrongWithCustomer(asked, reply, truth);
  return [
    ...wrongWithHead(reply, truth),
    ...wrongWithAge(reply),
    ...wrongWithFreshness(asked, reply),
    ...answer.lines.flatMap((line) => wrongWithLine(line, answer.currency, asked.customer, reply, truth)),
    ...wrongWithTotal(answer.total, answer.lines),
    ...wrongWithRing(answer.lines),
    ...(asked.customer === "LISTED" ? wrongWithList(answer.lines, history) : []),
    ...(asked.isTold ? revokedPrices(asked, history) : []),
  ].map((wrong) => `${wrong}: ${JSON.stringify({ ...asked, reply: undefined, head: reply.head })}`);
}

/** Every answer is of one published snapshot. */
function wrongWithHead({ head, token }: Answered, truth: Truth): string[] {
  const published = truth.heads[head.number - 1];
  const said = readToken(token, secret);
  return [
    ...(isDeepStrictEqual({ ...published }, head) ? [] : ["an answer is of a head that never was"]),
    ...(said?.number === head.number && said.through === head.through
      ? []
      : ["an answer's token is another's"]),
  ];
}

/** Nothing is served that nobody could confirm within the bound. */
function wrongWithAge({ at, confirmedAt }: Answered): string[] {
  const seconds = (at - confirmedAt) / 1_000;
  return seconds <= ageSecondsMax ? [] : [`an answer was last confirmed ${seconds} seconds before`];
}

/** Who tells what was seen is never answered from before it. */
function wrongWithFreshness({ isTold, known }: Asked, { head }: Answered): string[] {
  return isTold && !isFreshEnough(head, known) ? ["an answer is older than its question's token"] : [];
}

function wrongWithCustomer({ customer }: Asked, { head, answer }: Answered, truth: Truth): string[] {
  const isKnown = truth
    .recordsAt(head.sequence)
    .some(({ type, id }) => type === "customer" && id === customer);
  // A customer whose list is not there yet has no currency of its own.
  if (isKnown && answer.kind === "currency_required" && customer === "LISTED") return [];
  return isKnown || answer.kind !== "unknown_customer" ? [`${customer} was answered ${answer.kind}`] : [];
}

/** A line is what the reference says from the records of its snapshot, as long as it says that it holds. */
function wrongWithLine(
  line: AnsweredLine,
  currency: string,
  customer: string,
  { at, head }: Answered,
  truth: Truth,
): string[] {
  const instants = line.validUntil === null ? [at] : [at, line.validUntil - 1];
  const said = comparable(line);
  return instants.flatMap((instant) => {
    const question = { customer, currency, channel: undefined, at: instant, ...line.asked };
    const right = comparable(truth.priceAt(head.sequence, question));
    return said === right ? [] : [`${said} was answered for ${right} at ${new Date(instant).toISOString()}`];
  });
}

function comparable(answer: Answer | AnsweredLine): string {
  if ("unavailable" in answer) return answer.unavailable;
  const { unit, unitPrice, per, lineTotal } = answer;
  const explanation = "explain" in answer ? answer.explain() : answer.explanation;
  return JSON.stringify({ unit, unitPrice, per, lineTotal, explanation });
}

function wrongWithTotal(total: string, lines: Lines): string[] {
  const sum = lines.reduce((cents, line) => cents + ("lineTotal" in line ? centsOf(line.lineTotal) : 0n), 0n);
  return centsOf(total) === sum ? [] : [`the total ${total} is not its lines' sum`];
}

/** Prices that one batch turns sum up to the same in every answer. */
function wrongWithRing(lines: Lines): string[] {
  const prices = pricesOf(lines, ring);
  if (prices.length === 0) return [];
  if (prices.length < ring.length && lines.length >= ring.length)
    return ["some of the ring's prices are missing"];
  const sum = prices.reduce((cents, price) => cents + centsOf(price), 0n);
  return prices.length < ring.length || sum === BigInt(ringSum) * 100n
    ? []
    : [`the ring sums up to ${sum} cents`];
}

/** A list's prices are of one complete set, and of one that was to be. */
function wrongWithList(lines: Lines, { sets }: History): string[] {
  const priced = lines.filter((line) => "unitPrice" in line);
  const epochs = new Set(priced.map(({ unitPrice }) => epochOf(unitPrice)));
  if (epochs.size === 0) return [];
  const [epoch] = epochs;
  const set = sets.find((one) => one.epoch === epoch);
  const skus = priced.map(({ asked }) => asked.sku);
  if (epochs.size > 1) return [`a list is of the epochs ${[...epochs].join()}`];
  if (set === undefined || set.fate === "open" || set.fate === "abandoned")
    return [`a list is of epoch ${epoch}, which was never committed`];
  return listed.filter((sku) => set.skus.includes(sku)).join() === skus.join()
    ? []
    : [`a list has ${skus.join()} of an epoch with ${set.skus.join()}`];
}

/** Deals that were revoked before the question, as its asker knew, and were answered nevertheless. */
export function revokedPrices({ known, reply }: Asked, { revoked, activations }: History): string[] {
  if (reply.kind !== "answered" || reply.answer.kind !== "answered") return [];
  const { head } = reply;
  // Going back brings the deal back, to those who know of its end as well.
  const isGoneBack = activations.length > 0 && head.sequence < head.through;
  const prices = pricesOf(reply.answer.lines, ["DEAL"]);
  return revoked
    .filter(({ amount, sequence }) => sequence <= known.through && prices.includes(amount) && !isGoneBack)
    .map(({ amount }) => `the deal of ${amount} was answered after it was revoked`);
}

function pricesOf(lines: Lines, skus: readonly string[]): string[] {
  return lines.flatMap((line) =>
    "unitPrice" in line && skus.includes(line.asked.sku) ? [line.unitPrice] : [],
  );
}

function centsOf(amount: string): bigint {
  return BigInt(amount.replace(".", ""));
}
