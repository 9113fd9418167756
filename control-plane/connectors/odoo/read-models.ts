import { NumberLiteral, parseExactJson } from "../../../shared/api/exact-json.ts";
import { isRows, jsonField } from "../json-field.ts";
import { fetchPatiently, type Patience } from "../patient-fetch.ts";

export interface OdooSource extends Patience {
  /** Where Odoo is, such as `https://erp.example.com`. */
  readonly url: string;
  readonly database: string;
  /** The number of the user whom the key belongs to. */
  readonly user: number;
  readonly apiKey: string;
}

const rowsAPage = 1000;

/**
 * All records of a model, archived ones too, as `translateOdoo` takes them. Pages go on after the last id: an
 * offset would skip records when others are deleted meanwhile.
 * @throws {Error} with Odoo's own message when it refuses the call
 */
export async function readModel(
  model: string,
  fields: readonly string[],
  source: OdooSource,
): Promise<readonly unknown[]> {
  const rows: unknown[] = [];
  let last = "0";
  for (;;) {
    const page = await search(model, fields, last, source);
    rows.push(...page);
    const [id] = page.slice(-1).map(idOf);
    if (page.length < rowsAPage || id === undefined) return rows;
    if (BigInt(id) <= BigInt(last)) throw new Error(`Cannot read ${model}: its pages are not in order`);
    last = id;
  }
}

async function search(
  model: string,
  fields: readonly string[],
  last: string,
  source: OdooSource,
): Promise<readonly unknown[]> {
  const options = {
    fields: [...new Set(["id", ...fields])],
    limit: rowsAPage,
    order: "id",
    context: { active_test: false },
  };
  const domain = [[["id", ">", Number(last)]]];
  const call = [source.database, source.user, source.apiKey, model, "search_read", domain, options];
  const text = await fetchPatiently(
    new URL("/jsonrpc", source.url).href,
    {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        jsonrpc: "2.0",
        method: "call",
        id: 1,
        params: { service: "object", method: "execute_kw", args: call },
      }),
    },
    source,
  );
  const answer = parseExactJson(text);
  const result = jsonField(answer, "result");
  if (isRows(result)) return result;
  const error = jsonField(answer, "error");
  const message = jsonField(jsonField(error, "data"), "message") ?? jsonField(error, "message");
  throw new Error(
    `Cannot read ${model}: Odoo answered ${typeof message === "string" ? message : "without a result"}`,
  );
}

function idOf(row: unknown): string | undefined {
  const id = jsonField(row, "id");
  return id instanceof NumberLiteral ? id.text : undefined;
}
