import { parseExactJson } from "../../../shared/api/exact-json.ts";
import { isRows, jsonField } from "../json-field.ts";
import { fetchPatiently, type Patience } from "../patient-fetch.ts";

export interface FrappeSource extends Patience {
  /** Where the site is, such as `https://erp.example.com`. */
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

const rowsAPage = 500;

/**
 * All documents of a doctype, without their child tables, as `translateErpnext` takes them. Pages go on after the
 * last name: an offset would skip documents when others are deleted meanwhile.
 */
export async function readDoctype(
  doctype: string,
  fields: readonly string[],
  source: FrappeSource,
): Promise<readonly unknown[]> {
  const rows: unknown[] = [];
  const seen = new Set<string>();
  for (let last = ""; ;) {
    const page = await list(doctype, fields, last, source);
    rows.push(...page);
    const name = jsonField(page.at(-1), "name");
    if (page.length < rowsAPage || typeof name !== "string") return rows;
    if (seen.has(name)) throw new Error(`Cannot read ${doctype}: its pages are not in order`);
    seen.add(name);
    last = name;
  }
}

/** All documents with their child tables. Frappe gives these one document at a time. */
export async function readWholeDocuments(doctype: string, source: FrappeSource): Promise<readonly unknown[]> {
  const documents: unknown[] = [];
  for (const row of await readDoctype(doctype, [], source)) {
    const name = jsonField(row, "name");
    if (typeof name !== "string") throw new Error(`Cannot read ${doctype}: a document has no name`);
    documents.push(await get(`${resource(doctype)}/${encodeURIComponent(name)}`, source));
  }
  return documents;
}

/** A doctype of which there is one document, such as System Settings. */
export async function readSingle(doctype: string, source: FrappeSource): Promise<readonly unknown[]> {
  return [await get(`${resource(doctype)}/${encodeURIComponent(doctype)}`, source)];
}

async function list(
  doctype: string,
  fields: readonly string[],
  last: string,
  source: FrappeSource,
): Promise<readonly unknown[]> {
  const query = new URLSearchParams({
    fields: JSON.stringify([...new Set(["name", ...fields])]),
    filters: JSON.stringify(last === "" ? [] : [["name", ">", last]]),
    order_by: "name asc",
    limit_start: "0",
    limit_page_length: String(rowsAPage),
  });
  const rows = await get(`${resource(doctype)}?${query.toString()}`, source);
  if (!isRows(rows)) throw new Error(`Cannot read ${doctype}: the answer is no list`);
  return rows;
}

function resource(doctype: string): string {
  return `/api/resource/${encodeURIComponent(doctype)}`;
}

async function get(path: string, source: FrappeSource): Promise<unknown> {
  const url = new URL(path, source.url).href;
  const headers = {
    accept: "application/json",
    authorization: `token ${source.apiKey}:${source.apiSecret}`,
  };
  const data = jsonField(parseExactJson(await fetchPatiently(url, { headers }, source)), "data");
  if (data === undefined) throw new Error(`Cannot read ${url}: the answer has no data`);
  return data;
}
