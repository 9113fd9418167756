import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { Cause } from "../../shared/quoting/approval.ts";
import { quoteStatuses } from "../../shared/quoting/quote.ts";

/**
 * D1 `published`: the quotes, as far as lists show them. Each row is what the quote's object last told, and never
 * goes back to an older version; the quote itself is the object's.
 */
export const quotes = sqliteTable(
  "quotes",
  {
    quote: text().primaryKey(),
    /** The last event that is in the row. 0: the quote is being opened, and is not to be listed yet. */
    version: integer().notNull(),
    customer: text().notNull(),
    customerName: text("customer_name").notNull(),
    currency: text().notNull(),
    openedBy: text("opened_by", { enum: ["buyer", "seller"] }).notNull(),
    status: text({ enum: quoteStatuses }).notNull(),
    revision: integer().notNull(),
    total: text().notNull(),
    discount: text(),
    validUntil: text("valid_until"),
    purchaseOrder: text("purchase_order"),
    /** The same as the buyer may see it; null: not at all. */
    buyerStatus: text("buyer_status", { enum: quoteStatuses }),
    buyerRevision: integer("buyer_revision"),
    buyerTotal: text("buyer_total"),
    buyerValidUntil: text("buyer_valid_until"),
    createdAt: text("created_at").notNull(),
    changedAt: text("changed_at").notNull(),
    /** When the sweep looks after it, in milliseconds since 1970; null: nothing more can come due. */
    dueAt: integer("due_at"),
  },
  (table) => [
    index("quotes_changed").on(table.changedAt, table.quote),
    index("quotes_status").on(table.status, table.changedAt, table.quote),
    index("quotes_customer").on(table.customer, table.changedAt, table.quote),
    index("quotes_due")
      .on(table.dueAt)
      .where(sql`${table.dueAt} IS NOT NULL`),
  ],
);

/** D1 `published`: whom each quote waits for, as of the version that its row in `quotes` has. */
export const quoteAddressees = sqliteTable(
  "quote_addressees",
  {
    /** `person/` or `role/` and the id. */
    addressee: text().notNull(),
    quote: text().notNull(),
    tier: integer().notNull(),
    since: text().notNull(),
    /** When it escalates. */
    due: text(),
    causes: text({ mode: "json" }).$type<readonly Cause[]>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.addressee, table.quote] }),
    index("quote_addressees_quote").on(table.quote),
  ],
);

/** D1 `published`: signed statements of what a quote's log was at an event. Only ever added to. */
export const quoteCheckpoints = sqliteTable(
  "quote_checkpoints",
  {
    quote: text().notNull(),
    seq: integer().notNull(),
    /** The event's, which binds all before it. */
    hash: text().notNull(),
    at: text().notNull(),
    signature: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.quote, table.seq] })],
);

/** D1 `published`: the orders of accepted quotes, and what became of them; as `quotes`. */
export const orders = sqliteTable(
  "orders",
  {
    id: text().primaryKey(),
    quote: text().notNull(),
    /** Of the quote. */
    version: integer().notNull(),
    customer: text().notNull(),
    customerName: text("customer_name").notNull(),
    currency: text().notNull(),
    total: text().notNull(),
    purchaseOrder: text("purchase_order"),
    status: text({ enum: ["pending", "placed", "refused"] }).notNull(),
    erpOrder: text("erp_order"),
    problem: text(),
    acceptedAt: text("accepted_at").notNull(),
    changedAt: text("changed_at").notNull(),
  },
  (table) => [
    index("orders_changed").on(table.changedAt, table.id),
    index("orders_status").on(table.status, table.changedAt, table.id),
  ],
);
