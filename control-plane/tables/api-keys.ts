import { sqliteTable, text } from "drizzle-orm/sqlite-core";
import { roles } from "../../shared/api/callers.ts";

/** D1 `published`: the keys of both planes, by hash. */
export const apiKeys = sqliteTable("api_keys", {
  id: text("id").primaryKey(),
  /** SHA-256 in lower-case hex. */
  hash: text("hash").notNull().unique(),
  role: text("role", { enum: roles }).notNull(),
  /** The ids of the customers that it may ask for; null is all of them. */
  customers: text("customers", { mode: "json" }).$type<readonly string[]>(),
  label: text("label").notNull(),
  createdAt: text("created_at").notNull(),
  revokedAt: text("revoked_at"),
  /** Whose key it is, where it is one person's. */
  person: text("person"),
});
