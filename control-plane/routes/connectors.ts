import * as z from "zod";
import { checkInput } from "../../shared/api/check-input.ts";
import { NumberLiteral } from "../../shared/api/exact-json.ts";
import { idempotencyKeyHeader, idempotencyKeyOf } from "../../shared/api/idempotency-key.ts";
import type { Plane } from "../../shared/api/plane.ts";
import { Problem } from "../../shared/api/problem.ts";
import { postedConnectors, type PostedConnectorName } from "../connectors/connectors.ts";
import { takeTranslation } from "../connectors/take-translation.ts";
import { TrytonError } from "../connectors/tryton/client.ts";
import { pull } from "../connectors/tryton/pull.ts";
import { trytonOf } from "../connectors/tryton/server.ts";
import type { ControlEnv } from "../env.ts";
import type { ConnectorProblem } from "../connectors/translation.ts";
import type { Taken } from "../ingest/take-records.ts";
import { announce } from "./announce.ts";
import { batchAnswer, withToken } from "./answers.ts";

const roles = ["erp", "manager", "admin"] as const;
const names = Object.keys(postedConnectors) as [PostedConnectorName, ...PostedConnectorName[]]; // There are some.
const bodyBytesMax = 20 * 1024 * 1024;

const idempotencyKey = z.object({ "idempotency-key": idempotencyKeyHeader });

const translationAnswer = z.strictObject({
  problems: z
    .array(z.strictObject({ source: z.string(), code: z.string(), message: z.string() }))
    .meta({ description: "What no record could be made of, by the ERP's own keys" }),
  batch: batchAnswer
    .nullable()
    .meta({ description: "As for `POST /v1/erp/records`; null: nothing was to take" }),
});

/** What ERPs say in their own forms. */
export function addConnectorRoutes(plane: Plane<ControlEnv>): void {
  plane.route(
    {
      method: "post",
      path: "/v1/erp/payloads/{connector}",
      summary: "Takes an ERP's own payload",
      description:
        "Translates it into records, and takes these as one batch. `options` say what the payload does not; the " +
        "connectors' README has both for each.",
      tags: ["Connectors"],
      roles,
      params: z.strictObject({ connector: z.enum(names) }),
      headers: idempotencyKey,
      body: z.strictObject({ options: z.unknown(), payload: z.unknown() }),
      bodyBytesMax,
      responses: { 200: { description: "What was made of it", schema: translationAnswer } },
    },
    async ({ params, headers, body, caller, c }) => {
      const { options, payload, translate } = postedConnectors[params.connector];
      const identity = {
        keyId: caller.keyId,
        idempotencyKey: idempotencyKeyOf(headers["idempotency-key"]),
        target: "",
      };
      // Options are settings, never amounts, so that their numbers may be plain ones.
      const given = { options: withPlainNumbers(body.options), payload: body.payload };
      const checked = checkInput(z.strictObject({ options, payload }), given, "body");
      const translated = await translate(checked.payload, checked.options);
      const taken = await takeTranslation(c.env.CATALOG, identity, translated);
      return answerOf({ problems: translated.problems }, taken, c.env, c.executionCtx);
    },
  );

  plane.route(
    {
      method: "post",
      path: "/v1/erp/pulls/tryton",
      summary: "Reads all that a Tryton's prices follow from, if something has changed there",
      description:
        "From the server that the control plane's settings name. What it does not have any more is deleted, unless " +
        "that is more than a fifth of a type. With `full` it is read whether it has changed or not.",
      tags: ["Connectors"],
      roles,
      query: z.strictObject({ full: z.enum(["true", "false"]).optional() }),
      headers: idempotencyKey,
      responses: {
        200: {
          description: "What was made of it",
          schema: translationAnswer.extend({ unchanged: z.boolean() }),
        },
      },
    },
    async ({ query, headers, caller, c }) => {
      const identity = {
        keyId: caller.keyId,
        idempotencyKey: idempotencyKeyOf(headers["idempotency-key"]),
        target: "",
      };
      const server = trytonOf(c.env);
      if (server === undefined) throw new Problem("not_configured", { detail: "No Tryton is configured" });
      try {
        const full = query.full === "true";
        const { unchanged, problems, taken } = await pull(server, c.env.CATALOG, {
          now: Date.now(),
          full,
          identity,
        });
        return answerOf({ unchanged, problems }, taken, c.env, c.executionCtx);
      } catch (cause) {
        if (!(cause instanceof TrytonError)) throw cause;
        throw new Problem("erp_unavailable", { detail: `Tryton: ${cause.fault}`, cause });
      }
    },
  );
}

function answerOf(
  told: { readonly problems: readonly ConnectorProblem[]; readonly unchanged?: boolean },
  taken: Taken | undefined,
  env: ControlEnv,
  executionCtx: Pick<ExecutionContext, "waitUntil">,
): Response {
  if (taken?.sequence !== undefined) executionCtx.waitUntil(announce(env, taken.sequence));
  const batch = taken === undefined ? "null" : withToken(taken.answer, env.SIGNING_SECRET);
  return new Response(`${JSON.stringify(told).slice(0, -1)},"batch":${batch}}`, {
    headers: {
      "Content-Type": "application/json",
      ...(taken?.replayed === true ? { "Idempotent-Replayed": "true" } : {}),
    },
  });
}

function withPlainNumbers(value: unknown): unknown {
  if (value instanceof NumberLiteral) return Number(value.text);
  if (Array.isArray(value)) return value.map(withPlainNumbers);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withPlainNumbers(member)]));
}
