import * as z from "zod";
import type { Plane } from "../../shared/api/plane.ts";
import { recordTypes } from "../../shared/api/records/record.ts";
import { id, integer } from "../../shared/api/values.ts";
import type { ControlEnv } from "../env.ts";
import type { Scope } from "../ingest/staged-row.ts";
import { abandonSweep, commitSweep, openSweep } from "../ingest/sweep.ts";
import { announce } from "./announce.ts";
import { commitAnswer, withToken } from "./answers.ts";

const roles = ["erp", "manager", "admin"] as const;
const bodyBytesMax = 4096;

const sweepRequest = z
  .strictObject({
    type: z.enum(recordTypes),
    scope: z
      .union([z.strictObject({ list: id }), z.strictObject({ customer: id }), z.strictObject({ group: id })])
      .optional(),
  })
  .refine(({ type, scope }) => scope === undefined || type === "price", {
    path: ["scope"],
    message: "Only a sweep of prices has a scope",
  });

const commitRequest = z.strictObject({
  count: integer.refine((count) => count >= 0, { message: "A count is not negative" }),
  force: z.boolean().optional(),
});

const sweepParams = z.strictObject({ id: z.string().max(20) });

export function addSweepRoutes(plane: Plane<ControlEnv>): void {
  plane.route(
    {
      method: "post",
      path: "/v1/erp/sweeps",
      summary: "Opens a sweep: a complete set, outside of which nothing of its scope remains",
      tags: ["Records"],
      roles,
      body: sweepRequest,
      bodyBytesMax,
      responses: {
        201: {
          description: "The sweep, which records can be sent to with ?sweep=",
          schema: z.strictObject({ sweep: z.string(), expiresAt: z.string() }),
        },
      },
    },
    async ({ body, caller, c }) => {
      const now = Date.now();
      const opened = await openSweep(c.env.CATALOG, scopeOf(body), { keyId: caller.keyId, now });
      return c.json({ sweep: opened.sweep, expiresAt: new Date(opened.expiresAt).toISOString() }, 201);
    },
  );

  plane.route(
    {
      method: "post",
      path: "/v1/erp/sweeps/{id}/commit",
      summary: "Makes a sweep's set what stands in its scope",
      tags: ["Records"],
      roles,
      params: sweepParams,
      body: commitRequest,
      bodyBytesMax,
      responses: {
        200: {
          description: "What became of each record; a second commit gets the same",
          schema: commitAnswer,
        },
      },
    },
    async ({ params, body, c }) => {
      const { count, force = false } = body;
      const { answer, sequence } = await commitSweep(c.env.CATALOG, params.id, {
        count,
        force,
        now: Date.now(),
      });
      if (sequence !== undefined) c.executionCtx.waitUntil(announce(c.env, sequence));
      return new Response(withToken(answer, c.env.SIGNING_SECRET), {
        headers: { "Content-Type": "application/json" },
      });
    },
  );

  plane.route(
    {
      method: "delete",
      path: "/v1/erp/sweeps/{id}",
      summary: "Abandons a sweep",
      tags: ["Records"],
      roles,
      params: sweepParams,
      responses: { 204: { description: "It is gone, and what was sent to it" } },
    },
    async ({ params, c }) => {
      await abandonSweep(c.env.CATALOG, params.id, Date.now());
      return new Response(null, { status: 204 });
    },
  );
}

function scopeOf({ type, scope }: z.output<typeof sweepRequest>): Scope {
  if (scope === undefined) return { type };
  if ("list" in scope) return { type, field: "list", id: scope.list };
  if ("customer" in scope) return { type, field: "customer", id: scope.customer };
  return { type, field: "group", id: scope.group };
}
