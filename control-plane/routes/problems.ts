import * as z from "zod";
import type { Plane } from "../../shared/api/plane.ts";
import type { ControlEnv } from "../env.ts";
import { findProblems, type StoredProblem } from "../queries/find-problems.ts";
import { problemsAnswer } from "./answers.ts";
import { cursorOf, placeOf } from "../../shared/api/cursor.ts";
import { after, batch, limit } from "./query-values.ts";

export function addProblemRoutes(plane: Plane<ControlEnv>): void {
  plane.route(
    {
      method: "get",
      path: "/v1/erp/problems",
      summary: "Lists the records that were refused or are parked",
      tags: ["Records"],
      roles: ["erp", "manager", "admin"],
      query: z.strictObject({
        batch: batch.optional(),
        state: z.enum(["invalid", "parked"]).optional(),
        after: after.optional(),
        limit,
      }),
      responses: {
        200: {
          description: "A page of problems, in the order in which their lines came",
          schema: problemsAnswer,
        },
      },
    },
    async ({ query, c }) => {
      const [afterBatch, afterLine] = query.after === undefined ? [] : placeOf(query.after, "number");
      const found = await findProblems(c.env.CATALOG, {
        ...query,
        limit: query.limit + 1,
        after:
          afterBatch === undefined || afterLine === undefined
            ? undefined
            : { batch: afterBatch, line: afterLine },
      });
      const page = found.slice(0, query.limit);
      const last = page.at(-1);
      const next =
        last === undefined || found.length <= query.limit ? null : cursorOf([last.batch, last.line]);
      return c.json({ problems: page.map(shown), next });
    },
  );
}

function shown({ batch: number, line, state, type, id, code, pointer, message, at }: StoredProblem) {
  return {
    batch: `b${number}`,
    line,
    state,
    ...(type === null ? {} : { type }),
    ...(id === null ? {} : { id }),
    code,
    ...(pointer === null ? {} : { pointer }),
    message,
    at: new Date(at).toISOString(),
  };
}
