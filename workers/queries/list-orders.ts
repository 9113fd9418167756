import { and, desc, eq, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { orders } from "./tables.ts";

export type OrderRow = typeof orders.$inferSelect;

export interface OrderSearch {
  readonly status?: OrderRow["status"] | undefined;
  readonly customer?: string | undefined;
  /** Where the page before ended. */
  readonly before?: { readonly changedAt: string; readonly id: string } | undefined;
  readonly limit: number;
}

/** A page of orders, what changed last first. */
export async function listOrders(published: D1Database, search: OrderSearch): Promise<OrderRow[]> {
  const { status, customer, before, limit } = search;
  return drizzle(published)
    .select()
    .from(orders)
    .where(
      and(
        status === undefined ? undefined : eq(orders.status, status),
        customer === undefined ? undefined : eq(orders.customer, customer),
        before === undefined
          ? undefined
          : sql`(${orders.changedAt}, ${orders.id}) < (${before.changedAt}, ${before.id})`,
      ),
    )
    .orderBy(desc(orders.changedAt), desc(orders.id))
    .limit(limit);
}
