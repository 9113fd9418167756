import { asc, gt, inArray, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { Head } from "../../shared/snapshot/head.ts";
import type { SnapshotRow } from "../publish/snapshot-log.ts";
import { snapshots } from "../tables/snapshots.ts";
import { webhookEvents, webhookProgress } from "../tables/webhooks.ts";
import { activated, failed, held, type WebhookEvent } from "./event.ts";

/** Where it is written what has become of snapshots. */
export interface EventSources {
  readonly catalog: D1Database;
  readonly published: D1Database;
  /** The heads from this number on, in order. */
  readonly headsFrom: (number: number, limit: number) => Promise<readonly Head[]>;
  readonly secret: string;
}

const pageSize = 100;
// What came to an end before that is no news: the first webhook of a company must not be told of its whole past.
const newsMilliseconds = 86_400_000;

/**
 * Makes events, and deliveries of them, of what has happened since the last time. The log of heads and the snapshots
 * themselves are what it is found in, so nothing is lost when nobody was told of it at the time; and an event and how
 * far was looked are written in one transaction, so none is made twice.
 */
export async function noteEvents(sources: EventSources, now: number): Promise<void> {
  let more = true;
  while (more) more = await notePage(sources, now);
}

/** Returns whether there may be more. */
async function notePage(sources: EventSources, now: number): Promise<boolean> {
  const db = drizzle(sources.catalog);
  const [progress = { head: 0, snapshot: 0 }] = await db.select().from(webhookProgress);
  // From one before, since a head's changes are those since the head before it.
  const heads = await sources.headsFrom(progress.head, pageSize);
  const made = await snapshotsAfter(progress.snapshot, sources.published);
  const events = [
    ...heads
      .filter(({ number }) => number > progress.head)
      .map((head) =>
        activated(
          head,
          heads.find(({ number }) => number === head.number - 1),
          sources.secret,
        ),
      ),
    ...made.flatMap((row) => outcomeOf(row, now)),
  ];
  const unsettled = made.find(({ status }) => status === "compiling");
  const next = {
    head: heads.at(-1)?.number ?? progress.head,
    snapshot: unsettled === undefined ? (made.at(-1)?.number ?? progress.snapshot) : unsettled.number - 1,
  };
  if (events.length > 0 || next.head !== progress.head || next.snapshot !== progress.snapshot) {
    await keep(await newOnes(events, sources.catalog), next, now, sources.catalog);
  }
  return heads.length === pageSize || (made.length === pageSize && next.snapshot > progress.snapshot);
}

function snapshotsAfter(number: number, published: D1Database): Promise<SnapshotRow[]> {
  return drizzle(published)
    .select()
    .from(snapshots)
    .where(gt(snapshots.number, number))
    .orderBy(asc(snapshots.number))
    .limit(pageSize);
}

function outcomeOf(row: SnapshotRow, now: number): readonly WebhookEvent[] {
  if (now - Date.parse(row.createdAt) > newsMilliseconds) return [];
  if (row.status === "failed") return [failed(row, now)];
  return row.status === "complete" && row.liveAt === null ? [held(row, now)] : [];
}

// A snapshot that came to an end before an earlier one did is found again until that one has.
async function newOnes(events: readonly WebhookEvent[], catalog: D1Database): Promise<WebhookEvent[]> {
  const ids = JSON.stringify(events.map(({ id }) => id));
  const known = await drizzle(catalog)
    .select({ id: webhookEvents.id })
    .from(webhookEvents)
    .where(inArray(webhookEvents.id, sql`(SELECT value FROM json_each(${ids}))`));
  return events.filter((event) => !known.some(({ id }) => id === event.id));
}

async function keep(
  events: readonly WebhookEvent[],
  { head, snapshot }: { readonly head: number; readonly snapshot: number },
  now: number,
  catalog: D1Database,
): Promise<void> {
  // Drizzle can't have its raw statements in a batch.
  await catalog.batch([
    catalog
      .prepare(
        `INSERT INTO webhook_events (id, type, at, body)
         SELECT value ->> 'id', value ->> 'type', value ->> 'at', value ->> 'body' FROM json_each(?)`,
      )
      .bind(JSON.stringify(events)),
    catalog
      .prepare(
        `INSERT INTO webhook_deliveries (webhook, event, state, attempts, next_at)
         SELECT webhooks.id, webhook_events.id, 'pending', 0, ?2
           FROM json_each(?1) AS new
           JOIN webhook_events ON webhook_events.id = new.value
           JOIN webhooks ON webhooks.disabled IS NULL AND webhooks.created_at <= webhook_events.at
          WHERE EXISTS (SELECT 1 FROM json_each(webhooks.events) AS wanted WHERE wanted.value = webhook_events.type)
          ORDER BY new.key`,
      )
      .bind(JSON.stringify(events.map(({ id }) => id)), now),
    catalog.prepare("UPDATE webhook_progress SET head = ?, snapshot = ?").bind(head, snapshot),
  ]);
}
