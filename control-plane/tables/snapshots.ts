import { blob, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { GuardReport } from "../guard/verdict.ts";

/**
 * D1 `published`: every segment's bytes by content hash, in parts that fit a row. Rows are only ever added or pruned,
 * never changed.
 */
export const segments = sqliteTable(
  "segments",
  {
    hash: text("hash").notNull(),
    part: integer("part").default(0).notNull(),
    parts: integer("parts").default(1).notNull(),
    bytes: blob("bytes", { mode: "buffer" }).notNull(),
  },
  ({ hash, part }) => [primaryKey({ columns: [hash, part] })],
);

/** What has been done for a snapshot so far. */
export interface SnapshotProgress {
  readonly buckets: { readonly total: number; readonly compiled: number; readonly reused: number };
  readonly segments: { readonly written: number; readonly reused: number };
  readonly bytesWritten: number;
  /** Products that somebody has no price of since there are too many tiers of it: how many, and the first of them. */
  readonly unpriced?: { readonly count: number; readonly skus: readonly string[] };
}

/** D1 `published`: the snapshots; which of the complete ones is live is the head's to say. */
export const snapshots = sqliteTable("snapshots", {
  id: text("id").primaryKey(),
  sequence: integer("sequence").notNull(),
  status: text("status", { enum: ["compiling", "complete", "failed"] }).notNull(),
  note: text("note"),
  manifest: text("manifest"),
  progress: text("progress", { mode: "json" }).$type<SnapshotProgress>().notNull(),
  failure: text("failure"),
  createdAt: text("created_at").notNull(),
  /** When it was first live; a complete one that never was is held. */
  liveAt: text("live_at"),
  /** Counts the snapshots up, for paging through them. */
  number: integer("number").notNull(),
  /** Why it is held though it was to go live. */
  guard: text("guard", { mode: "json" }).$type<GuardReport>(),
  /** Since when it is not kept: its segments may be gone. */
  prunedAt: text("pruned_at"),
});

/** D1 `published`: which snapshots somebody needs, and until when. They are kept as long. */
export const pins = sqliteTable(
  "pins",
  {
    snapshot: text("snapshot").notNull(),
    holder: text("holder").notNull(),
    /** RFC 3339; null: until the row is deleted. */
    until: text("until"),
  },
  ({ snapshot, holder }) => [primaryKey({ columns: [snapshot, holder] })],
);
