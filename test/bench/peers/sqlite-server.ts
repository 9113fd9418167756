import { readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { NaivePrices } from "../edge-worker/naive.ts";
import { rowsOf, serveFrom, type PriceRow } from "./answer-from-rows.ts";

/** `node sqlite-server.ts <prices.json> <database file>`, forked. */
const [, , pricesFile = "", databaseFile = ""] = process.argv;
const prices = JSON.parse(readFileSync(pricesFile, "utf8")) as NaivePrices; // As the benchmark writes it.
const database = new DatabaseSync(databaseFile);
// All in its own memory, and no lock to be taken for a query.
database.exec("PRAGMA cache_size = -65536; PRAGMA locking_mode = EXCLUSIVE; PRAGMA temp_store = MEMORY");
database.exec(`CREATE TABLE prices (list INTEGER, sku TEXT, from_quantity INTEGER, unit TEXT, unit_price TEXT,
  PRIMARY KEY (list, sku, from_quantity)) STRICT, WITHOUT ROWID; BEGIN`);
const insert = database.prepare("INSERT INTO prices VALUES (?, ?, ?, ?, ?)");
for (const { list, sku, from_quantity: from, unit, unit_price: price } of rowsOf(prices)) {
  insert.run(list, sku, from, unit, price);
}
database.exec("COMMIT; ANALYZE");
const find = database.prepare(
  "SELECT from_quantity, unit, unit_price FROM prices WHERE list = ? AND sku = ? ORDER BY from_quantity",
);
// The columns are those of the statement.
serveFrom((list, sku) => find.all(list, sku) as unknown as PriceRow[], prices.currency);
