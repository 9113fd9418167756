import { and, asc, eq, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { Cause } from "../../shared/quoting/approval.ts";
import { quoteAddressees, quotes } from "./tables.ts";

/** Which quotes wait for an addressee, by what the lists say. */
export async function addressedQuotes(
  published: D1Database,
  addressee: string,
): Promise<{ readonly quote: string; readonly version: number }[]> {
  return drizzle(published)
    .select({ quote: quotes.quote, version: quotes.version })
    .from(quoteAddressees)
    .innerJoin(quotes, eq(quotes.quote, quoteAddressees.quote))
    .where(eq(quoteAddressees.addressee, addressee));
}

/** One quote that waits, for one of several addressees. */
export interface WaitingQuote {
  readonly quote: string;
  readonly version: number;
  readonly addressee: string;
  readonly tier: number;
  readonly since: string;
  /** When it escalates. */
  readonly due: string | null;
  readonly causes: readonly Cause[];
  readonly customer: string;
  readonly customerName: string;
  readonly currency: string;
  readonly total: string;
  readonly discount: string | null;
}

/** What there is to say of these quotes, as far as they wait for one of these addressees; the longest waiting first. */
export async function waitingQuotes(
  published: D1Database,
  { quotes: ids, addressees }: { readonly quotes: readonly string[]; readonly addressees: readonly string[] },
): Promise<WaitingQuote[]> {
  return drizzle(published)
    .select({
      quote: quotes.quote,
      version: quotes.version,
      addressee: quoteAddressees.addressee,
      tier: quoteAddressees.tier,
      since: quoteAddressees.since,
      due: quoteAddressees.due,
      causes: quoteAddressees.causes,
      customer: quotes.customer,
      customerName: quotes.customerName,
      currency: quotes.currency,
      total: quotes.total,
      discount: quotes.discount,
    })
    .from(quoteAddressees)
    .innerJoin(quotes, eq(quotes.quote, quoteAddressees.quote))
    .where(
      and(
        sql`${quoteAddressees.addressee} IN (SELECT value FROM json_each(${JSON.stringify(addressees)}))`,
        sql`${quoteAddressees.quote} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`,
      ),
    )
    .orderBy(asc(quoteAddressees.since), asc(quoteAddressees.quote), asc(quoteAddressees.addressee));
}
