import { and, desc, eq, gt, inArray, isNotNull, sql, type SQL } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { QuoteStatus } from "../../shared/quoting/quote.ts";
import { quotes } from "./tables.ts";

export interface QuoteSearch {
  /** A buyer's list leaves out what a buyer may not see, and shows the rest as a buyer may see it. */
  readonly side: "buyer" | "seller";
  /** Whose quotes the caller may see; null: everyone's. */
  readonly customers: readonly string[] | null;
  readonly customer?: string | undefined;
  readonly statuses?: readonly QuoteStatus[] | undefined;
  /** Where the page before ended. */
  readonly before?: { readonly changedAt: string; readonly quote: string } | undefined;
  readonly limit: number;
}

export interface ListedQuote {
  readonly quote: string;
  readonly version: number;
  readonly customer: string;
  readonly customerName: string;
  readonly currency: string;
  readonly openedBy: "buyer" | "seller";
  readonly status: QuoteStatus;
  readonly revision: number;
  readonly total: string;
  /** Of the whole, in percent; null where it is not known, and in a buyer's list. */
  readonly discount: string | null;
  readonly validUntil: string | null;
  readonly purchaseOrder: string | null;
  readonly createdAt: string;
  readonly changedAt: string;
}

/** A page of quotes, what changed last first. */
export async function listQuotes(published: D1Database, search: QuoteSearch): Promise<ListedQuote[]> {
  const { side, customers, customer, statuses, before, limit } = search;
  const status = side === "buyer" ? quotes.buyerStatus : quotes.status;
  const rows = await drizzle(published)
    .select({
      ...sideColumns[side],
      quote: quotes.quote,
      version: quotes.version,
      customer: quotes.customer,
      customerName: quotes.customerName,
      currency: quotes.currency,
      openedBy: quotes.openedBy,
      purchaseOrder: quotes.purchaseOrder,
      createdAt: quotes.createdAt,
      changedAt: quotes.changedAt,
    })
    .from(quotes)
    .where(
      and(
        gt(quotes.version, 0),
        isNotNull(status),
        customers === null ? undefined : isOneOf(quotes.customer, customers),
        customer === undefined ? undefined : eq(quotes.customer, customer),
        statuses === undefined ? undefined : inArray(status, statuses),
        before === undefined
          ? undefined
          : sql`(${quotes.changedAt}, ${quotes.quote}) < (${before.changedAt}, ${before.quote})`,
      ),
    )
    .orderBy(desc(quotes.changedAt), desc(quotes.quote))
    .limit(limit);
  return rows.flatMap(({ status, revision, total, ...row }) =>
    // Those that the buyer may not see have none of these, and were left out above.
    status === null || revision === null || total === null ? [] : [{ ...row, status, revision, total }],
  );
}

const sideColumns = {
  buyer: {
    status: quotes.buyerStatus,
    revision: quotes.buyerRevision,
    total: quotes.buyerTotal,
    validUntil: quotes.buyerValidUntil,
    discount: sql<null>`NULL`,
  },
  seller: {
    status: quotes.status,
    revision: quotes.revision,
    total: quotes.total,
    validUntil: quotes.validUntil,
    discount: quotes.discount,
  },
};

// One parameter however many there are.
function isOneOf(column: SQLiteColumn, values: readonly string[]): SQL {
  return sql`${column} IN (SELECT value FROM json_each(${JSON.stringify(values)}))`;
}
