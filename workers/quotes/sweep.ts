import { log } from "../../shared/api/log.ts";
import { finalStatuses, type Quote } from "../../shared/quoting/quote.ts";
import { timersOf } from "../../shared/quoting/timers.ts";
import type { EdgeEnv } from "../env.ts";

// The alarm has the first say.
const graceMilliseconds = 300_000;
// Whatever may have been lost of it, a quote is looked after once a day.
const dayMilliseconds = 86_400_000;
const sweptAtOnce = 200;
const askedAtOnce = 20;

/** When the sweep is to look after a quote, in milliseconds since 1970; undefined: nothing more can come due. */
export function sweepAt(quote: Quote, now: number): number | undefined {
  const isDone = finalStatuses.includes(quote.status) && quote.order?.status !== "pending";
  if (isDone) return undefined;
  const [timer] = timersOf(quote);
  return Math.min(now + dayMilliseconds, (timer?.at ?? Infinity) + graceMilliseconds);
}

/**
 * Wakes the quotes whose alarm may have been lost: those of which something was due a while ago, and each that is not
 * over once a day. A quote that was to be opened and never was is forgotten.
 */
export async function sweepQuotes(env: EdgeEnv, now: number): Promise<void> {
  const { results } = await env.PUBLISHED.prepare(
    "SELECT quote, version FROM quotes WHERE due_at <= ?1 ORDER BY due_at LIMIT ?2",
  )
    .bind(now, sweptAtOnce)
    .all<{ quote: string; version: number }>();
  for (let start = 0; start < results.length; start += askedAtOnce) {
    await Promise.all(results.slice(start, start + askedAtOnce).map((due) => look(env, due, now)));
  }
}

async function look(
  env: EdgeEnv,
  { quote, version }: { readonly quote: string; readonly version: number },
  now: number,
): Promise<void> {
  try {
    const exists = await env.QUOTES.getByName(quote).wake();
    if (!exists && version > 0) log("quote_lost", { quote, version });
    await env.PUBLISHED.batch(exists || version > 0 ? [later(env, quote, now)] : forgetting(env, quote));
  } catch (error) {
    // It stays due, and the next sweep finds it.
    log("quote_not_swept", { quote, error });
  }
}

function later(env: EdgeEnv, quote: string, now: number): D1PreparedStatement {
  return env.PUBLISHED.prepare("UPDATE quotes SET due_at = ?2 WHERE quote = ?1 AND due_at <= ?3").bind(
    quote,
    now + dayMilliseconds,
    now,
  );
}

/** Its pin was for a day, and ends by itself. */
function forgetting(env: EdgeEnv, quote: string): D1PreparedStatement[] {
  return [env.PUBLISHED.prepare("DELETE FROM quotes WHERE quote = ?1 AND version = 0").bind(quote)];
}
