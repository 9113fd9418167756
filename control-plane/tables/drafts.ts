import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { DraftFailure } from "../drafts/refused-draft.ts";

/** D1 `catalog`: what a price manager prepares, to be applied as one batch. Times are milliseconds since 1970. */
export const drafts = sqliteTable(
  "drafts",
  {
    number: integer().primaryKey({ autoIncrement: true }),
    name: text().notNull(),
    note: text(),
    /** `applied`: its records are the catalogue's, and the publisher is still to be told. */
    state: text({ enum: ["open", "scheduled", "applied", "published", "discarded"] }).notNull(),
    /** Counts every change of the draft. */
    version: integer().notNull(),
    createdAt: integer("created_at").notNull(),
    changedAt: integer("changed_at").notNull(),
    publishAt: integer("publish_at"),
    /** Whether a scheduled one is applied over what the ERP has changed. */
    forced: integer({ mode: "boolean" }).notNull(),
    /** Why it was not published when its time came. */
    failure: text({ mode: "json" }).$type<DraftFailure>(),
    batch: integer(),
    /** The snapshot that was asked for, by the id that was chosen when the draft was applied. */
    snapshot: text(),
    /** What was live then. */
    replaced: text(),
    /** Whether its snapshot goes live whatever the guard would say. */
    confirmed: integer({ mode: "boolean" }).default(false).notNull(),
  },
  (table) => [
    index("drafts_underway")
      .on(table.state)
      .where(sql`${table.state} IN ('scheduled', 'applied')`),
  ],
);

/** A draft's records, each as it will be. */
export const draftRecords = sqliteTable(
  "draft_records",
  {
    draft: integer().notNull(),
    type: text().notNull(),
    id: text().notNull(),
    op: text({ enum: ["upsert", "delete"] }).notNull(),
    /** As in `records`. */
    body: text().notNull(),
    sku: text(),
    list: text(),
    customer: text(),
    groupId: text("group_id"),
    parent: text(),
    refs: text(),
    /** The `since` of the version that stood when the record came into the draft; 0 if there never was one. */
    base: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.draft, table.type, table.id] })],
);
