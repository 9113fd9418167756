import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { EventType } from "../webhooks/event.ts";

/** D1 `catalog`: who is told of what happens to snapshots. Instants are in milliseconds. */
export const webhooks = sqliteTable("webhooks", {
  id: text().primaryKey(),
  url: text().notNull(),
  events: text({ mode: "json" }).$type<readonly EventType[]>().notNull(),
  description: text().notNull(),
  /** As it was shown when it was made. */
  secret: text().notNull(),
  /** The one before, with which messages are signed too for a while. */
  previousSecret: text("previous_secret"),
  previousUntil: integer("previous_until"),
  /** Why nothing is sent, if nothing is. */
  disabled: text({ enum: ["asked", "failing", "gone"] }),
  failingSince: integer("failing_since"),
  /** Nothing is sent before: one that just failed must not hold up the others. */
  restsUntil: integer("rests_until").notNull(),
  createdAt: integer("created_at").notNull(),
});

/** What happened, as it is told. */
export const webhookEvents = sqliteTable(
  "webhook_events",
  {
    id: text().primaryKey(),
    type: text().$type<EventType>().notNull(),
    at: integer().notNull(),
    body: text().notNull(),
  },
  (table) => [index("webhook_events_by_age").on(table.at)],
);

/** The outbox: an event that is to be told to somebody, or was, or could not be. */
export const webhookDeliveries = sqliteTable(
  "webhook_deliveries",
  {
    number: integer().primaryKey({ autoIncrement: true }),
    webhook: text().notNull(),
    event: text().notNull(),
    state: text({ enum: ["pending", "delivered", "dead"] }).notNull(),
    attempts: integer().notNull(),
    nextAt: integer("next_at").notNull(),
    triedAt: integer("tried_at"),
    /** The HTTP status of the last answer. */
    status: integer(),
    failure: text(),
  },
  (table) => [
    uniqueIndex("webhook_deliveries_once").on(table.webhook, table.event),
    index("webhook_deliveries_pending")
      .on(table.webhook, table.nextAt)
      .where(sql`${table.state} = 'pending'`),
    index("webhook_deliveries_by_webhook").on(table.webhook, table.number),
    index("webhook_deliveries_by_event").on(table.event),
  ],
);

/** Up to which head, and which snapshot's number, all has become events; one row. */
export const webhookProgress = sqliteTable("webhook_progress", {
  id: integer().primaryKey(),
  head: integer().notNull(),
  snapshot: integer().notNull(),
});
