import type { SendOptions } from "./send-message.ts";
import { sendMessage } from "./send-message.ts";
import { dueDeliveries, nextDueAt, noteAttempt, type DueDelivery } from "./outbox.ts";

export interface CourierOptions extends SendOptions {
  readonly catalog: D1Database;
  /** In milliseconds since 1970. */
  readonly now: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
}

// As many connections as a Worker may have open at once.
const sentAtOnce = 6;
const budgetMilliseconds = 60_000;

/**
 * Sends what is due, at least once: who dies between sending and noting it sends again, with the same id. One message
 * at a time to each webhook. Returns when to go on, or undefined when nothing waits.
 */
export async function deliverDue(options: CourierOptions): Promise<number | undefined> {
  const { catalog, now } = options;
  const until = now() + budgetMilliseconds;
  while (now() < until) {
    const due = await dueDeliveries(catalog, now(), sentAtOnce);
    if (due.length === 0) return nextDueAt(catalog);
    await Promise.all(due.map((delivery) => deliver(delivery, options)));
  }
  return now();
}

async function deliver(due: DueDelivery, options: CourierOptions): Promise<void> {
  const { catalog, now, random } = options;
  const { event: id, body, url, secret, previousSecret, previousUntil } = due;
  const isStillValid = previousSecret !== null && previousUntil !== null && now() < previousUntil;
  const attempt = await sendMessage(
    { id, timestamp: Math.floor(now() / 1000), body },
    { url, secrets: isStillValid ? [secret, previousSecret] : [secret] },
    options,
  );
  await noteAttempt(due, attempt, catalog, { now: now(), random: random() });
}
