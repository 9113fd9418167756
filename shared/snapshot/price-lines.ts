import type { Instant } from "../pricing/instant.ts";
import { moneyText } from "../pricing/line-total.ts";
import type { DecimalText } from "../pricing/records.ts";
import { sumOfDecimals } from "../pricing/sum-of-decimals.ts";
import { answerLine, isValidAt, type AnsweredLine, type AskedLine } from "./line-answer.ts";
import type { Manifest } from "./manifest.ts";
import type { CustomerPage } from "./page.ts";
import {
  allOpen,
  defaultCurrency,
  findCustomer,
  openLayers,
  place,
  productShard,
  whenOpen,
  type Opened,
  type Placed,
  type SegmentReader,
} from "./placed.ts";

export interface PricesQuestion {
  readonly customer: string;
  readonly channel?: string | undefined;
  /** Default: the customer's. */
  readonly currency?: string | undefined;
  readonly at: Instant;
  readonly lines: readonly AskedLine[];
}

export type PricesAnswer =
  | { readonly kind: "unknown_customer" }
  | { readonly kind: "currency_required" }
  | {
      readonly kind: "answered";
      readonly currency: string;
      readonly lines: readonly AnsweredLine[];
      /** Of the lines that have a price. */
      readonly total: DecimalText;
      /** The next instant at which some line may change, without a new snapshot; null: none. */
      readonly validUntil: Instant | null;
    };

/** Answers that were given before from one snapshot. */
export interface AnswerMemory {
  of(page: CustomerPage, channel: string | undefined, currency: string): LineMemory;
}

export interface LineMemory {
  find(asked: AskedLine): AnsweredLine | undefined;
  keep(answered: AnsweredLine): void;
}

/** Answers all lines from the segments of one manifest: never a mix of snapshots. */
export function priceLines(
  question: PricesQuestion,
  manifest: Manifest,
  reader: SegmentReader,
  memory?: AnswerMemory,
): Opened<PricesAnswer> {
  return whenOpen(findPage(question, manifest, reader), (page): Opened<PricesAnswer> => {
    if (page === undefined) return { kind: "unknown_customer" };
    const currency = question.currency ?? defaultCurrency(page, manifest);
    if (currency === undefined) return { kind: "currency_required" };
    const { at, channel, lines: asked } = question;
    const known = memory?.of(page, channel, currency);
    const recalled = known === undefined ? undefined : recallAll(asked, at, known);
    if (recalled !== undefined) return answered(recalled, currency);
    const answers = known === undefined ? [] : asked.map((line) => validAt(at, known.find(line)));
    const missing = asked.filter((_, index) => answers[index] === undefined);
    const placed = place(page, channel, currency, manifest);
    return whenOpen(answerAll(missing, { page, placed, at }, manifest, reader), (found) => {
      for (const answer of found) known?.keep(answer);
      const rest = found.values();
      const lines = asked.map((_, index) => answers[index] ?? rest.next().value);
      return answered(
        lines.filter((line) => line !== undefined),
        currency,
      );
    });
  });
}

/** The answers to all lines; undefined where one of them has to be found. */
function recallAll(
  asked: readonly AskedLine[],
  at: Instant,
  known: LineMemory,
): readonly AnsweredLine[] | undefined {
  const answers: AnsweredLine[] = [];
  for (const line of asked) {
    const answer = validAt(at, known.find(line));
    if (answer === undefined) return undefined;
    answers.push(answer);
  }
  return answers;
}

function validAt(at: Instant, answer: AnsweredLine | undefined): AnsweredLine | undefined {
  return answer !== undefined && isValidAt(answer, at) ? answer : undefined;
}

function answered(lines: readonly AnsweredLine[], currency: string): PricesAnswer {
  return { kind: "answered", currency, lines, total: sumOf(lines, currency), validUntil: earliest(lines) };
}

/** Opens the products' pages as well where it has to wait, since one after the other costs a round trip more. */
function findPage(
  { customer, lines }: PricesQuestion,
  manifest: Manifest,
  reader: SegmentReader,
): Opened<CustomerPage | undefined> {
  const page = findCustomer(customer, manifest, reader);
  if (!(page instanceof Promise)) return page;
  const shards = allOpen(lines.map(({ sku }) => productShard(sku, manifest, reader)));
  return Promise.all([page, shards]).then(([found]) => found);
}

interface Whose {
  readonly page: CustomerPage;
  readonly placed: Placed;
  readonly at: Instant;
}

function answerAll(
  asked: readonly AskedLine[],
  { page, placed, at }: Whose,
  manifest: Manifest,
  reader: SegmentReader,
): Opened<readonly AnsweredLine[]> {
  return whenOpen(allOpen(asked.map(({ sku }) => productShard(sku, manifest, reader))), (shards) => {
    const products = asked.map(({ sku }, index) => shards[index]?.find(sku));
    const buckets = new Set<string>();
    for (const product of products) if (product !== undefined) buckets.add(product.bucket);
    const layersOf = (bucket: string) => openLayers(placed.layersOf(bucket), reader);
    return whenOpen(allOpen(Array.from(buckets, layersOf)), (opened) => {
      const layersByBucket = new Map(Array.from(buckets, (bucket, index) => [bucket, opened[index] ?? []]));
      return asked.map((line, index) => {
        const product = products[index];
        const layers = layersByBucket.get(product?.bucket ?? "") ?? [];
        return answerLine(line, { page, placed, product, layers }, at);
      });
    });
  });
}

function sumOf(lines: readonly AnsweredLine[], currency: string): DecimalText {
  const totals: DecimalText[] = [];
  for (const line of lines) if ("lineTotal" in line) totals.push(line.lineTotal);
  const [only] = totals;
  // A line's total has been written as money already.
  return only !== undefined && totals.length === 1 ? only : moneyText(sumOfDecimals(totals), currency);
}

function earliest(lines: readonly AnsweredLine[]): Instant | null {
  let first: Instant | null = null;
  for (const { validUntil } of lines) {
    if (validUntil !== null && (first === null || validUntil < first)) first = validUntil;
  }
  return first;
}
