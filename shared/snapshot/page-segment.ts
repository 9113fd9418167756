import { decodeJson, encodeText } from "./bytes.ts";
import { encodeFrame } from "./frame-writer.ts";
import { SegmentFrame, type EncodedSegment, type SegmentKind } from "./segment.ts";

type PageKind = Exclude<SegmentKind, "prices">;

export function encodePages<Page>(kind: PageKind, pages: ReadonlyMap<string, Page>): EncodedSegment {
  const entries = [...pages].map(([key, page]) => [key, encodeText(JSON.stringify(page))] as const);
  return encodeFrame(kind, entries);
}

/** A segment of pages, each of them JSON: what the edge reads few of, and then many times. */
export class PageSegment<Page> {
  /** How much memory it takes, roughly: the size of its bytes. */
  readonly size: number;
  readonly #frame: SegmentFrame;
  readonly #read = new Map<string, Page>();

  /** @throws {SegmentError} when the bytes are no segment of this kind */
  constructor(kind: PageKind, bytes: Uint8Array) {
    this.size = bytes.length;
    this.#frame = new SegmentFrame(kind, bytes);
  }

  *keys(): Generator<string> {
    for (const [key] of this.#frame.entries()) yield key;
  }

  find(key: string): Page | undefined {
    const known = this.#read.get(key);
    if (known !== undefined) return known;
    const body = this.#frame.find(key);
    if (body === undefined) return undefined;
    // The content hash of the bytes vouches for the page: only the compiler writes it.
    const page = decodeJson(this.#frame.bytes, body.start, body.end) as Page;
    this.#read.set(key, page);
    return page;
  }
}

/** @throws {SegmentError} when the bytes are no segment of this kind */
export function openPages<Page>(kind: PageKind, bytes: Uint8Array): PageSegment<Page> {
  return new PageSegment(kind, bytes);
}
