import type { QuoteLine } from "../../shared/quoting/line.ts";

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
  /** A line that the set before does not have, or that is named twice. */
  | { readonly kind: "unknown_line"; readonly index: number };

/**
 * Says which lines of the set before go on, and which are new. A line that names itself is that one; another goes on
 * as the first line of its product and unit that no other is. New ones are numbered after `last`, the highest that any
 * revision had, so that a number means one line for ever.
 */
export function keepLines(lines: readonly NewLine[], before: readonly QuoteLine[], last: number): KeptLines {
  const free = new Map(before.map((line) => [line.line, line]));
  const found = new Map<number, QuoteLine>();
  const take = (index: number, line: QuoteLine) => {
    free.delete(line.line);
    found.set(index, line);
  };
  for (const [index, { line: named }] of lines.entries()) {
    if (named === undefined) continue;
    const line = free.get(named);
    if (line === undefined) return { kind: "unknown_line", index };
    take(index, line);
  }
  for (const [index, { line: named, sku, unit }] of lines.entries()) {
    if (named !== undefined) continue;
    const line = [...free.values()].find(({ own }) => own.sku === sku && own.unit === unit);
    if (line !== undefined) take(index, line);
  }
  let next = last;
  const kept = lines.map((_, index) => {
    const line = found.get(index);
    return { line: line?.line ?? String(++next), before: line };
  });
  return { kind: "kept", lines: kept };
}
