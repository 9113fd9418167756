import { add, parseDecimal, zero } from "../pricing/fraction.ts";
import type { Instant } from "../pricing/instant.ts";
import { moneyText } from "../pricing/line-total.ts";
import type { DecimalText } from "../pricing/records.ts";
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
export async function priceLines(
  question: PricesQuestion,
  manifest: Manifest,
  reader: SegmentReader,
  memory?: AnswerMemory,
): Promise<PricesAnswer> {
  const { at, channel, lines: asked } = question;
  const page = await findPage(question, manifest, reader);
  if (page === undefined) return { kind: "unknown_customer" };
  const currency = question.currency ?? defaultCurrency(page, manifest);
  if (currency === undefined) return { kind: "currency_required" };

  const known = memory?.of(page, channel, currency);
  const answers = asked.map((line) => {
    const answer = known?.find(line);
    return answer !== undefined && isValidAt(answer, at) ? answer : undefined;
  });
  const missing = asked.filter((_, index) => answers[index] === undefined);
  if (missing.length > 0) {
    const placed = place(page, channel, currency, manifest);
    const found = (await answerAll(missing, { page, placed, at }, manifest, reader)).values();
    for (const [index, answer] of answers.entries()) {
      if (answer !== undefined) continue;
      const { value } = found.next();
      answers[index] = value;
      if (value !== undefined) known?.keep(value);
    }
  }
  const lines = answers.filter((answer) => answer !== undefined);
  return { kind: "answered", currency, lines, total: sumOf(lines, currency), validUntil: earliest(lines) };
}

/** Opens the products' pages as well where it has to wait, since one after the other costs a round trip more. */
async function findPage(
  { customer, lines }: PricesQuestion,
  manifest: Manifest,
  reader: SegmentReader,
): Promise<CustomerPage | undefined> {
  const page = findCustomer(customer, manifest, reader);
  if (page instanceof Promise) await allOpen(lines.map(({ sku }) => productShard(sku, manifest, reader)));
  return page;
}

interface Whose {
  readonly page: CustomerPage;
  readonly placed: Placed;
  readonly at: Instant;
}

async function answerAll(
  asked: readonly AskedLine[],
  { page, placed, at }: Whose,
  manifest: Manifest,
  reader: SegmentReader,
): Promise<readonly AnsweredLine[]> {
  const shards = await allOpen(asked.map(({ sku }) => productShard(sku, manifest, reader)));
  const products = asked.map(({ sku }, index) => shards[index]?.find(sku));
  const buckets = [...new Set(products.flatMap((product) => product?.bucket ?? []))];
  const opened = await allOpen(buckets.map((bucket) => openLayers(placed.layersOf(bucket), reader)));
  const layersByBucket = new Map(buckets.map((bucket, index) => [bucket, opened[index] ?? []]));
  return asked.map((line, index) => {
    const product = products[index];
    const layers = layersByBucket.get(product?.bucket ?? "") ?? [];
    return answerLine(line, { page, placed, product, layers }, at);
  });
}

function sumOf(lines: readonly AnsweredLine[], currency: string): DecimalText {
  const sum = lines.reduce(
    (total, line) => ("lineTotal" in line ? add(total, parseDecimal(line.lineTotal)) : total),
    zero,
  );
  return moneyText(sum, currency);
}

function earliest(lines: readonly AnsweredLine[]): Instant | null {
  let first: Instant | null = null;
  for (const { validUntil } of lines) {
    if (validUntil !== null && (first === null || validUntil < first)) first = validUntil;
  }
  return first;
}
