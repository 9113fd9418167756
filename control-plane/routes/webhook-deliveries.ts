import * as z from "zod";
import type { Plane } from "../../shared/api/plane.ts";
import { Problem } from "../../shared/api/problem.ts";
import { id } from "../../shared/api/values.ts";
import type { ControlEnv } from "../env.ts";
import { wakeWebhooks } from "../webhook-object.ts";
import { eventTypes } from "../webhooks/event.ts";
import {
  listDeliveries,
  replayDeadLetters,
  type DeliveriesAsked,
  type DeliveryRow,
} from "../webhooks/webhook-log.ts";
import { before, limit } from "./query-values.ts";
import { requireWebhook } from "./webhooks.ts";

const states = ["pending", "delivered", "dead"] as const;
const instant = z.string().meta({ format: "date-time" });

const delivery = z.strictObject({
  id: z.string(),
  event: z.strictObject({
    id: z.string().meta({ description: "The message's `webhook-id`" }),
    type: z.enum(eventTypes),
    at: instant,
  }),
  state: z.enum(states),
  attempts: z.int().min(0).meta({ description: "Since it was made or replayed" }),
  nextAttempt: instant.nullable(),
  lastAttempt: z
    .strictObject({ at: instant, status: z.int().nullable(), failure: z.string().nullable() })
    .nullable(),
});

const page = z.strictObject({ deliveries: z.array(delivery), next: z.string().nullable() });

export function addWebhookDeliveryRoutes(plane: Plane<ControlEnv>): void {
  const common = { tags: ["Webhooks"], roles: ["manager", "admin"] } as const;
  const params = z.strictObject({ id });
  const paging = { before: before.optional(), limit };

  plane.route(
    {
      ...common,
      method: "get",
      path: "/v1/webhooks/{id}/deliveries",
      summary: "What was sent to a webhook or waits for it, newest first",
      description: "What came to an end is kept for 30 days.",
      params,
      query: z.strictObject({ state: z.enum(states).optional(), ...paging }),
      responses: { 200: { description: "A page of them", schema: page } },
    },
    async ({ params, query, c }) => c.json(await pageOf(params.id, query, c.env)),
  );

  plane.route(
    {
      ...common,
      method: "get",
      path: "/v1/webhooks/{id}/dead-letters",
      summary: "What could not be delivered to a webhook, newest first",
      params,
      query: z.strictObject(paging),
      responses: { 200: { description: "A page of them", schema: page } },
    },
    async ({ params, query, c }) => c.json(await pageOf(params.id, { ...query, state: "dead" }, c.env)),
  );

  plane.route(
    {
      ...common,
      method: "post",
      path: "/v1/webhooks/{id}/replay",
      summary: "Sends dead letters again",
      description:
        "Those that are named, or all. Each keeps its `webhook-id`, and is tried for three days anew.",
      params,
      body: z.strictObject({ deliveries: z.array(deliveryId()).min(1).max(1000).optional() }),
      bodyOptional: true,
      responses: {
        200: { description: "How many there were", schema: z.strictObject({ replayed: z.int().min(0) }) },
      },
    },
    async ({ params, body, c }) => {
      const { disabled } = await requireWebhook(params.id, c.env);
      if (disabled !== null) throw new Problem("wrong_state", { detail: "The webhook is disabled" });
      const replayed = await replayDeadLetters(c.env.CATALOG, params.id, {
        numbers: body.deliveries,
        now: Date.now(),
      });
      if (replayed > 0) await wakeWebhooks(c.env);
      return c.json({ replayed });
    },
  );
}

function deliveryId() {
  return z
    .string()
    .regex(/^d[1-9][0-9]{0,14}$/)
    .transform((text) => Number(text.slice(1)))
    .meta({ type: "string", examples: ["d12"] });
}

async function pageOf(
  webhook: string,
  asked: DeliveriesAsked,
  env: ControlEnv,
): Promise<z.output<typeof page>> {
  await requireWebhook(webhook, env);
  const rows = await listDeliveries(env.CATALOG, webhook, asked);
  const next = rows.length < asked.limit ? null : String(rows.at(-1)?.number);
  return { deliveries: rows.map(shown), next };
}

function shown({ number, event, type, at, ...row }: DeliveryRow): z.output<typeof delivery> {
  const { state, attempts, nextAt, triedAt, status, failure } = row;
  return {
    id: `d${number}`,
    event: { id: event, type, at: new Date(at).toISOString() },
    state,
    attempts,
    nextAttempt: state === "pending" ? new Date(nextAt).toISOString() : null,
    lastAttempt: triedAt === null ? null : { at: new Date(triedAt).toISOString(), status, failure },
  };
}
