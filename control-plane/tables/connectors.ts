import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** D1 `catalog`: what each connector that pulls saw when it last read its ERP whole. */
export const connectorStates = sqliteTable("connector_states", {
  connector: text("connector").primaryKey(),
  fingerprint: text("fingerprint").notNull(),
  /** Milliseconds since 1970. */
  readAt: integer("read_at").notNull(),
});
