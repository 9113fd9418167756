import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/**
 * The tables of the database CATALOG, as drizzle reads them. `migrations/catalog` makes them: drizzle knows
 * neither STRICT nor WITHOUT ROWID, so a test holds the two equal.
 */

/** The newest sequence; one row. */
export const catalogState = sqliteTable("catalog_state", {
  id: integer().primaryKey(),
  sequence: integer().notNull(),
});

/** Versions: a row is what was true for `since` <= sequence < `until`; no `until` is 'still'. */
export const records = sqliteTable(
  "records",
  {
    type: text().notNull(),
    id: text().notNull(),
    since: integer().notNull(),
    until: integer(),
    deleted: integer({ mode: "boolean" }).notNull(),
    rev: text(),
    revOrder: text("rev_order"),
    /** Canonical JSON without type, id, op and rev; empty for a deleted record. */
    body: text().notNull(),
    sku: text(),
    list: text(),
    customer: text(),
    groupId: text("group_id"),
    parent: text(),
  },
  (table) => [
    primaryKey({ columns: [table.type, table.id, table.since] }),
    index("records_since").on(table.since),
    index("prices_by_sku")
      .on(table.sku, table.id, table.since)
      .where(sql`${table.type} = 'price' AND ${table.sku} IS NOT NULL`),
    index("prices_by_customer")
      .on(table.customer)
      .where(sql`${table.type} = 'price' AND ${table.customer} IS NOT NULL`),
  ],
);

/** What one request brought, and the answer that its idempotency key repeats. */
export const batches = sqliteTable(
  "batches",
  {
    number: integer().primaryKey({ autoIncrement: true }),
    keyId: text("key_id").notNull(),
    idempotencyKey: text("idempotency_key"),
    /** What else belongs to the request's identity: the sweep it was sent to. */
    target: text().notNull(),
    digest: text(),
    state: text({ enum: ["receiving", "applied", "staged", "sweep"] }).notNull(),
    leaseUntil: integer("lease_until"),
    at: integer().notNull(),
    sequence: integer(),
    answer: text(),
  },
  (table) => [
    uniqueIndex("batches_by_key").on(table.keyId, table.idempotencyKey),
    index("batches_with_key")
      .on(table.at)
      .where(sql`${table.idempotencyKey} IS NOT NULL`),
    index("batches_by_sequence")
      .on(table.sequence, table.at)
      .where(sql`${table.sequence} IS NOT NULL`),
  ],
);

/** Lines on their way into a batch; parked ones that a batch may release join it as line -1. */
export const staged = sqliteTable(
  "staged",
  {
    batch: integer().notNull(),
    type: text().notNull(),
    id: text().notNull(),
    line: integer().notNull(),
    origin: integer().notNull(),
    originLine: integer("origin_line").notNull(),
    receivedAt: integer("received_at").notNull(),
    op: text({ enum: ["upsert", "delete"] }).notNull(),
    rev: text(),
    revOrder: text("rev_order"),
    body: text().notNull(),
    sku: text(),
    list: text(),
    customer: text(),
    groupId: text("group_id"),
    parent: text(),
    /** JSON: [pointer, type, id] of what the record refers to, other than by the columns above. */
    refs: text(),
    /** JSON: [pointer, type, id] of the first reference that does not exist yet. */
    missing: text(),
    outcome: text(),
    /** The line that is parked after this line. */
    holds: integer(),
    code: text(),
    pointer: text(),
    message: text(),
  },
  (table) => [
    primaryKey({ columns: [table.batch, table.type, table.id, table.line] }),
    index("staged_by_parent")
      .on(table.batch, table.type, table.parent)
      .where(sql`${table.parent} IS NOT NULL`),
  ],
);

/** Records that wait for what they refer to; one a type and id. */
export const parked = sqliteTable(
  "parked",
  {
    type: text().notNull(),
    id: text().notNull(),
    waitsType: text("waits_type").notNull(),
    waitsId: text("waits_id").notNull(),
    origin: integer().notNull(),
    originLine: integer("origin_line").notNull(),
    receivedAt: integer("received_at").notNull(),
    rev: text(),
    revOrder: text("rev_order"),
    body: text().notNull(),
    sku: text(),
    list: text(),
    customer: text(),
    groupId: text("group_id"),
    parent: text(),
    refs: text(),
  },
  (table) => [
    primaryKey({ columns: [table.type, table.id] }),
    index("parked_by_wait").on(table.waitsType, table.waitsId),
    index("parked_by_age").on(table.receivedAt),
  ],
);

/** Every line that was refused or is parked, by the batch and line in which it came. */
export const problems = sqliteTable(
  "problems",
  {
    batch: integer().notNull(),
    line: integer().notNull(),
    state: text({ enum: ["invalid", "parked"] }).notNull(),
    type: text(),
    id: text(),
    code: text().notNull(),
    pointer: text(),
    message: text().notNull(),
    at: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.batch, table.line] }),
    index("problems_parked")
      .on(table.batch, table.line)
      .where(sql`${table.state} = 'parked'`),
  ],
);

/** A complete set that is being received; it becomes the batch of the same number. */
export const sweeps = sqliteTable("sweeps", {
  batch: integer().primaryKey(),
  type: text().notNull(),
  scopeField: text("scope_field", { enum: ["list", "customer", "group"] }),
  scopeId: text("scope_id"),
  state: text({ enum: ["open", "committed", "abandoned"] }).notNull(),
  openedSequence: integer("opened_sequence").notNull(),
  openedAt: integer("opened_at").notNull(),
  expiresAt: integer("expires_at").notNull(),
});
