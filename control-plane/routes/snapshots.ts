import * as z from "zod";
import type { Plane } from "../../shared/api/plane.ts";
import { Problem } from "../../shared/api/problem.ts";
import { id, text } from "../../shared/api/values.ts";
import type { Head } from "../../shared/snapshot/head.ts";
import { signToken } from "../../shared/snapshot/token.ts";
import type { ControlEnv } from "../env.ts";
import { publisherName } from "../publisher-object.ts";
import { listSnapshots, type SnapshotRow } from "../publish/snapshot-log.ts";
import { findRow, liveHead, settled } from "./find-snapshots.ts";
import { guardReport, shownReport } from "./guard-shapes.ts";
import { before, limit } from "./query-values.ts";
import { snapshotStatus, statusOf } from "./snapshot-status.ts";

const count = z.number().int();

const snapshot = z.strictObject({
  id: z.string(),
  sequence: count,
  status: snapshotStatus,
  token: z
    .string()
    .meta({ description: "A price question that carries it is answered from this or a newer one" }),
  progress: count.meta({ description: "Of the buckets, in percent" }),
  buckets: z.strictObject({ total: count, compiled: count, reused: count }),
  segments: z.strictObject({ written: count, reused: count }),
  bytesWritten: count,
  unpriced: z
    .strictObject({ count, skus: z.array(z.string()).readonly() })
    .meta({ description: "Products that are `too_many_tiers` for somebody, and the first hundred of them" }),
  note: z.string().nullable(),
  failure: z.string().nullable(),
  guard: guardReport.nullable(),
  createdAt: z.string().meta({ format: "date-time" }),
});

const readers = ["erp", "manager", "admin"] as const;
const managers = ["manager", "admin"] as const;

export function addSnapshotRoutes(plane: Plane<ControlEnv>): void {
  plane.route(
    {
      method: "post",
      path: "/v1/snapshots",
      summary: "Publishes the records as they are now",
      description:
        "Answers at once, or with `wait` when the snapshot is live or held, has failed, or is not ready after 25 seconds. With `hold` it is made but not live: it can be compared with another, and activated. One that looks like an accident beside the live one is held too, and its `guard` says why; a manager who means it says `confirmed`, now, or activates it.",
      tags: ["Publishing"],
      roles: readers,
      body: z.strictObject({
        note: text.optional(),
        wait: z.boolean().optional(),
        hold: z.boolean().optional(),
        confirmed: z
          .boolean()
          .optional()
          .meta({ description: "That it is meant, whatever the guard would say; for managers and admins" }),
      }),
      bodyOptional: true,
      responses: { 201: { description: "The snapshot", schema: snapshot } },
    },
    async ({ body, caller, c }) => {
      if (body.confirmed === true && caller.role === "erp") {
        throw new Problem("forbidden", {
          detail: "A publish is confirmed by a manager",
          pointer: "/confirmed",
        });
      }
      const made = await c.env.PUBLISHER.getByName(publisherName).publish({
        note: body.note,
        hold: body.hold ?? false,
        confirmed: body.confirmed ?? false,
      });
      const row = body.wait === true ? await settled(made, c.env) : await findRow(made, c.env);
      return c.json(answerOf(row, await liveHead(c.env), c.env), 201, { Location: `/v1/snapshots/${made}` });
    },
  );

  plane.route(
    {
      method: "get",
      path: "/v1/snapshots",
      summary: "The snapshots, newest first",
      tags: ["Publishing"],
      roles: readers,
      query: z.strictObject({
        before: before.optional(),
        limit,
      }),
      responses: {
        200: {
          description: "A page of them",
          schema: z.strictObject({ snapshots: z.array(snapshot), next: z.string().nullable() }),
        },
      },
    },
    async ({ query, c }) => {
      const rows = await listSnapshots(c.env.PUBLISHED, query);
      const head = await liveHead(c.env);
      return c.json({
        snapshots: rows.map((row) => answerOf(row, head, c.env)),
        next: rows.length < query.limit ? null : String(rows.at(-1)?.number),
      });
    },
  );

  plane.route(
    {
      method: "get",
      path: "/v1/snapshots/{id}",
      summary: "One snapshot, with its progress",
      tags: ["Publishing"],
      roles: readers,
      params: z.strictObject({ id }),
      responses: { 200: { description: "The snapshot", schema: snapshot } },
    },
    async ({ params, c }) => {
      const row = await findRow(params.id, c.env);
      const now =
        row.status === "compiling"
          ? await c.env.PUBLISHER.getByName(publisherName).progressOf(row.id)
          : undefined;
      return c.json(answerOf({ ...row, progress: now ?? row.progress }, await liveHead(c.env), c.env));
    },
  );

  plane.route(
    {
      method: "post",
      path: "/v1/snapshots/{id}/activate",
      summary: "Makes a kept or held snapshot live",
      description:
        "Of one that the guard holds it confirms that it is meant; nothing is judged here. The next snapshot that is published replaces it as usual: to stay with it, turn publishing by itself off first.",
      tags: ["Publishing"],
      roles: managers,
      params: z.strictObject({ id }),
      responses: { 200: { description: "The snapshot, live", schema: snapshot } },
    },
    async ({ params, c }) => {
      const activation = await c.env.PUBLISHER.getByName(publisherName).activate(params.id);
      switch (activation.kind) {
        case "unknown":
          throw new Problem("not_found");
        case "pruned":
          throw new Problem("snapshot_pruned");
        case "incomplete":
          throw new Problem("wrong_state", {
            detail: `The snapshot is ${activation.status}, neither kept nor held`,
          });
        case "activated":
          return c.json(answerOf(await findRow(params.id, c.env), activation.head, c.env));
      }
    },
  );
}

function answerOf(row: SnapshotRow, head: Head | undefined, env: ControlEnv): z.output<typeof snapshot> {
  const { buckets, segments, bytesWritten, unpriced = { count: 0, skus: [] } } = row.progress;
  const done = buckets.compiled + buckets.reused;
  return {
    id: row.id,
    sequence: row.sequence,
    status: statusOf(row, head),
    // Of the live one, the head's number too: after going back the sequence alone would not ask for it.
    token: signToken(
      { number: head?.snapshot === row.id ? head.number : 0, through: row.sequence },
      env.SIGNING_SECRET,
    ),
    progress: row.status === "complete" ? 100 : Math.floor((100 * done) / Math.max(1, buckets.total)),
    buckets,
    segments,
    bytesWritten,
    unpriced,
    note: row.note,
    failure: row.failure,
    guard: row.guard === null ? null : shownReport(row.guard),
    createdAt: row.createdAt,
  };
}
