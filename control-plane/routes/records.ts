import * as z from "zod";
import { log } from "../../shared/api/log.ts";
import { idempotencyKeyHeader, idempotencyKeyOf } from "../../shared/api/idempotency-key.ts";
import type { Plane } from "../../shared/api/plane.ts";
import { Problem } from "../../shared/api/problem.ts";
import { deletion, recordSchemas, recordTypes } from "../../shared/api/records/record.ts";
import { id } from "../../shared/api/values.ts";
import type { ControlEnv } from "../env.ts";
import { takeRecords, type Taken } from "../ingest/take-records.ts";
import { tidy } from "../ingest/tidy.ts";
import { findRecords, type FoundRecord } from "../queries/find-records.ts";
import { currentSequence } from "../queries/read-records.ts";
import { announce } from "./announce.ts";
import { batchAnswer, recordsAnswer, withToken } from "./answers.ts";
import { cursorOf, placeOf } from "../../shared/api/cursor.ts";
import { after, limit, sequence } from "./query-values.ts";

const roles = ["erp", "manager", "admin"] as const;

export function addRecordRoutes(plane: Plane<ControlEnv>): void {
  plane.route(
    {
      method: "post",
      path: "/v1/erp/records",
      summary: "Takes records from an ERP",
      description:
        "One JSON object a line. A bad record is refused alone, with its line and a code; all others are applied in " +
        "one step. A record that refers to what is not there yet is parked until it comes.",
      tags: ["Records"],
      roles,
      query: z.strictObject({ sweep: z.string().min(1).max(20).optional() }),
      headers: z.object({
        "idempotency-key": idempotencyKeyHeader,
      }),
      body: {
        stream: "application/x-ndjson",
        description: "One record a line",
        line: z.union([...Object.values(recordSchemas), deletion]),
        encodings: ["identity", "gzip"],
      },
      responses: { 200: { description: "What became of each line", schema: batchAnswer } },
    },
    async ({ query, headers, body, caller, c }) => {
      const { CATALOG } = c.env;
      const identity = {
        keyId: caller.keyId,
        idempotencyKey: idempotencyKeyOf(headers["idempotency-key"]),
        target: query.sweep ?? "",
      };
      const delivery = { identity, body: body.stream, encoding: body.encoding };
      const taken = await takeRecords(CATALOG, delivery, Date.now).catch((error: unknown) => {
        if (error instanceof Problem && error.code === "decompressed_too_large") {
          log("security", { reason: error.code, keyId: identity.keyId });
        }
        throw error;
      });
      if (taken.sequence !== undefined) c.executionCtx.waitUntil(announce(c.env, taken.sequence));
      c.executionCtx.waitUntil(tidyUp(CATALOG));
      return takenResponse(taken, c.env.SIGNING_SECRET);
    },
  );

  plane.route(
    {
      method: "get",
      path: "/v1/erp/records",
      summary: "Reads records back, as they are or as they were at a sequence",
      tags: ["Records"],
      roles,
      query: z.strictObject({
        type: z.enum(recordTypes).optional(),
        id: id.optional(),
        after: after.optional(),
        limit,
        sequence: sequence.optional(),
      }),
      responses: { 200: { description: "A page of records", schema: recordsAnswer } },
    },
    async ({ query, c: { env } }) => {
      if (query.sequence !== undefined && query.sequence > (await currentSequence(env.CATALOG))) {
        throw new Problem("invalid_request", {
          detail: "The sequence is yet to come",
          more: { reason: "out_of_range", parameter: "sequence" },
        });
      }
      const [type, lastId] = query.after === undefined ? [] : placeOf(query.after, "string");
      const found = await findRecords(env.CATALOG, {
        ...query,
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
}

function takenResponse({ answer, replayed }: Taken, signingSecret: string): Response {
  return new Response(withToken(answer, signingSecret), {
    headers: { "Content-Type": "application/json", ...(replayed ? { "Idempotent-Replayed": "true" } : {}) },
  });
}

async function tidyUp(db: D1Database): Promise<void> {
  try {
    await tidy(db, Date.now());
  } catch (error) {
    log("intake_not_tidied", { error });
  }
}

// Put together as text, so that an integer rev of any length keeps its digits.
function recordText({ type, id: name, rev, revOrder, body }: FoundRecord): string {
  const isInteger = revOrder?.startsWith("i") === true;
  const members = [
    `"type":${JSON.stringify(type)}`,
    `"id":${JSON.stringify(name)}`,
    ...(rev === null ? [] : [`"rev":${isInteger ? rev : JSON.stringify(rev)}`]),
    ...(body === "{}" ? [] : [body.slice(1, -1)]),
  ];
  return `{${members.join(",")}}`;
}
