import * as z from "zod";
import type { Plane } from "../../shared/api/plane.ts";
import { text } from "../../shared/api/values.ts";
import type { ControlEnv } from "../env.ts";
import { changeDraft, draftOf, insertDraft, listDrafts } from "../drafts/draft-log.ts";
import {
  draftManagers,
  draftParams,
  draftShape,
  draftStates,
  etagOf,
  expectedVersion,
  ifMatch,
  shownDraft,
  shownDrafts,
} from "./draft-shapes.ts";
import { before, limit } from "./query-values.ts";

const common = { tags: ["Drafts"], roles: draftManagers } as const;

export function addDraftRoutes(plane: Plane<ControlEnv>): void {
  plane.route(
    {
      ...common,
      method: "post",
      path: "/v1/drafts",
      summary: "Makes an empty draft",
      description:
        "A draft holds prices, price lists, rules and policy that are not the catalogue's yet. It is filled, previewed, " +
        "and published as one batch, at once or at a set time.",
      body: z.strictObject({ name: text, note: text.optional() }),
      bodyBytesMax: 16_384,
      responses: { 201: { description: "The draft", schema: draftShape } },
    },
    async ({ body, c }) => {
      const row = await insertDraft(c.env.CATALOG, { name: body.name, note: body.note, now: Date.now() });
      const shown = shownDraft(row, c.env.SIGNING_SECRET);
      return c.json(shown, 201, { ...etagOf(row), Location: `/v1/drafts/${shown.id}` });
    },
  );

  plane.route(
    {
      ...common,
      method: "get",
      path: "/v1/drafts",
      summary: "The drafts, newest first",
      query: z.strictObject({ state: z.enum(draftStates).optional(), before: before.optional(), limit }),
      responses: {
        200: {
          description: "A page of them",
          schema: z.strictObject({ drafts: z.array(draftShape), next: z.string().nullable() }),
        },
      },
    },
    async ({ query, c }) => {
      const rows = await listDrafts(c.env.CATALOG, query);
      return c.json({
        drafts: await shownDrafts(rows, c.env),
        next: rows.length < query.limit ? null : String(rows.at(-1)?.number),
      });
    },
  );

  plane.route(
    {
      ...common,
      method: "get",
      path: "/v1/drafts/{id}",
      summary: "One draft",
      params: draftParams,
      responses: { 200: { description: "The draft", schema: draftShape } },
    },
    async ({ params, c }) => {
      const row = await draftOf(c.env.CATALOG, params.id);
      const [shown] = await shownDrafts([row], c.env);
      return c.json(shown, 200, etagOf(row));
    },
  );

  plane.route(
    {
      ...common,
      method: "delete",
      path: "/v1/drafts/{id}",
      summary: "Discards a draft that is not published, be it scheduled",
      params: draftParams,
      headers: ifMatch,
      responses: { 204: { description: "It is discarded; it can still be read" } },
    },
    async ({ params, headers, c }) => {
      const { CATALOG } = c.env;
      const { state } = await draftOf(CATALOG, params.id);
      if (state !== "discarded") {
        await changeDraft(CATALOG, params.id, {
          expected: expectedVersion(headers),
          states: ["open", "scheduled"],
          now: Date.now(),
          changes: ({ number }) => [
            CATALOG.prepare(
              "UPDATE drafts SET state = 'discarded', publish_at = NULL WHERE number = ?1",
            ).bind(number),
          ],
        });
      }
      return c.body(null, 204);
    },
  );
}
