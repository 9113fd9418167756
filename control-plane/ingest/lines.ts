import { Problem } from "../../shared/api/problem.ts";
import { lineBytesMax, linesMax, recordsMax } from "./limits.ts";

export interface Line {
  /** From 1; blank lines count. */
  readonly number: number;
  readonly text: string;
}

const newline = 0x0a;
const carriageReturn = 0x0d;
const byteOrderMark = [0xef, 0xbb, 0xbf];

/** As `lineGroupsOf`, line by line. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  for await (const group of lineGroupsOf(chunks)) yield* group;
}

const nothing = new Uint8Array();

/**
 * The lines of an NDJSON body that are not blank, as many at a time as a chunk has: to wait for each would take
 * longer than to read it. Lines end in LF or CRLF, the last one may end with the body; a byte order mark before the
 * first line is skipped, since Windows tools write one.
 * @throws {Problem} for what makes the body as a whole unreadable
 */
export async function* lineGroupsOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<readonly Line[]> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let rest: Uint8Array = nothing;
  let number = 0;
  let offset = 0;
  let filled = 0;

  function read(bytes: Uint8Array): Line | undefined {
    number++;
    if (number > linesMax)
      throw new Problem("body_too_large", { detail: `A body has at most ${linesMax} lines` });
    const start = offset;
    offset += bytes.byteLength + 1;
    const end = bytes.at(-1) === carriageReturn ? bytes.byteLength - 1 : bytes.byteLength;
    if (end > lineBytesMax) throw lineTooLong(number, start);
    const skipped = number === 1 && byteOrderMark.every((byte, index) => bytes[index] === byte) ? 3 : 0;
    const text = decode(decoder, bytes.subarray(skipped, end), number);
    if (isBlank(text)) return undefined;
    filled++;
    if (filled === 1) checkFirst(text);
    if (filled > recordsMax) {
      throw new Problem("body_too_large", { detail: `A body has at most ${recordsMax} records` });
    }
    return { number, text };
  }

  /** Reads all lines that end in the chunk. */
  function readEnded(chunk: Uint8Array, lines: Line[]): void {
    let from = 0;
    for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, from)) {
      const line = read(joined(rest, chunk.subarray(from, at)));
      rest = nothing;
      from = at + 1;
      if (line !== undefined) lines.push(line);
    }
    // Copied, since the runtime may fill the chunk's memory again.
    rest = joined(rest, chunk.slice(from));
    if (rest.byteLength > lineBytesMax + 1) throw lineTooLong(number + 1, offset);
  }

  for await (const chunk of chunks) {
    const lines: Line[] = [];
    let problem: Problem | undefined;
    try {
      readEnded(chunk, lines);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      problem = error;
    }
    if (lines.length > 0) yield lines;
    if (problem !== undefined) throw problem;
  }
  const last = rest.byteLength === 0 ? undefined : read(rest);
  if (last !== undefined) yield [last];
  if (filled === 0) throw new Problem("empty_body");
}

function joined(head: Uint8Array, tail: Uint8Array): Uint8Array {
  if (head.byteLength === 0) return tail;
  if (tail.byteLength === 0) return head;
  const both = new Uint8Array(head.byteLength + tail.byteLength);
  both.set(head);
  both.set(tail, head.byteLength);
  return both;
}

function decode(decoder: TextDecoder, bytes: Uint8Array, number: number): string {
  // UTF-16 text of Latin letters is valid UTF-8 with a NUL beside each letter.
  if (bytes.includes(0)) throw badEncoding(number);
  try {
    return decoder.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) throw badEncoding(number);
    throw error;
  }
}

function isBlank(text: string): boolean {
  return /^[ \t\r]*$/.test(text);
}

// An array or a pretty-printed object would otherwise be refused line by line.
function checkFirst(text: string): void {
  const start = text.trim();
  if (start.startsWith("[")) {
    throw new Problem("not_ndjson", { detail: "Send one object a line, without the array around them" });
  }
  if (start === "{") {
    throw new Problem("not_ndjson", { detail: "Send each object on one line, not pretty-printed" });
  }
}

function lineTooLong(number: number, offset: number): Problem {
  return new Problem("line_too_long", {
    detail: `Line ${number}, from byte ${offset} on, is longer than ${lineBytesMax} bytes`,
    more: { line: number, offset },
  });
}

function badEncoding(number: number): Problem {
  return new Problem("bad_encoding", { detail: `Line ${number} is not UTF-8`, more: { line: number } });
}
