import { readFileSync } from "node:fs";
import postgres from "postgres";
import type { NaivePrices } from "../edge-worker/naive.ts";
import { rowsOf, serveFrom, type PriceRow } from "./answer-from-rows.ts";

/** `node postgres-server.ts <prices.json> <port of PostgreSQL>`, forked. */
const [, , pricesFile = "", port = ""] = process.argv;
const prices = JSON.parse(readFileSync(pricesFile, "utf8")) as NaivePrices; // As the benchmark writes it.
const sql = postgres({ host: "127.0.0.1", port: Number(port), user: "bench", database: "postgres" });
await sql`CREATE TABLE prices (list integer, sku text COLLATE "C", from_quantity integer, unit text, unit_price text,
  PRIMARY KEY (list, sku, from_quantity))`;
const rows = [...rowsOf(prices)];
for (let start = 0; start < rows.length; start += 5_000) {
  await sql`INSERT INTO prices ${sql(rows.slice(start, start + 5_000))}`;
}
await sql`VACUUM ANALYZE prices`;
// Sent together: the driver does not wait for one answer before it sends the next query.
serveFrom(
  (list, sku) =>
    sql<PriceRow[]>`SELECT from_quantity, unit, unit_price FROM prices WHERE list = ${list} AND sku = ${sku}
      ORDER BY from_quantity`,
  prices.currency,
);
