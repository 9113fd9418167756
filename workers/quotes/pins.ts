import { currentRevision, finalStatuses, type Quote } from "../../shared/quoting/quote.ts";

// As long as a request may be under way, and its quote's object may be kept from telling.
const pinnedForMilliseconds = 86_400_000;

/** Holds a snapshot for a quote that is about to need it, for a day; the quote's object has to confirm it. */
export function pinForNow(
  published: D1Database,
  { quote, snapshot, now }: { readonly quote: string; readonly snapshot: string; readonly now: number },
): D1PreparedStatement {
  const until = new Date(now + pinnedForMilliseconds).toISOString();
  return published
    .prepare(
      `INSERT INTO pins (snapshot, holder, until) VALUES (?1, ?2, ?3)
       ON CONFLICT (snapshot, holder) DO UPDATE SET until = ?3 WHERE until < ?3`,
    )
    .bind(snapshot, holderOf(quote), until);
}

/**
 * Holds the snapshots that the quote needs for as long as it needs them, and lets go of the others, if the quote's row
 * has this version. Those that are held for now stay: a request may be about to bring a revision that needs them.
 */
export function settledPins(published: D1Database, quote: Quote): D1PreparedStatement[] {
  const values = [holderOf(quote.id), JSON.stringify(snapshotsOf(quote)), quote.id, quote.version];
  const ifProjected = "EXISTS (SELECT 1 FROM quotes WHERE quote = ?3 AND version = ?4)";
  return [
    published
      .prepare(
        `DELETE FROM pins WHERE holder = ?1 AND until IS NULL AND ${ifProjected}
           AND snapshot NOT IN (SELECT value FROM json_each(?2))`,
      )
      .bind(...values),
    published
      .prepare(
        `INSERT INTO pins (snapshot, holder, until) SELECT value, ?1, NULL FROM json_each(?2) WHERE ${ifProjected}
         ON CONFLICT (snapshot, holder) DO UPDATE SET until = NULL`,
      )
      .bind(...values),
  ];
}

function holderOf(quote: string): string {
  return `quote/${quote}`;
}

/** An accepted quote's prices are in its order, and those of an expired one do not count any more. */
function snapshotsOf(quote: Quote): string[] {
  const isOver = quote.status === "expired" || finalStatuses.includes(quote.status);
  return isOver ? [] : [currentRevision(quote).pin.snapshot];
}
