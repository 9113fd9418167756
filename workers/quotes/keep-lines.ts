import type { QuoteLine } from "../../shared/quoting/line.ts";
import type { Quote } from "../../shared/quoting/quote.ts";
import { currentRevision } from "../../shared/quoting/quote.ts";

/** A line of a new set, as far as it tells which line of the set before it is. */
export interface NewLine {
  readonly line?: string | undefined;
  readonly sku: string;
  readonly unit: string;
}

/** The line that each one of a new set is. */
export interface KeptLine {
  readonly line: string;
  /** As it was; undefined for a new line. */
  readonly before: QuoteLine | undefined;
}

export type KeptLines =
  | { readonly kind: "kept"; readonly lines: readonly KeptLine[] }
  /** A line that the current revision does not have, or that is named twice. */
  | { readonly kind: "unknown_line"; readonly index: number };

/**
 * Says which lines go on and which are new. A line that names itself is that one; another goes on as the first line of
 * its product and unit that nobody else is. New ones get numbers that no revision had, so that a number means one line
 * for ever.
 */
export function keepLines(lines: readonly NewLine[], quote: Quote | undefined): KeptLines {
  const current = quote === undefined ? [] : currentRevision(quote).lines;
  const free = new Map(current.map((line) => [line.line, line]));
  const found: (QuoteLine | undefined)[] = [];
  for (const [index, { line: named }] of lines.entries()) {
    if (named === undefined) continue;
    const before = free.get(named);
    if (before === undefined) return { kind: "unknown_line", index };
    free.delete(named);
    found[index] = before;
  }
  for (const [index, { line: named, sku, unit }] of lines.entries()) {
    if (named !== undefined) continue;
    const before = [...free.values()].find(({ own }) => own.sku === sku && own.unit === unit);
    if (before !== undefined) free.delete(before.line);
    found[index] = before;
  }
  let last = highest(quote);
  const kept = lines.map((_, index) => {
    const before = found[index];
    return { line: before?.line ?? String(++last), before };
  });
  return { kind: "kept", lines: kept };
}

function highest(quote: Quote | undefined): number {
  const numbers = (quote?.revisions ?? []).flatMap(({ lines }) => lines.map(({ line }) => Number(line)));
  return numbers.reduce((most, number) => Math.max(most, number), 0);
}
