import { env } from "cloudflare:workers";
import { getTableConfig, type SQLiteTable } from "drizzle-orm/sqlite-core";
import { beforeAll, describe, expect, it } from "vitest";
import { findProblems } from "../../control-plane/queries/find-problems.ts";
import { findRecords } from "../../control-plane/queries/find-records.ts";
import { changedSkus, changesBetween } from "../../control-plane/queries/read-changes.ts";
import {
  currentSequence,
  readPriceSources,
  readPriceSourcesOf,
  readPricesOf,
  readPricesOfCustomers,
  readProducts,
  readRecords,
} from "../../control-plane/queries/read-records.ts";
import * as tables from "../../control-plane/tables/catalog.ts";
import * as connectors from "../../control-plane/tables/connectors.ts";
import * as drafts from "../../control-plane/tables/drafts.ts";
import * as parity from "../../control-plane/tables/parity.ts";
import * as webhooks from "../../control-plane/tables/webhooks.ts";
import { emptyCatalog, ErpFeed } from "../support/erp-feed.ts";

const db = env.CATALOG;
const erp = new ErpFeed(db);

describe("the tables", () => {
  const configs = [tables, parity, connectors, drafts, webhooks]
    .flatMap((module): SQLiteTable[] => Object.values(module))
    .map((table) => getTableConfig(table));

  it("are all STRICT and all known to drizzle", async () => {
    const { results } = await db
      .prepare("SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table'")
      .all<{ name: string; strict: number }>();
    const own = results.filter(({ name }) => !/^(sqlite_|_cf_|d1_)/.test(name));
    expect(own.filter(({ strict }) => strict !== 1)).toEqual([]);
    expect(own.map(({ name }) => name).sort()).toEqual(configs.map(({ name }) => name).sort());
  });

  it.each(configs.map((config): [string, typeof config] => [config.name, config]))(
    "%s has the columns, key and indexes that drizzle reads",
    async (name, { columns, primaryKeys, indexes }) => {
      const { results } = await db
        .prepare('SELECT name, type, "notnull" AS required, pk FROM pragma_table_info(?)')
        .bind(name)
        .all<{ name: string; type: string; required: number; pk: number }>();
      expect(results.map(({ name: column, type, required }) => [column, type, required === 1])).toEqual(
        columns.map((column) => [column.name, column.getSQLType().toUpperCase(), column.notNull]),
      );
      const key = primaryKeys[0]?.columns ?? columns.filter(({ primary }) => primary);
      expect(
        results
          .filter(({ pk }) => pk > 0)
          .sort((a, b) => a.pk - b.pk)
          .map((column) => column.name),
      ).toEqual(key.map((column) => column.name));
      const found = await db
        .prepare("SELECT name FROM pragma_index_list(?) WHERE origin = 'c' ORDER BY name")
        .bind(name)
        .all<{ name: string }>();
      expect(found.results.map((index) => index.name)).toEqual(
        indexes.map(({ config }) => config.name).sort(),
      );
    },
  );

  it.each([
    ["a decimal where an integer belongs", "UPDATE catalog_state SET sequence = 1.5"],
    [
      "a deleted record with a body",
      "INSERT INTO records (type, id, since, deleted, body) VALUES ('tax', 't', 1, 1, '{}')",
    ],
    [
      "a version that ends before it begins",
      "INSERT INTO records (type, id, since, until, deleted, body) VALUES ('tax', 't', 2, 2, 0, '{}')",
    ],
  ])("refuse %s", async (_name, statement) => {
    await expect(db.prepare(statement).run()).rejects.toThrow(/constraint failed|cannot store/);
  });
});

const price = (id: string, more: Record<string, unknown>) => ({
  type: "price",
  id,
  currency: "EUR",
  amount: "1",
  ...more,
});

describe("reading for the compiler", () => {
  beforeAll(async () => {
    await emptyCatalog(db);
    await erp.push([
      ...["B", "A", "a"].map((id) => ({ type: "product", id, name: id, unit: "EA" })),
      { type: "customer", id: "C", name: "C" },
      { type: "priceList", id: "L", currency: "EUR" },
      price("p2", { sku: "A", list: "L", who: { channels: ["web"] }, unit: "EA" }),
      price("p1", { sku: "A", customer: "C" }),
      price("p3", { sku: "B" }),
    ]);
    await erp.push([price("p3", { sku: "a" }), { type: "price", id: "p1", op: "delete" }]);
    await erp.push([{ type: "product", id: "B", op: "delete" }]);
  });

  it("gives records in the order of type and id, page by page, as they were at a sequence", async () => {
    expect(await currentSequence(db)).toBe(3);
    const all = { types: ["product", "customer"], limit: 2 };
    const first = await readRecords(db, { ...all, sequence: 2 });
    expect(first.map(({ type, id }) => [type, id])).toEqual([
      ["customer", "C"],
      ["product", "A"],
    ]);
    const second = await readRecords(db, { ...all, sequence: 2, after: first.at(-1) });
    expect(second.map(({ id }) => id)).toEqual(["B", "a"]);
    expect(second[0]?.body).toBe('{"name":"B","unit":"EA"}');
    const after = await readRecords(db, { ...all, sequence: 3, after: first.at(-1) });
    expect(after.map(({ id }) => id)).toEqual(["a"]);
  });

  it("gives the prices and products of SKUs, and the prices of customers", async () => {
    const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id).sort();
    expect(ids(await readPricesOf(db, { skus: ["A", "B"], sequence: 1 }))).toEqual(["p1", "p2", "p3"]);
    expect(ids(await readPricesOf(db, { skus: ["A", "B"], sequence: 2 }))).toEqual(["p2"]);
    expect(ids(await readProducts(db, { skus: ["A", "B", "none"], sequence: 3 }))).toEqual(["A"]);
    expect(ids(await readPricesOfCustomers(db, { customers: ["C"], sequence: 1 }))).toEqual(["p1"]);
    expect(ids(await readPricesOfCustomers(db, { customers: ["C"], sequence: 2 }))).toEqual([]);
  });

  it("gives what planning needs of prices, page by page: those that tell customers apart", async () => {
    const first = await readPriceSources(db, { sequence: 1, limit: 1 });
    expect([first.rows, typeof first.next]).toEqual([[], "string"]);
    const second = await readPriceSources(db, { sequence: 1, limit: 1, after: first.next });
    expect(second.rows).toEqual([
      { sku: "A", id: "p2", list: "L", group: undefined, customer: undefined, who: { channels: ["web"] } },
    ]);
    const all = await readPriceSources(db, { sequence: 1, limit: 100 });
    expect(all).toEqual({ rows: second.rows, next: undefined });
    expect(await readPriceSourcesOf(db, { skus: ["A", "B"], sequence: 1 })).toEqual(second.rows);
  });

  it("gives what changed, with the SKUs before and after", async () => {
    const changes = await changesBetween(db, { after: 1, upTo: 3, limit: 100 });
    expect(changes.map(({ type, id, sku }) => `${type} ${id} ${sku}`).sort()).toEqual([
      "price p1 A",
      "price p1 null",
      "price p3 B",
      "price p3 a",
      "product B B",
      "product B null",
    ]);
    expect([...(await changedSkus(db, { after: 1, upTo: 2 }))].sort()).toEqual(["A", "B", "a"]);
    expect(await changesBetween(db, { after: 3, upTo: 3, limit: 100 })).toEqual([]);
  });
});

/** The query plans of all statements that a read prepares. */
async function plansOf(read: (spied: D1Database) => Promise<unknown>): Promise<string[]> {
  const statements: string[] = [];
  const spied = new Proxy(db, {
    get(target, name) {
      if (name === "prepare") {
        return (statement: string) => {
          statements.push(statement);
          return target.prepare(statement);
        };
      }
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
  await read(spied);
  const plans = await Promise.all(
    statements.map((statement) => {
      const bound = Math.max(0, ...[...statement.matchAll(/\?(\d+)/g)].map(([, index]) => Number(index)));
      const count = bound === 0 ? [...statement.matchAll(/\?/g)].length : bound;
      return db
        .prepare(`EXPLAIN QUERY PLAN ${statement}`)
        .bind(...Array<null>(count).fill(null))
        .all<{ detail: string }>();
    }),
  );
  return plans.flatMap(({ results }) => results.map(({ detail }) => detail));
}

it.each<[string, (spied: D1Database) => Promise<unknown>]>([
  [
    "readRecords",
    (d) => readRecords(d, { types: ["product"], sequence: 1, after: { type: "product", id: "A" }, limit: 5 }),
  ],
  ["readProducts", (d) => readProducts(d, { skus: ["A"], sequence: 1 })],
  ["readPricesOf", (d) => readPricesOf(d, { skus: ["A"], sequence: 1 })],
  ["readPricesOfCustomers", (d) => readPricesOfCustomers(d, { customers: ["C"], sequence: 1 })],
  ["readPriceSources", (d) => readPriceSources(d, { sequence: 1, limit: 5 })],
  ["changesBetween", (d) => changesBetween(d, { after: 0, upTo: 1, limit: 5 })],
  ["findRecords", (d) => findRecords(d, { type: "price", after: { type: "price", id: "p" }, limit: 5 })],
  ["findRecords of all types", (d) => findRecords(d, { after: { type: "price", id: "p" }, limit: 5 })],
  ["findProblems", (d) => findProblems(d, { state: "parked", limit: 5 })],
])("%s searches by an index, and begins a page where the one before ended", async (_name, read) => {
  const plans = await plansOf(read);
  expect(plans.filter((step) => /^SCAN (?:records|version|fresh)\b/.test(step))).toEqual([]);
  expect(plans.filter((step) => step.includes("FOR ORDER BY"))).toEqual([]);
  // Searching by the type alone would pass over all earlier pages.
  expect(plans.filter((step) => step.endsWith("(type=?)"))).toEqual([]);
});
