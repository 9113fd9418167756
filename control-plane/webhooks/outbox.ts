import { and, eq, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { webhookDeliveries, webhooks } from "../tables/webhooks.ts";
import type { Attempt } from "./send-message.ts";
import { pauseMilliseconds } from "./retry-schedule.ts";

/** A message that is to be sent now. */
export interface DueDelivery {
  readonly number: number;
  readonly attempts: number;
  readonly event: string;
  readonly body: string;
  readonly webhook: string;
  readonly url: string;
  readonly secret: string;
  readonly previousSecret: string | null;
  readonly previousUntil: number | null;
  readonly failingSince: number | null;
}

const dayMilliseconds = 86_400_000;
// Longer than one message is tried, so that an endpoint is given up only after it has lost messages.
const disabledAfterMilliseconds = 5 * dayMilliseconds;
const restMillisecondsMax = 60_000;
const gone = 410;
const keptMilliseconds = 30 * dayMilliseconds;
const tidiedAtOnce = 5_000;

/** The next message of each webhook, besides these, that may be sent to now. */
export async function dueDeliveries(
  catalog: D1Database,
  now: number,
  { limit, besides }: { readonly limit: number; readonly besides: readonly string[] },
): Promise<DueDelivery[]> {
  return drizzle(catalog).all<DueDelivery>(sql`
    SELECT deliveries.number, deliveries.attempts, deliveries.event, events.body, webhooks.id AS webhook, webhooks.url,
           webhooks.secret, webhooks.previous_secret AS previousSecret, webhooks.previous_until AS previousUntil,
           webhooks.failing_since AS failingSince
      FROM webhooks
      JOIN webhook_deliveries AS deliveries ON deliveries.number = (
             SELECT number FROM webhook_deliveries
              WHERE webhook = webhooks.id AND state = 'pending' AND next_at <= ${now}
              ORDER BY next_at, number LIMIT 1)
      JOIN webhook_events AS events ON events.id = deliveries.event
     WHERE webhooks.disabled IS NULL AND webhooks.rests_until <= ${now}
       AND webhooks.id NOT IN (SELECT value FROM json_each(${JSON.stringify(besides)}))
     ORDER BY deliveries.next_at, deliveries.number
     LIMIT ${limit}`);
}

/** When the next message may be sent; undefined when none waits. */
export async function nextDueAt(catalog: D1Database): Promise<number | undefined> {
  const row = await drizzle(catalog).get<{ at: number | null }>(sql`
    SELECT min(max(webhooks.rests_until, (
             SELECT min(next_at) FROM webhook_deliveries WHERE webhook = webhooks.id AND state = 'pending'))) AS at
      FROM webhooks WHERE disabled IS NULL`);
  return row.at ?? undefined;
}

/** @param random from 0 to 1, for the pause before the next attempt */
export async function noteAttempt(
  due: DueDelivery,
  attempt: Attempt,
  catalog: D1Database,
  { now, random }: { readonly now: number; readonly random: number },
): Promise<void> {
  const db = drizzle(catalog);
  const attempts = due.attempts + 1;
  const tried = { attempts, triedAt: now, status: attempt.status };
  // If it was replayed or deleted meanwhile, that stands.
  const asItWas = and(
    eq(webhookDeliveries.number, due.number),
    eq(webhookDeliveries.state, "pending"),
    eq(webhookDeliveries.attempts, due.attempts),
  );
  if (attempt.kind === "delivered") {
    await db.batch([
      db
        .update(webhookDeliveries)
        .set({ ...tried, state: "delivered", failure: null })
        .where(asItWas),
      db.update(webhooks).set({ failingSince: null, restsUntil: 0 }).where(eq(webhooks.id, due.webhook)),
    ]);
    return;
  }
  const pause = attempt.status === gone ? undefined : pauseMilliseconds(attempts, random);
  const failingSince = due.failingSince ?? now;
  const disabled =
    attempt.status === gone ? "gone" : now - failingSince >= disabledAfterMilliseconds ? "failing" : null;
  // As long again as it has been failing: a long queue must not press it message by message.
  const rest = Math.min(Math.max(pause ?? 0, now - failingSince), restMillisecondsMax);
  await db.batch([
    db
      .update(webhookDeliveries)
      .set({
        ...tried,
        state: pause === undefined ? "dead" : "pending",
        nextAt: now + (pause ?? 0),
        failure: attempt.failure,
      })
      .where(asItWas),
    db
      .update(webhooks)
      .set({ failingSince, restsUntil: now + rest })
      .where(eq(webhooks.id, due.webhook)),
    ...(disabled === null ? [] : disabling(due.webhook, disabled, catalog)),
  ]);
}

/** Stops sending to a webhook: what waited for it becomes dead letters. */
export function disabling(webhook: string, reason: "asked" | "failing" | "gone", catalog: D1Database) {
  const db = drizzle(catalog);
  return [
    db.update(webhooks).set({ disabled: reason }).where(eq(webhooks.id, webhook)),
    db
      .update(webhookDeliveries)
      .set({ state: "dead", failure: "The webhook was disabled" })
      .where(and(eq(webhookDeliveries.webhook, webhook), eq(webhookDeliveries.state, "pending"))),
  ] as const;
}

/** Forgets what was delivered, or could not be, long ago, and secrets that are not valid any more. */
export async function tidyOutbox(catalog: D1Database, now: number): Promise<void> {
  const old = "(SELECT id FROM webhook_events WHERE at < ?1 ORDER BY at LIMIT ?2)";
  const bounds = [now - keptMilliseconds, tidiedAtOnce];
  await catalog.batch([
    catalog
      .prepare(`DELETE FROM webhook_deliveries WHERE event IN ${old} AND state <> 'pending'`)
      .bind(...bounds),
    catalog
      .prepare(
        `DELETE FROM webhook_events WHERE id IN ${old}
            AND NOT EXISTS (SELECT 1 FROM webhook_deliveries WHERE event = webhook_events.id)`,
      )
      .bind(...bounds),
    catalog
      .prepare("UPDATE webhooks SET previous_secret = NULL, previous_until = NULL WHERE previous_until <= ?")
      .bind(now),
  ]);
}
