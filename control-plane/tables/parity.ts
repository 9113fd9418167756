import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { Mismatch, ParityProblem } from "../parity/parity-run.ts";

/** D1 `catalog`: each comparison of the published prices with the ERP's own. */
export const parityRuns = sqliteTable("parity_runs", {
  number: integer("number").primaryKey({ autoIncrement: true }),
  at: text("at").notNull(),
  snapshot: text("snapshot").notNull(),
  sequence: integer("sequence").notNull(),
  matched: integer("matched").notNull(),
  mismatched: integer("mismatched").notNull(),
  invalid: integer("invalid").notNull(),
  mismatches: text("mismatches", { mode: "json" }).$type<readonly Mismatch[]>().notNull(),
  problems: text("problems", { mode: "json" }).$type<readonly ParityProblem[]>().notNull(),
});
