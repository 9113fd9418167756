import * as z from "zod";
import type { Plane } from "../../shared/api/plane.ts";
import { Problem } from "../../shared/api/problem.ts";
import type { ControlEnv } from "../env.ts";
import { headName } from "../head-object.ts";
import { incomingBytes } from "../ingest/incoming-bytes.ts";
import { linesOf } from "../ingest/lines.ts";
import { erpPrice, readErpPrice } from "../parity/erp-price.ts";
import { findParityRun, insertParityRun, listParityRuns, type ParityRow } from "../parity/parity-log.ts";
import { ParityRun } from "../parity/parity-run.ts";
import { openPublished } from "../publish/published-snapshot.ts";
import { before, limit } from "./query-values.ts";

const roles = ["erp", "manager", "admin"] as const;
const linesMax = 20_000;

const count = z.int().min(0);
const step = z.strictObject({ step: z.string(), record: z.string().optional(), amount: z.string() });

const summary = z.strictObject({
  id: z.string(),
  at: z.string().meta({ format: "date-time" }),
  snapshot: z.strictObject({ id: z.string(), sequence: count }),
  received: count,
  counts: z.strictObject({ matched: count, mismatched: count, invalid: count }),
});

const run = summary.extend({
  mismatches: z.array(
    z.strictObject({
      line: count,
      asked: erpPrice.omit({ unitPrice: true, per: true }),
      theirs: z.strictObject({ unitPrice: z.string(), per: z.string() }),
      ours: z.union([
        z.strictObject({ unitPrice: z.string(), per: z.string(), explanation: z.array(step) }),
        z.strictObject({ unavailable: z.string() }),
      ]),
    }),
  ),
  problems: z.array(
    z.strictObject({ line: count, code: z.string(), pointer: z.string().optional(), message: z.string() }),
  ),
});

export function addParityRoutes(plane: Plane<ControlEnv>): void {
  plane.route(
    {
      method: "post",
      path: "/v1/parity",
      summary: "Compares the live prices with those that the ERP computed",
      description:
        "Counts the equal ones, and shows the first 200 that differ with our reasons for each. The result is kept.",
      tags: ["Parity"],
      roles,
      body: {
        stream: "application/x-ndjson",
        description: "One price a line",
        line: erpPrice,
        encodings: ["identity", "gzip"],
      },
      responses: { 200: { description: "How the prices compare", schema: run } },
    },
    async ({ body, c }) => {
      const head = await c.env.HEAD.getByName(headName).current();
      if (head === undefined) {
        throw new Problem("snapshot_unavailable", { detail: "Nothing has been published yet" });
      }
      const now = Date.now();
      const compared = new ParityRun(await openPublished(c.env.PUBLISHED, head.manifest), now);
      let received = 0;
      for await (const line of linesOf(incomingBytes(body.stream, body.encoding).chunks)) {
        if (++received > linesMax) {
          throw new Problem("body_too_large", { detail: `At most ${linesMax} prices are compared at once` });
        }
        const price = readErpPrice(line);
        if ("code" in price) compared.refuse(price);
        else await compared.compare(line.number, price);
      }
      const { matched, mismatched, invalid, mismatches, problems } = compared;
      const kept = await insertParityRun(c.env.CATALOG, {
        at: new Date(now).toISOString(),
        snapshot: head.snapshot,
        sequence: head.sequence,
        matched,
        mismatched,
        invalid,
        mismatches,
        problems,
      });
      return c.json(runOf(kept));
    },
  );

  plane.route(
    {
      method: "get",
      path: "/v1/parity",
      summary: "The comparisons, newest first",
      tags: ["Parity"],
      roles,
      query: z.strictObject({ before: before.optional(), limit }),
      responses: {
        200: {
          description: "A page of them, without their mismatches",
          schema: z.strictObject({ runs: z.array(summary), next: z.string().nullable() }),
        },
      },
    },
    async ({ query, c }) => {
      const rows = await listParityRuns(c.env.CATALOG, query);
      const next = rows.length < query.limit ? null : String(rows.at(-1)?.number);
      return c.json({ runs: rows.map(summaryOf), next });
    },
  );

  plane.route(
    {
      method: "get",
      path: "/v1/parity/{id}",
      summary: "One comparison, with its mismatches",
      tags: ["Parity"],
      roles,
      params: z.strictObject({ id: z.string().max(20) }),
      responses: { 200: { description: "The comparison", schema: run } },
    },
    async ({ params, c }) => {
      const number = /^p([1-9]\d{0,14})$/.exec(params.id)?.[1];
      const row = number === undefined ? undefined : await findParityRun(c.env.CATALOG, Number(number));
      if (row === undefined) throw new Problem("not_found");
      return c.json(runOf(row));
    },
  );
}

function summaryOf({ number, at, snapshot, sequence, ...counts }: ParityRow): z.output<typeof summary> {
  const { matched, mismatched, invalid } = counts;
  return {
    id: `p${number}`,
    at,
    snapshot: { id: snapshot, sequence },
    received: matched + mismatched + invalid,
    counts: { matched, mismatched, invalid },
  };
}

function runOf(row: ParityRow) {
  return { ...summaryOf(row), mismatches: row.mismatches, problems: row.problems };
}
