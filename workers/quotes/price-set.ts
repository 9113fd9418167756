import { Problem } from "../../shared/api/problem.ts";
import type { DecimalText } from "../../shared/pricing/records.ts";
import type { PricedSet } from "../../shared/quoting/command.ts";
import type { QuoteDesk } from "../../shared/quoting/desk.ts";
import type { QuoteItem, QuoteLine } from "../../shared/quoting/line.ts";
import { listedPriceOf, pricedItem } from "../../shared/quoting/priced-item.ts";
import type { Pin, Terms } from "../../shared/quoting/quote.ts";
import type { AnsweredLine } from "../../shared/snapshot/line-answer.ts";
import { allOpen, factorOf, productShard } from "../../shared/snapshot/placed.ts";
import { priceLines } from "../../shared/snapshot/price-lines.ts";
import type { OpenSnapshot } from "../snapshots/live-snapshot.ts";
import { keepLines, type KeptLine } from "./keep-lines.ts";
import { askDesk } from "./quote-desk.ts";

/** An item of a set, before it is priced. */
export interface AskedItem {
  readonly sku: string;
  readonly quantity: DecimalText;
  readonly unit?: string | undefined;
  readonly requestedPrice?: DecimalText | undefined;
  readonly offeredPrice?: DecimalText | undefined;
}

export interface AskedSetLine extends AskedItem {
  /** Of the set before. */
  readonly line?: string | undefined;
  readonly note?: string | undefined;
  readonly alternatives?: readonly AskedItem[] | undefined;
}

export interface SetQuestion {
  readonly customer: string;
  /** Default: the customer's. */
  readonly currency?: string | undefined;
  readonly channel?: string | undefined;
  readonly lines: readonly AskedSetLine[];
  /** Whether the lines are the request's own, which a refusal then points into. */
  readonly isPosted: boolean;
  readonly terms: Terms;
  /** The lines that go on, and the highest number that a line ever had. */
  readonly before: { readonly lines: readonly QuoteLine[]; readonly last: number };
  /** The prices that an item keeps from the item that it was, where it brings none itself. */
  readonly keptPrices: (item: QuoteItem) => Pick<QuoteItem, "requestedPrice" | "offeredPrice">;
  readonly now: number;
}

export interface PricedQuote {
  readonly currency: string;
  readonly customerName: string;
  readonly set: PricedSet;
}

/**
 * Prices a full set of lines for a customer by the live snapshot, all of it by the same one.
 * @throws {Problem} `unknown_customer`, `customer_blocked`, `currency_required`, or `unknown_product` for a
 * product or unit that there is not, since no order could be made of it
 */
export async function priceSet(
  { head, manifest, reader, memory }: OpenSnapshot,
  desk: QuoteDesk,
  question: SetQuestion,
): Promise<PricedQuote> {
  const { customer, channel, now } = question;
  const items = question.lines.flatMap((line) => [line, ...(line.alternatives ?? [])]);
  const asked = items.map(({ sku, quantity, unit }) => ({ sku, quantity, unit }));
  const [priced, description] = await Promise.all([
    priceLines(
      { customer, channel, currency: question.currency, at: now, lines: asked },
      manifest,
      reader,
      memory,
    ),
    askDesk(desk, (open) =>
      open.describe({ sequence: head.sequence, customer, skus: [...new Set(items.map(({ sku }) => sku))] }),
    ),
  ]);
  if (priced.kind !== "answered") throw new Problem(priced.kind);
  if (description === undefined) throw new Problem("unknown_customer");
  const { currency, lines: answers } = priced;
  if (answers.some((answer) => "unavailable" in answer && answer.unavailable === "customer_blocked")) {
    throw new Problem("customer_blocked");
  }
  const units = await unitsOf(asked, {
    manifest,
    reader,
    pointers: question.isPosted ? pointersOf(question) : [],
  });
  const pin: Pin = {
    snapshot: head.snapshot,
    sequence: head.sequence,
    at: new Date(now).toISOString(),
    lineRounding: manifest.rounding.line,
  };
  const kept = keptLines(question, units);

  let next = 0;
  const itemOf = (item: AskedItem, place: number, before: QuoteItem | undefined): QuoteItem => {
    const [answer, unit] = [answers[next], units[next]];
    next++;
    if (answer === undefined || unit === undefined) throw new Error("Every item must have been answered");
    const name = description.productNames[item.sku] ?? item.sku;
    return itemWith(item, {
      place,
      name,
      unit,
      answer,
      before,
      pin,
      currency,
      keptPrices: question.keptPrices,
    });
  };
  const lines = question.lines.map((line, index): QuoteLine => {
    const keptLine = kept[index];
    if (keptLine === undefined) throw new Error("Every line must have a number");
    const { before } = keptLine;
    const own = itemOf(line, 0, before?.own);
    const alternatives = (line.alternatives ?? []).map((item, other) =>
      itemOf(item, other + 1, before?.alternatives[other]),
    );
    return {
      line: keptLine.line,
      ...(line.note === undefined ? {} : { note: line.note }),
      own,
      alternatives,
    };
  });
  const { paymentTerms = description.paymentTerms, ...terms } = question.terms;
  return {
    currency,
    customerName: description.customerName,
    set: { lines, terms: { ...terms, ...(paymentTerms === undefined ? {} : { paymentTerms }) }, pin },
  };
}

/** The unit that each item is counted in. */
async function unitsOf(
  items: readonly AskedItem[],
  {
    manifest,
    reader,
    pointers,
  }: Pick<OpenSnapshot, "manifest" | "reader"> & { readonly pointers: readonly string[] },
): Promise<readonly string[]> {
  const shards = await allOpen(items.map(({ sku }) => productShard(sku, manifest, reader)));
  return items.map(({ sku, unit }, index) => {
    const product = shards[index]?.find(sku);
    const refusal = (reason: string, field: string) =>
      new Problem("unknown_product", {
        pointer: pointers[index] && `${pointers[index]}/${field}`,
        more: { reason, sku },
      });
    if (product === undefined) throw refusal("unknown_sku", "sku");
    if (factorOf(product, unit ?? product.unit) === undefined) throw refusal("unit_unknown", "unit");
    return unit ?? product.unit;
  });
}

/** Where each item is in the body. */
function pointersOf({ lines }: SetQuestion): string[] {
  return lines.flatMap(({ alternatives = [] }, index) => [
    `/lines/${index}`,
    ...alternatives.map((_, other) => `/lines/${index}/alternatives/${other}`),
  ]);
}

function keptLines({ lines, before }: SetQuestion, units: readonly string[]): readonly KeptLine[] {
  let next = 0;
  const named = lines.map(({ line, sku, alternatives = [] }) => {
    const unit = units[next] ?? "";
    next += 1 + alternatives.length;
    return { line, sku, unit };
  });
  const kept = keepLines(named, before.lines, before.last);
  if (kept.kind === "kept") return kept.lines;
  throw new Problem("invalid_request", {
    detail: "The current revision has no such line, or it is named twice",
    pointer: `/lines/${kept.index}/line`,
    more: { reason: "unknown_line" },
  });
}

interface ItemSources {
  readonly place: number;
  readonly name: string;
  readonly unit: string;
  readonly answer: AnsweredLine;
  readonly before: QuoteItem | undefined;
  readonly pin: Pin;
  readonly currency: string;
  readonly keptPrices: SetQuestion["keptPrices"];
}

function itemWith(item: AskedItem, sources: ItemSources): QuoteItem {
  const { place, name, unit, answer, before, pin, currency, keptPrices } = sources;
  const same = before !== undefined && before.sku === item.sku && before.unit === unit ? before : undefined;
  const listed = listedPriceOf(answer);
  // A kept price is for as many units as it was. One that is posted is for as many as the listed price.
  const per = same === undefined ? undefined : "per" in listed && hasPrice(item) ? listed.per : same.per;
  const kept = same === undefined || (hasPrice(item) && per !== same.per) ? {} : keptPrices(same);
  return pricedItem(
    {
      item: String(place),
      sku: item.sku,
      name,
      quantity: item.quantity,
      unit,
      listed,
      ...(per === undefined ? {} : { per }),
      ...kept,
      ...(item.requestedPrice === undefined ? {} : { requestedPrice: item.requestedPrice }),
      ...(item.offeredPrice === undefined ? {} : { offeredPrice: item.offeredPrice }),
    },
    { currency, lineRounding: pin.lineRounding },
  );
}

function hasPrice({ requestedPrice, offeredPrice }: AskedItem): boolean {
  return requestedPrice !== undefined || offeredPrice !== undefined;
}
