import type { Dialect } from "./dialect.ts";
import { RowReader, type CsvRow } from "./row-reader.ts";

/**
 * The rows of a text as RFC 4180 has it: quotes within a quoted cell are doubled, line breaks may stand there too.
 * Blank lines are left out. A row with a stray quote is skipped to its line's end; an endless one ends the reading,
 * since where the next begins can't be told.
 */
export async function* readCsv(
  chunks: AsyncIterable<string> | Iterable<string>,
  dialect: Dialect,
): AsyncGenerator<CsvRow> {
  const reader = new RowReader(dialect);
  let isFirst = true;
  for await (const chunk of chunks) {
    yield* reader.take(isFirst ? chunk.replace(/^\uFEFF/, "") : chunk);
    if (chunk !== "") isFirst = false;
    if (reader.isLost) return;
  }
  yield* reader.end();
}
