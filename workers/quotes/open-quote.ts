import type { EdgeEnv } from "../env.ts";
import { pinForNow } from "./pins.ts";
import type { Executed, Execution, Opened, Opening } from "./quote-store.ts";

// A quote that is not there by then was never opened.
const openingMilliseconds = 300_000;

/**
 * Opens a quote. Before its object is asked, D1 knows that there may be one, and the snapshot is held: whatever dies
 * over it, the sweep finds the quote, and finds its prices' snapshot whole.
 */
export async function openQuote(env: EdgeEnv, opening: Opening, now: number): Promise<Opened> {
  const { quote, customer, customerName, currency, set, actor } = opening;
  const at = new Date(now).toISOString();
  await env.PUBLISHED.batch([
    env.PUBLISHED.prepare(
      `INSERT INTO quotes (quote, version, customer, customer_name, currency, opened_by, status, revision, total,
         created_at, changed_at, due_at)
       VALUES (?1, 0, ?2, ?3, ?4, ?5, 'draft', 0, '0', ?6, ?6, ?7) ON CONFLICT DO NOTHING`,
    ).bind(quote, customer, customerName, currency, actor.party, at, now + openingMilliseconds),
    pinForNow(env.PUBLISHED, { quote, snapshot: set.pin.snapshot, now }),
  ]);
  return env.QUOTES.getByName(quote).open(opening);
}

/** Has a quote's object carry out a command. The snapshot of a new set is held before. */
export async function executeCommand(
  env: EdgeEnv,
  { quote, execution, now }: { readonly quote: string; readonly execution: Execution; readonly now: number },
): Promise<Executed> {
  const { command } = execution;
  if ("set" in command) {
    await pinForNow(env.PUBLISHED, { quote, snapshot: command.set.pin.snapshot, now }).run();
  }
  return env.QUOTES.getByName(quote).execute(execution);
}
