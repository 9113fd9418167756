import { sendMessage, type SendOptions } from "./send-message.ts";
import { dueDeliveries, nextDueAt, noteAttempt, type DueDelivery } from "./outbox.ts";

export interface CourierOptions extends SendOptions {
  readonly catalog: D1Database;
  /** Puts what has happened meanwhile into the outbox. */
  readonly note: () => Promise<void>;
  /** In milliseconds since 1970. */
  readonly now: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
}

// As many connections as a Worker may have open at once.
const sentAtOnce = 6;
const budgetMilliseconds = 60_000;
const lookAgainMilliseconds = 500;

/**
 * Sends what is due, at least once: who dies between sending and noting it sends again, with the same id. One message
 * at a time to each webhook, so that one which keeps us waiting holds up no other. Returns when to go on, or undefined
 * when nothing waits.
 */
export async function deliverDue(options: CourierOptions): Promise<number | undefined> {
  const { catalog, note, now } = options;
  const until = now() + budgetMilliseconds;
  const underway = new Map<string, Promise<void>>();
  let lookedAt = -Infinity;
  try {
    for (;;) {
      if (now() - lookedAt >= lookAgainMilliseconds) {
        lookedAt = now();
        await note();
      }
      // A webhook that is free by the time of the answer was left out of the question.
      const isIdle = underway.size === 0;
      const free = { limit: sentAtOnce - underway.size, besides: [...underway.keys()] };
      const due = now() < until ? await dueDeliveries(catalog, now(), free) : [];
      for (const delivery of due) {
        const sent = deliver(delivery, options).finally(() => underway.delete(delivery.webhook));
        underway.set(delivery.webhook, sent);
      }
      if (isIdle && due.length === 0) return now() < until ? await nextDueAt(catalog) : now();
      if (underway.size > 0) await Promise.race([...underway.values(), pause(lookAgainMilliseconds)]);
    }
  } finally {
    // When one can't be noted, what became of the others still must be.
    await Promise.allSettled(underway.values());
  }
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

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
