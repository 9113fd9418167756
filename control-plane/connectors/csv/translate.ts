import { translationOf, type Made } from "../made.ts";
import type { Translation } from "../translation.ts";
import { checkedRow } from "./checked-row.ts";
import { readHeader, type Header } from "./header.ts";
import type { CsvMapping } from "./mapping.ts";
import { readCsv } from "./read-csv.ts";
import type { CsvFault } from "./row-reader.ts";

/**
 * The records of a file with a header, by a mapping. Rows that share an id are problems all of them, since nobody
 * knows which is meant.
 */
export async function translateCsv(
  chunks: AsyncIterable<string> | Iterable<string>,
  mapping: CsvMapping,
): Promise<Translation> {
  const made: Made[] = [];
  let header: Header | undefined;
  for await (const row of readCsv(chunks, mapping)) {
    if ("fault" in row) {
      made.push(problemOfFault(row));
      // Without a header the rows below say nothing.
      if (header === undefined) return translationOf(made);
    } else if (header === undefined) {
      const found = readHeader(row.cells, row.line, mapping);
      if ("problems" in found) return translationOf(found.problems);
      header = found.header;
    } else {
      made.push(...checkedRow(row.cells, row.line, header, mapping));
    }
  }
  if (header === undefined) {
    made.push({ source: "line 1", code: "missing_header", message: "The file has no header" });
  }
  return translationOf(made);
}

function problemOfFault({ line, column, fault }: CsvFault): Made {
  return { source: `line ${line}`, code: fault, message: `Column ${column}: ${sentences[fault]}` };
}

const sentences: Readonly<Record<CsvFault["fault"], string>> = {
  stray_quote: "There is a quote where none may stand; the line is left out",
  stray_carriage_return: "There is half a line break; the line is left out",
  unterminated_quote: "A quote does not end before the file does",
  line_too_long: "The row has no end within 64 kB; nothing is read from here on",
};
