import * as z from "zod";
import type { Plane } from "../../shared/api/plane.ts";
import { Problem } from "../../shared/api/problem.ts";
import { instant } from "../../shared/api/values.ts";
import { parseInstant } from "../../shared/pricing/instant.ts";
import {
  changeDraft,
  draftIdOf,
  draftOf,
  requireState,
  requireVersion,
  type DraftRow,
} from "../drafts/draft-log.ts";
import { scheduleAheadMaxMilliseconds } from "../drafts/limits.ts";
import { undoDraft } from "../drafts/undo-draft.ts";
import type { ControlEnv } from "../env.ts";
import { changedPrice, count, summaryLine } from "./change-line-shapes.ts";
import {
  draftManagers,
  draftParams,
  draftShape,
  etagOf,
  expectedVersion,
  ifMatch,
  refusalProblem,
  shownDraft,
  shownDrafts,
} from "./draft-shapes.ts";

const common = { tags: ["Drafts"], roles: draftManagers } as const;

const force = z
  .boolean()
  .optional()
  .meta({ description: "Over what others changed since the records came into the draft" });

const previewLine = z.union([
  changedPrice,
  z
    .strictObject({
      draft: z.string(),
      version: count,
      sequence: count,
      manifest: z.string(),
      live: z.string(),
      liveSequence: count,
    })
    .meta({
      description:
        "The first line: what was compiled, and the live snapshot that it is compared with. Publishing the draft " +
        "makes a snapshot of this very manifest, if nothing else comes in between.",
    }),
  summaryLine,
]);

export function addDraftPublishingRoutes(plane: Plane<ControlEnv>): void {
  plane.route(
    {
      ...common,
      method: "post",
      path: "/v1/drafts/{id}/preview",
      summary: "What publishing a draft would change, as a stream of JSON lines",
      description:
        "Compiles the records with the draft's among them, beside what is live, and makes nothing visible: a line for " +
        "each customer and product whose price would be another, and a last line that sums up. What was pushed and is " +
        "not live yet counts as a change too.",
      params: draftParams,
      body: z.strictObject({
        at: instant.optional().meta({ description: "The instant whose prices are compared; default: now" }),
        force,
      }),
      bodyOptional: true,
      responses: {
        200: { description: "The changes", contentType: "application/x-ndjson", schema: previewLine },
      },
    },
    async ({ params, body, c }) => {
      const draft = await draftOf(c.env.CATALOG, params.id);
      requireState(draft, ["open", "scheduled"]);
      const at = (body.at === undefined ? undefined : parseInstant(body.at)) ?? Date.now();
      const preview = await objectOf(draft, c.env).preview(draft.number, { at, force: body.force ?? false });
      switch (preview.kind) {
        case "refused":
          throw refusalProblem(preview);
        case "nothing_live":
          throw new Problem("wrong_state", { detail: "Nothing is live yet" });
        case "previewed":
          return new Response(preview.lines, { headers: { "Content-Type": "application/x-ndjson" } });
      }
    },
  );

  plane.route(
    {
      ...common,
      method: "post",
      path: "/v1/drafts/{id}/publish",
      summary: "Publishes a draft, at once or at a set time",
      description:
        "All of its records are applied as one batch, or none, and a snapshot is made of it. Asked again, a published " +
        "draft gives the same answer, but for what has become of its snapshot. With `at` it is scheduled, or scheduled anew; if it can't be applied when the " +
        "time has come it is open again, and its `failure` says why. A snapshot that looks like an accident beside the " +
        "live one is held, which `snapshotStatus` tells, until it is activated or a later one goes live. To go back, activate the snapshot that it replaced.",
      params: draftParams,
      headers: ifMatch,
      body: z.strictObject({
        at: instant
          .optional()
          .meta({ description: "When; at once if that is past. At most a year and a day ahead" }),
        force,
        confirmed: z.boolean().optional().meta({
          description: "That what it changes is meant: its snapshot goes live whatever the guard would say",
        }),
      }),
      bodyOptional: true,
      responses: { 200: { description: "The draft, published or scheduled", schema: draftShape } },
    },
    async ({ params, headers, body, c }) => {
      const draft = await draftOf(c.env.CATALOG, params.id);
      const at = body.at === undefined ? undefined : scheduledInstant(body.at);
      const expected = expectedVersion(headers);
      const outcome = await objectOf(draft, c.env).publish(draft.number, {
        force: body.force ?? false,
        confirmed: body.confirmed ?? false,
        ...(at === undefined ? {} : { at }),
        ...(expected === undefined ? {} : { expected }),
      });
      const row = await draftOf(c.env.CATALOG, params.id);
      switch (outcome.kind) {
        case "refused":
          throw refusalProblem(outcome);
        case "wrong_state":
          throw new Problem("wrong_state", { detail: `The draft is ${outcome.state}` });
        case "other_version":
          throw new Problem("precondition_failed", {
            detail: `The draft has version ${outcome.version} by now`,
            more: { version: outcome.version },
          });
        case "done": {
          const [shown] = await shownDrafts([row], c.env);
          return c.json(shown, 200, etagOf(row));
        }
      }
    },
  );

  plane.route(
    {
      ...common,
      method: "delete",
      path: "/v1/drafts/{id}/schedule",
      summary: "Takes back when a draft is to be published: it is open again",
      params: draftParams,
      headers: ifMatch,
      responses: { 200: { description: "The draft", schema: draftShape } },
    },
    async ({ params, headers, c }) => {
      const { CATALOG } = c.env;
      const draft = await draftOf(CATALOG, params.id);
      requireVersion(draft, expectedVersion(headers));
      const row =
        draft.state === "open"
          ? draft
          : await changeDraft(CATALOG, params.id, {
              expected: expectedVersion(headers),
              states: ["scheduled"],
              now: Date.now(),
              changes: ({ number }) => [
                CATALOG.prepare("UPDATE drafts SET state = 'open', publish_at = NULL WHERE number = ?1").bind(
                  number,
                ),
              ],
            });
      return c.json(shownDraft(row, c.env.SIGNING_SECRET), 200, etagOf(row));
    },
  );

  plane.route(
    {
      ...common,
      method: "post",
      path: "/v1/drafts/{id}/undo",
      summary: "Makes a draft that takes a published one back",
      description:
        "It holds each record that the published one changed as it was before. Activating the snapshot that was " +
        "replaced is faster, but lasts only until the next snapshot is published.",
      params: draftParams,
      responses: { 201: { description: "The new draft, open", schema: draftShape } },
    },
    async ({ params, c }) => {
      const published = await draftOf(c.env.CATALOG, params.id);
      const row = await undoDraft(c.env.CATALOG, published, Date.now());
      const shown = shownDraft(row, c.env.SIGNING_SECRET);
      return c.json(shown, 201, { ...etagOf(row), Location: `/v1/drafts/${shown.id}` });
    },
  );
}

function objectOf({ number }: DraftRow, { DRAFTS }: ControlEnv) {
  return DRAFTS.getByName(draftIdOf(number));
}

function scheduledInstant(value: string): number {
  const at = parseInstant(value);
  if (at !== undefined && at <= Date.now() + scheduleAheadMaxMilliseconds) return at;
  throw new Problem("invalid_request", {
    detail: "A draft is scheduled at most a year and a day ahead",
    pointer: "/at",
    more: { reason: "out_of_range" },
  });
}
