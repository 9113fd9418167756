import * as z from "zod";
import type { Caller } from "../../shared/api/callers.ts";
import type { Plane } from "../../shared/api/plane.ts";
import { Problem } from "../../shared/api/problem.ts";
import {
  readChangeCursor,
  signChangeCursor,
  type ChangeCursor,
  type ChangeTarget,
} from "../../shared/snapshot/change-cursor.ts";
import { readToken, signToken, type Freshness } from "../../shared/snapshot/token.ts";
import type { EdgeEnv } from "../env.ts";
import { collectChanges } from "../snapshots/collect-changes.ts";
import { openPast, openSnapshot } from "../snapshots/live-snapshot.ts";
import { token } from "./price-shapes.ts";

const limitMax = 1000;
const limitDefault = 100;

const limit = z
  .string()
  .regex(/^[1-9][0-9]{0,3}$/)
  .transform(Number)
  .pipe(z.number().max(limitMax))
  .default(limitDefault)
  .meta({ type: "integer", minimum: 1, maximum: limitMax, default: limitDefault });

const answer = z.strictObject({
  snapshot: z
    .strictObject({ id: z.string(), sequence: z.int() })
    .meta({ description: "The one that the changes lead to" }),
  token: z
    .string()
    .meta({ description: "A price question that carries it as `atLeast` is answered with these changes" }),
  changes: z.array(
    z.strictObject({
      customer: z.string(),
      skus: z
        .array(z.string())
        .readonly()
        .meta({ description: "Whose prices changed, at whatever time they count" }),
    }),
  ),
  next: z.string().meta({ description: "The `after` to go on with, now or later" }),
  more: z.boolean().meta({ description: "Whether there is more already" }),
});

export function addChangeRoutes(plane: Plane<EdgeEnv>): void {
  plane.route(
    {
      method: "get",
      path: "/v1/changes",
      summary: "Which customers' prices of which SKUs changed since",
      description:
        "Without `after`, the cursor of now. With one, what differs between the snapshot that it has seen and the " +
        "live one, in pages of at most `limit` SKUs; a page may be short or empty while `more` says that there is " +
        "more. A change that was undone in between is not told, and one that only counts from a later day is told " +
        "at once. When the cursor's snapshot is not kept any more the answer is 410 `cursor_expired`: take a new " +
        "cursor, then read the price lists again.",
      tags: ["Prices"],
      roles: ["storefront", "manager", "admin", "customer"],
      query: z.strictObject({
        after: z.string().max(4000).optional().meta({ description: "The `next` of an earlier answer" }),
        atLeast: token.optional(),
        limit,
      }),
      responses: { 200: { description: "A page of changes", schema: answer } },
    },
    async ({ query, caller, c }) => {
      const secret = c.env.SIGNING_SECRET;
      const cursor = read("after", query.after, (text) => readChangeCursor(text, secret));
      const wanted = read("atLeast", query.atLeast, (text) => readToken(text, secret));
      const asked = { customers: customersOf(caller), limit: query.limit };
      const { target, next, ...page } = await changesAfter(cursor, wanted, asked, c.env);
      return c.json({
        snapshot: { id: target.snapshot, sequence: target.sequence },
        token: signToken({ number: target.number, through: 0 }, secret),
        ...page,
        next: signChangeCursor(next, secret),
      });
    },
  );
}

function read<Value>(
  parameter: string,
  text: string | undefined,
  parse: (text: string) => Value | undefined,
): Value | undefined {
  if (text === undefined) return undefined;
  const value = parse(text);
  if (value !== undefined) return value;
  throw new Problem("invalid_request", {
    detail: `${parameter} is not one of ours`,
    more: { reason: "invalid_token", parameter },
  });
}

function customersOf(caller: Caller): readonly string[] | null {
  return caller.kind === "customer" ? [caller.customer] : caller.customers;
}

interface ChangesPage {
  readonly target: ChangeTarget;
  readonly changes: z.output<typeof answer>["changes"];
  readonly next: ChangeCursor;
  readonly more: boolean;
}

async function changesAfter(
  cursor: ChangeCursor | undefined,
  wanted: Freshness | undefined,
  asked: { readonly customers: readonly string[] | null; readonly limit: number },
  env: EdgeEnv,
): Promise<ChangesPage> {
  const reached = cursor?.toward?.head.number ?? cursor?.seen.number ?? 0;
  const freshness = { number: Math.max(wanted?.number ?? 0, reached), through: wanted?.through ?? 0 };
  const live = await openSnapshot(env, Date.now(), freshness);
  // A later head must not change a sequence of pages midway: it is finished, and then goes on from where it led.
  const { number, manifest, snapshot, sequence } = cursor?.toward?.head ?? live.head;
  const target = { number, manifest, snapshot, sequence };
  const arrived = { target, next: { seen: { number, manifest } }, more: number < live.head.number };
  if (cursor === undefined || cursor.seen.manifest === manifest) return { ...arrived, changes: [] };
  const { found, position } = await collectChanges(
    await openPast(env, cursor.seen.manifest),
    manifest === live.head.manifest ? live : await openPast(env, manifest),
    { ...asked, from: cursor.toward?.position },
  );
  const changes = [...found].map(([customer, skus]) => ({ customer, skus }));
  if (position === undefined) return { ...arrived, changes };
  return { target, changes, next: { seen: cursor.seen, toward: { head: target, position } }, more: true };
}
