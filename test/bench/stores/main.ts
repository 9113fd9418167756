import { compileBucket } from "../../../control-plane/compile/bucket.ts";
import { readBuckets } from "../../../control-plane/publish/compile-buckets.ts";
import { CatalogPlan, recordOf } from "../../../control-plane/publish/load-plan.ts";
import {
  allRecords,
  currentSequence,
  readPricesOf,
  readProducts,
} from "../../../control-plane/queries/read-records.ts";

interface BenchEnv {
  readonly CATALOG: D1Database;
  readonly PUBLISHED: D1Database;
}

/** The columns of `records` that a row is inserted with, in the order of a `RecordRow`. */
const columns = ["type", "id", "body", "sku", "list", "customer", "group_id", "parent"] as const;

const values = columns.map((_, index) => `value ->> ${index}`).join(", ");
const insert = `INSERT INTO records (since, deleted, ${columns.join(", ")})
  SELECT 1, 0, ${values} FROM json_each(?1)`;

export default {
  async fetch(request: Request, env: BenchEnv): Promise<Response> {
    switch (new URL(request.url).pathname) {
      case "/insert":
        return insertRows(await request.text(), env);
      case "/read":
        return readRows(env);
      case "/read-by-sku":
        return readBySku(env);
      case "/compile":
        return compileAll(env);
      case "/empty":
        await env.CATALOG.batch([
          env.CATALOG.prepare("DELETE FROM records"),
          env.CATALOG.prepare("UPDATE catalog_state SET sequence = 0"),
        ]);
        return new Response();
      default:
        return new Response(null, { status: 404 });
    }
  },
} satisfies ExportedHandler<BenchEnv>;

/** Rows as D1 takes most of them in a second: texts of many rows, one a line, in one transaction. */
async function insertRows(body: string, { CATALOG }: BenchEnv): Promise<Response> {
  const chunks = body.split("\n").filter((chunk) => chunk !== "");
  await CATALOG.batch([
    CATALOG.prepare("UPDATE catalog_state SET sequence = 1"),
    ...chunks.map((chunk) => CATALOG.prepare(insert).bind(chunk)),
  ]);
  return Response.json({ chunks: chunks.length });
}

/** Every product and price, page by page. */
async function readRows({ CATALOG }: BenchEnv): Promise<Response> {
  let rows = 0;
  for await (const _row of allRecords(CATALOG, ["product", "price"], await currentSequence(CATALOG))) rows++;
  return Response.json({ rows });
}

const skusAtOnce = 1_000;

/** The same rows by the statements that a compile reads them with, as records. */
async function readBySku({ CATALOG }: BenchEnv): Promise<Response> {
  const sequence = await currentSequence(CATALOG);
  const skus: string[] = [];
  for await (const { id } of allRecords(CATALOG, ["product"], sequence)) skus.push(id);
  let rows = 0;
  for (let start = 0; start < skus.length; start += skusAtOnce) {
    const some = { skus: skus.slice(start, start + skusAtOnce), sequence };
    const [products, prices] = await Promise.all([readProducts(CATALOG, some), readPricesOf(CATALOG, some)]);
    for (const row of [...products, ...prices]) if (recordOf(row).id !== "") rows++;
  }
  return Response.json({ rows });
}

const bucketsAtOnce = 4;

/** A full compile as the publisher does it: the plan, then bucket by bucket; nothing is written. */
async function compileAll({ CATALOG: catalog }: BenchEnv): Promise<Response> {
  const sequence = await currentSequence(catalog);
  const phases = { planMs: 0, readMs: 0, compileMs: 0 };
  let since = Date.now();
  const count = (phase: keyof typeof phases) => {
    const now = Date.now();
    phases[phase] += now - since;
    since = now;
  };
  const { plan } = (await CatalogPlan.load(catalog, sequence)).loaded();
  count("planMs");
  const buckets = [...plan.buckets.values()];
  let segments = 0;
  for (let start = 0; start < buckets.length; start += bucketsAtOnce) {
    const read = await readBuckets(buckets.slice(start, start + bucketsAtOnce), sequence, catalog);
    count("readMs");
    for (const [bucket, records] of read) segments += compileBucket(bucket, records, plan).segments.size;
    count("compileMs");
  }
  return Response.json({ ...phases, segments });
}
