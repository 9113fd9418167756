import * as z from "zod";
import type { Plane } from "../../shared/api/plane.ts";
import { Problem } from "../../shared/api/problem.ts";
import { streamOf } from "../../shared/api/text-stream.ts";
import { id, instant, text } from "../../shared/api/values.ts";
import { parseInstant } from "../../shared/pricing/instant.ts";
import { changeLines } from "../comparison/change-lines.ts";
import type { ControlEnv } from "../env.ts";
import { openPublished, type PublishedSnapshot } from "../publish/published-snapshot.ts";
import { publisherName } from "../publisher-object.ts";
import { findSnapshot, type SnapshotRow } from "../publish/snapshot-log.ts";
import { changedPrice, count, summaryLine } from "./change-line-shapes.ts";
import { liveHead, settled } from "./find-snapshots.ts";

const line = z.union([
  changedPrice,
  z
    .strictObject({ snapshot: z.string(), sequence: count, live: z.string() })
    .meta({ description: "The first line of a preview: what is held, and what it is compared with" }),
  summaryLine,
]);

export function addComparisonRoutes(plane: Plane<ControlEnv>): void {
  plane.route(
    {
      method: "post",
      path: "/v1/snapshots/preview",
      summary: "What publishing the records as they are now would change, as a stream of JSON lines",
      description:
        "Makes a snapshot and holds it, and compares the live one with it: a line for each customer and product " +
        "whose price would be another, and a last line that sums up. Activate the held snapshot to make live just " +
        "what was shown; without that nothing changes. With publishing by itself on, what was pushed is live already.",
      tags: ["Publishing"],
      roles: ["erp", "manager", "admin"],
      body: z.strictObject({
        note: text.optional(),
        at: instant.optional().meta({ description: "The instant whose prices are compared; default: now" }),
      }),
      bodyOptional: true,
      responses: {
        200: { description: "The changes", contentType: "application/x-ndjson", schema: line },
      },
    },
    async ({ body, c }) => {
      const at = (body.at === undefined ? undefined : parseInstant(body.at)) ?? Date.now();
      const made = await c.env.PUBLISHER.getByName(publisherName).publish({ note: body.note, hold: true });
      const held = await settled(made, c.env);
      if (held.status === "failed")
        throw new Problem("wrong_state", { detail: "The snapshot could not be made" });
      if (held.manifest === null) {
        throw new Problem("not_ready", {
          detail: `Snapshot ${made} is still being made: compare it when it is held`,
          headers: { "Retry-After": "10" },
        });
      }
      const head = await liveHead(c.env);
      const after = await openPublished(c.env.PUBLISHED, held.manifest);
      if (head === undefined) throw new Problem("wrong_state", { detail: "Nothing is live yet" });
      const before = await open(head.snapshot, c.env);
      return new Response(streamOf(previewLines(held, head.snapshot, changeLines(before, after, at))), {
        headers: { "Content-Type": "application/x-ndjson" },
      });
    },
  );

  plane.route(
    {
      method: "get",
      path: "/v1/snapshots/{id}/diff/{other}",
      summary: "What differs for each customer between one snapshot and another, as a stream of JSON lines",
      description:
        "A line for each customer and product whose price is another, and a last line that sums up. Either may be held: so a change can be looked at before it is live. Channels are left out.",
      tags: ["Publishing"],
      roles: ["erp", "manager", "admin"],
      params: z.strictObject({ id, other: id }),
      query: z.strictObject({
        at: instant.optional().meta({ description: "The instant whose prices are compared; default: now" }),
      }),
      responses: {
        200: { description: "The changes", contentType: "application/x-ndjson", schema: line },
      },
    },
    async ({ params, query, c }) => {
      const at = (query.at === undefined ? undefined : parseInstant(query.at)) ?? Date.now();
      const [before, after] = await Promise.all([open(params.id, c.env), open(params.other, c.env)]);
      return new Response(streamOf(changeLines(before, after, at)), {
        headers: { "Content-Type": "application/x-ndjson" },
      });
    },
  );
}

async function* previewLines(
  held: SnapshotRow,
  live: string,
  comparison: AsyncIterable<string>,
): AsyncGenerator<string> {
  yield `${JSON.stringify({ snapshot: held.id, sequence: held.sequence, live })}\n`;
  yield* comparison;
}

async function open(snapshotId: string, env: ControlEnv): Promise<PublishedSnapshot> {
  const row = await findSnapshot(env.PUBLISHED, snapshotId);
  if (row === undefined) throw new Problem("not_found", { detail: `There is no snapshot ${snapshotId}` });
  if (row.prunedAt !== null) {
    throw new Problem("snapshot_pruned", { detail: `The snapshot ${snapshotId} is not kept any more` });
  }
  if (row.manifest === null) {
    throw new Problem("wrong_state", { detail: `The snapshot ${snapshotId} is ${row.status}` });
  }
  return openPublished(env.PUBLISHED, row.manifest);
}
