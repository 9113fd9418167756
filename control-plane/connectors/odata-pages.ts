import { parseExactJson } from "../../shared/api/exact-json.ts";
import { isRows, jsonField } from "./json-field.ts";
import { fetchPatiently, type Patience } from "./patient-fetch.ts";

export interface ODataSource extends Patience {
  /** The first page, with its `$select` and `$filter`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

const pagesMax = 100_000;

/**
 * The rows of an OData collection, page by page, numbers with their source text. Both forms of OData are read:
 * `{value, "@odata.nextLink"}` of version 4 and `{d: {results, __next}}` of version 2.
 * @throws {Error} when a page is no collection, or names a next page of another origin or one already read
 */
export async function* readODataPages(source: ODataSource): AsyncGenerator<readonly unknown[]> {
  const { origin } = new URL(source.url);
  const read = new Set<string>();
  let url: string | undefined = source.url;
  while (url !== undefined) {
    if (read.has(url) || read.size >= pagesMax) throw new Error(`Cannot read ${url}: the pages have no end`);
    read.add(url);
    const text = await fetchPatiently(
      url,
      { headers: { accept: "application/json", ...source.headers } },
      source,
    );
    const page = pageOf(parseExactJson(text));
    if (page === undefined) throw new Error(`Cannot read ${url}: the answer is no OData collection`);
    yield page.rows;
    url = page.next === undefined ? undefined : nextUrl(page.next, url, origin);
  }
}

interface Page {
  readonly rows: readonly unknown[];
  readonly next: string | undefined;
}

function pageOf(body: unknown): Page | undefined {
  const inner = jsonField(body, "d") ?? body;
  const rows = Array.isArray(inner) ? inner : (jsonField(inner, "value") ?? jsonField(inner, "results"));
  const next = jsonField(inner, "@odata.nextLink") ?? jsonField(inner, "__next");
  if (!isRows(rows) || (next !== undefined && typeof next !== "string")) return undefined;
  return { rows, next };
}

/** Our credentials go with every request, so a page must not send them anywhere else. */
function nextUrl(link: string, current: string, origin: string): string {
  const next = new URL(link, current);
  if (next.origin !== origin) {
    throw new Error(`Cannot follow ${next.origin}: the pages began at ${origin}`);
  }
  return next.href;
}
