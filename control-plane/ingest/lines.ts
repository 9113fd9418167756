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
    const end = bytes.at(-1) === carriageReturn ? bytes.byteLength - 1 : bytes.byteLength;
    const skipped = number === 0 && byteOrderMark.every((byte, index) => bytes[index] === byte) ? 3 : 0;
    return take(bytes.byteLength, end, () => decode(decoder, bytes.subarray(skipped, end), number));
  }

  /** The next line, of so many bytes with a carriage return and so many without. */
  function take(bytes: number, end: number, textOf: () => string): Line | undefined {
    number++;
    if (number > linesMax)
      throw new Problem("body_too_large", { detail: `A body has at most ${linesMax} lines` });
    const start = offset;
    offset += bytes + 1;
    if (end > lineBytesMax) throw lineTooLong(number, start);
    const text = textOf();
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
    const keep = (line: Line | undefined) => {
      if (line !== undefined) lines.push(line);
    };
    const first = chunk.indexOf(newline);
    const last = chunk.lastIndexOf(newline);
    if (first !== -1) {
      keep(read(joined(rest, chunk.subarray(0, first))));
      if (first < last) {
        const block = chunk.subarray(first + 1, last);
        const text = asciiText(decoder, block);
        if (text === undefined) for (const line of splitAt(newline, block)) keep(read(line));
        else {
          // One decoding for all of them; each letter is a byte.
          for (const line of text.split("\n")) {
            const end = line.endsWith("\r") ? line.length - 1 : line.length;
            keep(take(line.length, end, () => line.slice(0, end)));
          }
        }
      }
      rest = nothing;
    }
    // Copied, since the runtime may fill the chunk's memory again.
    rest = joined(rest, chunk.slice(last + 1));
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

/** Undefined unless all bytes are letters of ASCII, and none is NUL. */
function asciiText(decoder: TextDecoder, bytes: Uint8Array): string | undefined {
  try {
    const text = decoder.decode(bytes);
    return text.length === bytes.byteLength && !text.includes("\u0000") ? text : undefined;
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function* splitAt(separator: number, bytes: Uint8Array): Generator<Uint8Array> {
  let from = 0;
  for (let at = bytes.indexOf(separator); at !== -1; at = bytes.indexOf(separator, from)) {
    yield bytes.subarray(from, at);
    from = at + 1;
  }
  yield bytes.subarray(from);
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
