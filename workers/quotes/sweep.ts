import { log } from "../../shared/api/log.ts";
import { finalStatuses, type Quote } from "../../shared/quoting/quote.ts";
import { timersOf } from "../../shared/quoting/timers.ts";
import type { EdgeEnv } from "../env.ts";

// The alarm has the first say.
const graceMilliseconds = 300_000;
// Whatever may have been lost of it, a quote is looked after a day after it changed, and then ever more rarely.
const dayMilliseconds = 86_400_000;
const sweptAtOnce = 200;
const askedAtOnce = 20;

/** When the sweep is to look after a quote, in milliseconds since 1970; undefined: nothing more can come due. */
export function sweepAt(quote: Quote, now: number): number | undefined {
  const isDone = finalStatuses.includes(quote.status) && quote.order?.status !== "pending";
  if (isDone) return undefined;
  const [timer] = timersOf(quote);
  return Math.min(lookAgainAt(quote.changedAt, now), (timer?.at ?? Infinity) + graceMilliseconds);
}

/** After as long again as nothing has happened: quotes that lie about for years must not keep the sweep busy. */
function lookAgainAt(changedAt: string, now: number): number {
  return now + Math.max(dayMilliseconds, now - Date.parse(changedAt));
}

/**
 * Wakes the quotes whose alarm may have been lost: those of which something was due a while ago, and each that is not
 * over now and then. A quote that was to be opened and never was is forgotten.
 */
export async function sweepQuotes(env: EdgeEnv, now: number): Promise<void> {
  const { results } = await env.PUBLISHED.prepare(
    "SELECT quote, version, changed_at AS changedAt FROM quotes WHERE due_at <= ?1 ORDER BY due_at LIMIT ?2",
  )
    .bind(now, sweptAtOnce)
    .all<DueQuote>();
  for (let start = 0; start < results.length; start += askedAtOnce) {
    await Promise.all(results.slice(start, start + askedAtOnce).map((due) => look(env, due, now)));
  }
}

interface DueQuote {
  readonly quote: string;
  readonly version: number;
  readonly changedAt: string;
}

async function look(env: EdgeEnv, due: DueQuote, now: number): Promise<void> {
  const { quote, version } = due;
  try {
    const exists = await env.QUOTES.getByName(quote).wake();
    if (!exists && version > 0) log("quote_lost", { quote, version });
    await (exists || version > 0 ? later(env, due, now) : forgetting(env, quote)).run();
  } catch (error) {
    // It stays due, and the next sweep finds it.
    log("quote_not_swept", { quote, error });
  }
}

function later(env: EdgeEnv, { quote, changedAt }: DueQuote, now: number): D1PreparedStatement {
  return env.PUBLISHED.prepare("UPDATE quotes SET due_at = ?2 WHERE quote = ?1 AND due_at <= ?3").bind(
    quote,
    lookAgainAt(changedAt, now),
    now,
  );
}

/** Its pin was for a day, and ends by itself. */
function forgetting(env: EdgeEnv, quote: string): D1PreparedStatement {
  return env.PUBLISHED.prepare("DELETE FROM quotes WHERE quote = ?1 AND version = 0").bind(quote);
}
