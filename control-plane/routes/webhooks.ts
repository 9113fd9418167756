import * as z from "zod";
import type { Plane } from "../../shared/api/plane.ts";
import { Problem } from "../../shared/api/problem.ts";
import { id, text } from "../../shared/api/values.ts";
import type { ControlEnv } from "../env.ts";
import { eventTypes } from "../webhooks/event.ts";
import { newWebhookSecret } from "../webhooks/sign-message.ts";
import { targetFault, targetRules } from "../webhooks/target.ts";
import {
  changeSecret,
  changeWebhook,
  deleteWebhook,
  findWebhook,
  insertWebhook,
  listWebhooks,
  type WebhookRow,
} from "../webhooks/webhook-log.ts";

const webhooksMax = 20;
const previousSecretMilliseconds = 86_400_000;

const roles = ["manager", "admin"] as const;
const instant = z.string().meta({ format: "date-time" });

const url = z
  .string()
  .min(1)
  .max(2000)
  .meta({
    description: "Where messages are posted to: a public name over HTTPS, without a port or credentials",
    examples: ["https://shop.acme.com/hooks/prices"],
  });
const events = z
  .array(z.enum(eventTypes))
  .min(1)
  .max(eventTypes.length)
  .transform((types) => [...new Set(types)])
  .meta({ description: "What it is told of; all of it, unless it says otherwise" });

const webhook = z.strictObject({
  id: z.string(),
  url: z.string(),
  events: z.array(z.enum(eventTypes)).readonly(),
  description: z.string(),
  enabled: z.boolean(),
  disabledBecause: z
    .enum(["asked", "failing", "gone"])
    .nullable()
    .meta({ description: "`failing` after five days without a success, `gone` after a 410" }),
  failingSince: instant.nullable(),
  previousSecretUntil: instant
    .nullable()
    .meta({ description: "Until then messages are signed with the secret before, too" }),
  createdAt: instant,
});

const secretAnswer = webhook.extend({
  secret: z.string().meta({ description: "Shown this once. What messages are signed with" }),
});

export function addWebhookRoutes(plane: Plane<ControlEnv>): void {
  const common = { tags: ["Webhooks"], roles } as const;
  const params = z.strictObject({ id });

  plane.route(
    {
      ...common,
      method: "post",
      path: "/v1/webhooks",
      summary: "Has an address told of what happens to snapshots",
      description:
        "Messages are signed as the Standard Webhooks specification has it, and sent at least once: one that is " +
        "sent again has the same `webhook-id`. Any 2xx answer within 10 seconds counts. Otherwise it is sent " +
        "again, for about three days, and then is a dead letter. " +
        "`snapshot.activated` carries a `token`, and `after`: `GET /v1/changes?after=…&atLeast=<token>` at the edge " +
        "then tells whose prices changed. `snapshot.held` and `publish.failed` name the snapshot.",
      body: z.strictObject({ url, events: events.optional(), description: text.optional() }),
      responses: { 201: { description: "The webhook, with its secret", schema: secretAnswer } },
    },
    async ({ body, c }) => {
      requireTarget(body.url, c.env);
      const made = await insertWebhook(
        c.env.CATALOG,
        {
          id: crypto.randomUUID(),
          url: body.url,
          events: body.events ?? eventTypes,
          description: body.description ?? "",
          secret: newWebhookSecret(),
          createdAt: Date.now(),
        },
        webhooksMax,
      );
      if (made === undefined) {
        throw new Problem("wrong_state", {
          detail: `There are ${webhooksMax} webhooks, and no more are possible`,
        });
      }
      return c.json({ ...shown(made), secret: made.secret }, 201, { Location: `/v1/webhooks/${made.id}` });
    },
  );

  plane.route(
    {
      ...common,
      method: "get",
      path: "/v1/webhooks",
      summary: "The webhooks, newest first",
      responses: {
        200: { description: "All of them", schema: z.strictObject({ webhooks: z.array(webhook) }) },
      },
    },
    async ({ c }) => c.json({ webhooks: (await listWebhooks(c.env.CATALOG)).map(shown) }),
  );

  plane.route(
    {
      ...common,
      method: "get",
      path: "/v1/webhooks/{id}",
      summary: "One webhook",
      params,
      responses: { 200: { description: "The webhook", schema: webhook } },
    },
    async ({ params, c }) => c.json(shown(await requireWebhook(params.id, c.env))),
  );

  plane.route(
    {
      ...common,
      method: "patch",
      path: "/v1/webhooks/{id}",
      summary: "Changes a webhook",
      description:
        "While it is disabled nothing is sent and nothing kept for it; what waited becomes dead letters, which can be replayed once it is enabled again.",
      params,
      body: z.strictObject({
        url: url.optional(),
        events: events.optional(),
        description: text.optional(),
        enabled: z.boolean().optional(),
      }),
      responses: { 200: { description: "The webhook as it is now", schema: webhook } },
    },
    async ({ params, body, c }) => {
      await requireWebhook(params.id, c.env);
      if (body.url !== undefined) requireTarget(body.url, c.env);
      await changeWebhook(c.env.CATALOG, params.id, body);
      return c.json(shown(await requireWebhook(params.id, c.env)));
    },
  );

  plane.route(
    {
      ...common,
      method: "delete",
      path: "/v1/webhooks/{id}",
      summary: "Deletes a webhook, with its deliveries",
      params,
      responses: { 204: { description: "It is gone" } },
    },
    async ({ params, c }) => {
      await requireWebhook(params.id, c.env);
      await deleteWebhook(c.env.CATALOG, params.id);
      return c.body(null, 204);
    },
  );

  plane.route(
    {
      ...common,
      method: "post",
      path: "/v1/webhooks/{id}/secret",
      summary: "Gives a webhook a new secret",
      description:
        "For a day messages are signed with the one before as well, so that none is refused meanwhile.",
      params,
      responses: { 200: { description: "The webhook, with its new secret", schema: secretAnswer } },
    },
    async ({ params, c }) => {
      const secret = newWebhookSecret();
      await requireWebhook(params.id, c.env);
      const previousUntil = Date.now() + previousSecretMilliseconds;
      await changeSecret(c.env.CATALOG, params.id, { secret, previousUntil });
      return c.json({ ...shown(await requireWebhook(params.id, c.env)), secret });
    },
  );
}

/** @throws {Problem} `not_found` */
export async function requireWebhook(id: string, env: ControlEnv): Promise<WebhookRow> {
  const row = await findWebhook(env.CATALOG, id);
  if (row === undefined) throw new Problem("not_found", { detail: "There is no webhook with this id" });
  return row;
}

function requireTarget(url: string, env: ControlEnv): void {
  const reason = targetFault(url, targetRules(env));
  if (reason !== undefined) throw new Problem("target_not_allowed", { pointer: "/url", more: { reason } });
}

function shown(row: WebhookRow): z.output<typeof webhook> {
  return {
    id: row.id,
    url: row.url,
    events: row.events,
    description: row.description,
    enabled: row.disabled === null,
    disabledBecause: row.disabled,
    failingSince: instantText(row.failingSince),
    previousSecretUntil:
      row.previousUntil === null || row.previousUntil <= Date.now() ? null : instantText(row.previousUntil),
    createdAt: new Date(row.createdAt).toISOString(),
  };
}

function instantText(milliseconds: number | null): string | null {
  return milliseconds === null ? null : new Date(milliseconds).toISOString();
}
