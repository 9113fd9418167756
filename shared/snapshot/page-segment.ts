import { decodeJson, encodeText } from "./bytes.ts";
import { encodeFrame, openFrame, type EncodedSegment, type SegmentKind } from "./segment.ts";

/** A segment of pages, each of them JSON: what the edge reads few of, and then many times. */
export interface PageSegment<Page> {
  /** How much memory it takes, roughly: the size of its bytes. */
  readonly size: number;
  keys(): Iterable<string>;
  find(key: string): Page | undefined;
}

type PageKind = Exclude<SegmentKind, "prices">;

export function encodePages<Page>(kind: PageKind, pages: ReadonlyMap<string, Page>): EncodedSegment {
  const entries = [...pages].map(([key, page]) => [key, encodeText(JSON.stringify(page))] as const);
  return encodeFrame(kind, entries, new Uint8Array());
}

/** @throws {SegmentError} when the bytes are no segment of this kind */
export function openPages<Page>(kind: PageKind, bytes: Uint8Array): PageSegment<Page> {
  const frame = openFrame(kind, bytes);
  const read = new Map<string, Page>();
  return {
    size: bytes.length,
    *keys() {
      for (const [key] of frame.entries()) yield key;
    },
    find(key) {
      const known = read.get(key);
      if (known !== undefined) return known;
      const body = frame.find(key);
      if (body === undefined) return undefined;
      // The content hash of the bytes vouches for the page: only the compiler writes it.
      const page = decodeJson(bytes, body.start, body.end) as Page;
      read.set(key, page);
      return page;
    },
  };
}
