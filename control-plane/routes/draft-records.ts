import * as z from "zod";
import type { Plane } from "../../shared/api/plane.ts";
import { Problem } from "../../shared/api/problem.ts";
import { deletion, recordSchemas } from "../../shared/api/records/record.ts";
import { id } from "../../shared/api/values.ts";
import { changeDraft, draftOf, listDraftRecords, type DraftRecordRow } from "../drafts/draft-log.ts";
import { draftTypes } from "../drafts/limits.ts";
import { putRecords } from "../drafts/put-records.ts";
import type { ControlEnv } from "../env.ts";
import { incomingBytes } from "../ingest/incoming-bytes.ts";
import { linesOf } from "../ingest/lines.ts";
import { cursorOf, placeOf } from "../../shared/api/cursor.ts";
import {
  draftManagers,
  draftParams,
  draftShape,
  etagOf,
  expectedVersion,
  ifMatch,
  shownDraft,
} from "./draft-shapes.ts";
import { after, limit } from "./query-values.ts";

const common = { tags: ["Drafts"], roles: draftManagers } as const;
const count = z.int().min(0);

const putAnswer = z.strictObject({
  draft: draftShape,
  received: count,
  counts: z.strictObject({ put: count, invalid: count }),
  problems: z
    .array(
      z.strictObject({
        line: z.int(),
        type: z.string().optional(),
        id: z.string().optional(),
        code: z.string(),
        pointer: z.string().optional(),
        message: z.string(),
      }),
    )
    .max(1000),
  problemsTruncated: z.boolean(),
});

export function addDraftRecordRoutes(plane: Plane<ControlEnv>): void {
  plane.route(
    {
      ...common,
      method: "post",
      path: "/v1/drafts/{id}/records",
      summary: "Puts records into a draft",
      description:
        "One JSON object a line, as an ERP sends them, without `rev`; with `op: delete` the record is to be taken away. " +
        "A bad line is refused alone, with its line and a code. Each record is based on the version that stands now.",
      params: draftParams,
      headers: ifMatch,
      body: {
        stream: "application/x-ndjson",
        description: "One record a line",
        line: z.union([...draftTypes.map((type) => recordSchemas[type]), deletion]),
        encodings: ["identity", "gzip"],
      },
      responses: { 200: { description: "What became of each line", schema: putAnswer } },
    },
    async ({ params, headers, body, c }) => {
      const put = await putRecords(c.env.CATALOG, params.id, {
        lines: linesOf(incomingBytes(body.stream, body.encoding).chunks),
        expected: expectedVersion(headers),
        now: Date.now(),
      });
      return c.json({ ...put, draft: shownDraft(put.draft, c.env.SIGNING_SECRET) }, 200, etagOf(put.draft));
    },
  );

  plane.route(
    {
      ...common,
      method: "get",
      path: "/v1/drafts/{id}/records",
      summary: "What a draft holds",
      params: draftParams,
      query: z.strictObject({ after: after.optional(), limit }),
      responses: {
        200: {
          description: "A page of records, in the order of type and id",
          schema: z.strictObject({
            records: z.array(z.looseObject({ type: z.string(), id: z.string() })),
            next: z.string().nullable(),
          }),
        },
      },
    },
    async ({ params, query, c }) => {
      const { number } = await draftOf(c.env.CATALOG, params.id);
      const [type, lastId] = query.after === undefined ? [] : placeOf(query.after, "string");
      const found = await listDraftRecords(c.env.CATALOG, {
        draft: number,
        limit: query.limit + 1,
        after: type === undefined || lastId === undefined ? undefined : { type, id: lastId },
      });
      const page = found.slice(0, query.limit);
      const last = page.at(-1);
      const next = last === undefined || found.length <= query.limit ? null : cursorOf([last.type, last.id]);
      return new Response(`{"records":[${page.map(recordText).join(",")}],"next":${JSON.stringify(next)}}`, {
        headers: { "Content-Type": "application/json" },
      });
    },
  );

  plane.route(
    {
      ...common,
      method: "delete",
      path: "/v1/drafts/{id}/records/{type}/{record}",
      summary: "Takes a record out of a draft, which then leaves it as it is",
      params: z.strictObject({ ...draftParams.shape, type: z.enum(draftTypes), record: id }),
      headers: ifMatch,
      responses: { 204: { description: "It is not in the draft any more" } },
    },
    async ({ params, headers, c }) => {
      const { CATALOG } = c.env;
      const { number } = await draftOf(CATALOG, params.id);
      const bound = [number, params.type, params.record] as const;
      const known = await CATALOG.prepare(
        "SELECT 1 FROM draft_records WHERE draft = ?1 AND type = ?2 AND id = ?3",
      )
        .bind(...bound)
        .first();
      if (known === null) throw new Problem("not_found", { detail: "The draft has no such record" });
      const row = await changeDraft(CATALOG, params.id, {
        expected: expectedVersion(headers),
        states: ["open"],
        now: Date.now(),
        changes: () => [
          CATALOG.prepare("DELETE FROM draft_records WHERE draft = ?1 AND type = ?2 AND id = ?3").bind(
            ...bound,
          ),
        ],
      });
      return new Response(null, { status: 204, headers: etagOf(row) });
    },
  );

  plane.route(
    {
      ...common,
      method: "post",
      path: "/v1/drafts/{id}/rebase",
      summary: "Bases a draft's records on what stands now",
      description: "For who has looked at what others changed, and means the draft nevertheless.",
      params: draftParams,
      headers: ifMatch,
      responses: { 200: { description: "The draft", schema: draftShape } },
    },
    async ({ params, headers, c }) => {
      const row = await changeDraft(c.env.CATALOG, params.id, {
        expected: expectedVersion(headers),
        states: ["open"],
        now: Date.now(),
        changes: ({ number }) => [c.env.CATALOG.prepare(rebase).bind(number)],
      });
      return c.json(shownDraft(row, c.env.SIGNING_SECRET), 200, etagOf(row));
    },
  );
}

const rebase = `
  UPDATE draft_records SET base = coalesce((SELECT since FROM records
    WHERE records.type = draft_records.type AND records.id = draft_records.id AND until IS NULL), 0)
  WHERE draft = ?1`;

function recordText({ type, id: name, op, body }: DraftRecordRow): string {
  const members = [
    `"type":${JSON.stringify(type)}`,
    `"id":${JSON.stringify(name)}`,
    ...(op === "delete" ? ['"op":"delete"'] : []),
    ...(body === "{}" || body === "" ? [] : [body.slice(1, -1)]),
  ];
  return `{${members.join(",")}}`;
}
