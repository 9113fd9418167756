import { and, desc, eq, inArray, lt, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { webhookDeliveries, webhookEvents, webhooks } from "../tables/webhooks.ts";
import type { EventType } from "./event.ts";
import { disabling } from "./outbox.ts";

export type WebhookRow = typeof webhooks.$inferSelect;
export type DeliveryState = (typeof webhookDeliveries.$inferSelect)["state"];
export type DeliveryRow = typeof webhookDeliveries.$inferSelect &
  Pick<typeof webhookEvents.$inferSelect, "type" | "at">;

/** Adds a webhook, unless there are as many as there may be. */
export async function insertWebhook(
  catalog: D1Database,
  {
    id,
    url,
    events,
    description,
    secret,
    createdAt,
  }: Pick<WebhookRow, "id" | "url" | "events" | "description" | "secret" | "createdAt">,
  webhooksMax: number,
): Promise<WebhookRow | undefined> {
  const db = drizzle(catalog);
  await db.run(sql`
    INSERT INTO webhooks (id, url, events, description, secret, rests_until, created_at)
    SELECT ${id}, ${url}, ${JSON.stringify(events)}, ${description}, ${secret}, 0, ${createdAt}
     WHERE (SELECT count(*) FROM webhooks) < ${webhooksMax}`);
  return findWebhook(catalog, id);
}

export function findWebhook(catalog: D1Database, id: string): Promise<WebhookRow | undefined> {
  return drizzle(catalog).select().from(webhooks).where(eq(webhooks.id, id)).get();
}

/** The newest first. */
export function listWebhooks(catalog: D1Database): Promise<WebhookRow[]> {
  return drizzle(catalog).select().from(webhooks).orderBy(desc(webhooks.createdAt), webhooks.id);
}

/** What is undefined stays as it is. */
export interface WebhookChange {
  readonly url?: string | undefined;
  readonly events?: readonly EventType[] | undefined;
  readonly description?: string | undefined;
  readonly enabled?: boolean | undefined;
}

/** Changes a webhook. Disabled, it loses what waits for it to the dead letters; enabled, it starts afresh. */
export async function changeWebhook(
  catalog: D1Database,
  id: string,
  { enabled, ...change }: WebhookChange,
): Promise<void> {
  const afresh = { disabled: null, failingSince: null, restsUntil: 0 };
  // Of nothing but `enabled: false` there would be nothing to set.
  const set = { id, ...change, ...(enabled === true ? afresh : {}) };
  await drizzle(catalog).batch([
    drizzle(catalog).update(webhooks).set(set).where(eq(webhooks.id, id)),
    ...(enabled === false ? disabling(id, "asked", catalog) : []),
  ]);
}

/** Makes this the secret; messages are signed with the one before as well until then. */
export async function changeSecret(
  catalog: D1Database,
  id: string,
  { secret, previousUntil }: { readonly secret: string; readonly previousUntil: number },
): Promise<void> {
  await drizzle(catalog)
    .update(webhooks)
    .set({ secret, previousSecret: sql`${webhooks.secret}`, previousUntil })
    .where(eq(webhooks.id, id));
}

export async function deleteWebhook(catalog: D1Database, id: string): Promise<void> {
  const db = drizzle(catalog);
  await db.batch([
    db.delete(webhookDeliveries).where(eq(webhookDeliveries.webhook, id)),
    db.delete(webhooks).where(eq(webhooks.id, id)),
  ]);
}

export interface DeliveriesAsked {
  readonly state?: DeliveryState | undefined;
  /** The number of the last one of the page before. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** The newest first. */
export async function listDeliveries(
  catalog: D1Database,
  webhook: string,
  { state, before, limit }: DeliveriesAsked,
): Promise<DeliveryRow[]> {
  const rows = await drizzle(catalog)
    .select()
    .from(webhookDeliveries)
    .innerJoin(webhookEvents, eq(webhookEvents.id, webhookDeliveries.event))
    .where(
      and(
        eq(webhookDeliveries.webhook, webhook),
        state === undefined ? undefined : eq(webhookDeliveries.state, state),
        before === undefined ? undefined : lt(webhookDeliveries.number, before),
      ),
    )
    .orderBy(desc(webhookDeliveries.number))
    .limit(limit);
  return rows.map((row) => ({
    ...row.webhook_deliveries,
    type: row.webhook_events.type,
    at: row.webhook_events.at,
  }));
}

/** Has dead letters sent again, with their own ids and a new schedule; all of them, if none are named. */
export async function replayDeadLetters(
  catalog: D1Database,
  webhook: string,
  { numbers, now }: { readonly numbers: readonly number[] | undefined; readonly now: number },
): Promise<number> {
  const named = sql`(SELECT value FROM json_each(${JSON.stringify(numbers ?? [])}))`;
  const { meta } = await drizzle(catalog)
    .update(webhookDeliveries)
    .set({ state: "pending", attempts: 0, nextAt: now })
    .where(
      and(
        eq(webhookDeliveries.webhook, webhook),
        eq(webhookDeliveries.state, "dead"),
        numbers === undefined ? undefined : inArray(webhookDeliveries.number, named),
      ),
    );
  return meta.changes;
}
