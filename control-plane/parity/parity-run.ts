import { compare, divide, parseDecimal } from "../../shared/pricing/fraction.ts";
import { parseInstant, type Instant } from "../../shared/pricing/instant.ts";
import type { Step } from "../../shared/pricing/question.ts";
import type { Manifest } from "../../shared/snapshot/manifest.ts";
import type { SegmentReader } from "../../shared/snapshot/placed.ts";
import { priceLines, type PricesAnswer } from "../../shared/snapshot/price-lines.ts";
import type { ErpPrice } from "./erp-price.ts";

/** A price of ours that is not the ERP's, with our reasons. */
export interface Mismatch {
  readonly line: number;
  readonly asked: Omit<ErpPrice, "unitPrice" | "per">;
  readonly theirs: { readonly unitPrice: string; readonly per: string };
  readonly ours:
    | { readonly unitPrice: string; readonly per: string; readonly explanation: readonly Step[] }
    | { readonly unavailable: string };
}

/** A line that could not be compared. */
export interface ParityProblem {
  readonly line: number;
  readonly code: string;
  readonly pointer?: string;
  readonly message: string;
}

/** Compares prices of the ERP with those of one snapshot, and counts. */
export class ParityRun {
  matched = 0;
  mismatched = 0;
  invalid = 0;
  /** The first of them. */
  readonly mismatches: Mismatch[] = [];
  readonly problems: ParityProblem[] = [];
  readonly #manifest: Manifest;
  readonly #reader: SegmentReader;
  readonly #now: Instant;

  constructor(snapshot: { readonly manifest: Manifest; readonly reader: SegmentReader }, now: Instant) {
    this.#manifest = snapshot.manifest;
    this.#reader = snapshot.reader;
    this.#now = now;
  }

  refuse(problem: ParityProblem): void {
    this.invalid++;
    if (this.problems.length < keptMax) this.problems.push(problem);
  }

  async compare(line: number, { unitPrice, per = "1", ...asked }: ErpPrice): Promise<void> {
    const { customer, channel, currency, sku, quantity, unit, at } = asked;
    const question = {
      customer,
      channel,
      currency,
      at: (at === undefined ? undefined : parseInstant(at)) ?? this.#now,
      lines: [{ sku, quantity, unit }],
    };
    const ours = oursOf(await priceLines(question, this.#manifest, this.#reader));
    const theirs = { unitPrice, per };
    if (!("unavailable" in ours) && isSame(theirs, ours)) {
      this.matched++;
      return;
    }
    this.mismatched++;
    if (this.mismatches.length < keptMax) this.mismatches.push({ line, asked, theirs, ours });
  }
}

const keptMax = 200;

function oursOf(answer: PricesAnswer): Mismatch["ours"] {
  if (answer.kind !== "answered") return { unavailable: answer.kind };
  const [line] = answer.lines;
  if (line === undefined) throw new Error("A question of one line must have an answer of one");
  if ("unavailable" in line) return { unavailable: line.unavailable };
  const { unitPrice, per } = line;
  return { unitPrice, per, explanation: line.explain() };
}

interface PricePer {
  readonly unitPrice: string;
  readonly per: string;
}

/** Equal as exact decimals, whatever each is for: 3.45 for 100 is 0.0345 for 1. */
function isSame(a: PricePer, b: PricePer): boolean {
  const each = ({ unitPrice, per }: PricePer) => divide(parseDecimal(unitPrice), parseDecimal(per));
  return compare(each(a), each(b)) === 0;
}
