import * as z from "zod";
import { mayAsk, type Caller } from "../../shared/api/callers.ts";
import { cursorOf, placeOf } from "../../shared/api/cursor.ts";
import { idempotencyKeyHeader, idempotencyKeyOf } from "../../shared/api/idempotency-key.ts";
import type { Plane } from "../../shared/api/plane.ts";
import { Problem } from "../../shared/api/problem.ts";
import { id } from "../../shared/api/values.ts";
import { differences } from "../../shared/quoting/differences.ts";
import { quoteStatuses } from "../../shared/quoting/quote.ts";
import { base64url } from "../../shared/snapshot/hash.ts";
import { signatureOf } from "../../shared/snapshot/signature.ts";
import type { EdgeEnv } from "../env.ts";
import { listQuotes } from "../queries/list-quotes.ts";
import { firstSet, revisionSeenBy, type EarlierQuote } from "../quotes/new-set.ts";
import { openQuote } from "../quotes/open-quote.ts";
import { checkSet } from "./check-set.ts";
import { answerQuote, revisionsFor, shownRevision } from "./quote-answer.ts";
import { differencesShape, quoteShape, revisionShape } from "./quote-answer-shapes.ts";
import {
  actorOf,
  audienceOf,
  customersOf,
  everyParty,
  idempotencyOf,
  noSuchQuote,
  ownQuote,
  sideOf,
} from "./quote-callers.ts";
import { cursor, limit, openBody, quoteParams, setBytesMax, type OpenBody } from "./quote-shapes.ts";
import { etag, tooLarge } from "./quote-refusals.ts";

const common = { tags: ["Quotes"], roles: everyParty } as const;

const listedQuote = z.strictObject({
  id: z.string(),
  status: z.enum(quoteStatuses),
  version: z.int(),
  customer: z.string(),
  customerName: z.string(),
  currency: z.string(),
  openedBy: z.enum(["buyer", "seller"]),
  revision: z.int(),
  total: z.string(),
  discountPercent: z.string().nullable().meta({ description: "Of the whole; for sellers only" }),
  validUntil: z.string().nullable(),
  purchaseOrder: z.string().nullable(),
  createdAt: z.string().meta({ format: "date-time" }),
  changedAt: z.string().meta({ format: "date-time" }),
});

const statuses = z
  .string()
  .max(200)
  .transform((text) => text.split(","))
  .pipe(z.array(z.enum(quoteStatuses)))
  .optional()
  .meta({ type: "string", description: "One or more, with commas", examples: ["requested,in_review"] });

export function addQuoteRoutes(plane: Plane<EdgeEnv>): void {
  plane.route(
    {
      ...common,
      method: "post",
      path: "/v1/quotes",
      summary: "Opens a quote",
      description:
        "A draft, by either side: a buyer's request or a seller's offer. With `lines` of its own (those of a basket, or of " +
        "a price answer as far as they have these fields), or `from` an earlier quote of the customer. The lines are priced " +
        "by the live snapshot, which the quote holds. With an Idempotency-Key the same key and bytes open one quote only. " +
        "Refusals: 404 `unknown_customer`, 422 `idempotency_key_reused`, `unknown_product` or `currency_required`, 409 " +
        "`customer_blocked`. A product without a price can be asked for.",
      headers: z.object({
        "idempotency-key": idempotencyKeyHeader.meta({ ...idempotencyKeyHeader.meta(), "x-required": false }),
      }),
      body: openBody,
      bodyBytesMax: setBytesMax,
      responses: { 201: { description: "The quote, with its ETag and Location", schema: quoteShape } },
    },
    async ({ headers, body, bodyBytes, caller, c }) => {
      const { env } = c;
      const [side, audience, now] = [sideOf(caller), audienceOf(caller), Date.now()];
      const customer = customerOf(caller, body.customer);
      const key = headers["idempotency-key"];
      const idempotency =
        key === undefined
          ? undefined
          : await idempotencyOf(caller, idempotencyKeyOf(key), { path: c.req.path, body: bodyBytes });
      const quote =
        idempotency === undefined
          ? newQuoteId()
          : signatureOf("quote", idempotency.scope, env.SIGNING_SECRET);
      if (idempotency !== undefined) {
        const looked = await env.QUOTES.getByName(quote).look({ expected: 1, idempotency });
        if (looked.kind === "repeated") return answerQuote(looked.quote, audience, { status: 201 });
        if (looked.kind !== "unknown") throw new Problem("idempotency_key_reused");
      }
      checkSet(body, side, now);
      const lines = body.lines ?? (await earlierQuote(env, body, { caller, customer }));
      const first = await firstSet(env, { ...body, customer, lines }, { side, now });
      const opening = {
        quote,
        customer,
        ...first,
        actor: await actorOf(env, caller, { customer, now }),
        ...(idempotency === undefined ? {} : { idempotency }),
      };
      const opened = await openQuote(env, opening, now);
      if (opened.kind === "key_reused") throw new Problem("idempotency_key_reused");
      if (opened.kind === "too_large") throw tooLarge();
      return answerQuote(opened.quote, audience, { status: 201 });
    },
  );

  plane.route(
    {
      ...common,
      method: "get",
      path: "/v1/quotes",
      summary: "The quotes that the caller may see, what changed last first",
      description: "A change shows here a moment after it was made; the quote itself has it at once.",
      query: z.strictObject({ status: statuses, customer: id.optional(), cursor, limit }),
      responses: {
        200: {
          description: "A page of them",
          schema: z.strictObject({ quotes: z.array(listedQuote), next: z.string().nullable() }),
        },
      },
    },
    async ({ query, caller, c }) => {
      if (query.customer !== undefined && !mayAsk(caller, query.customer))
        throw new Problem("unknown_customer");
      const rows = await listQuotes(c.env.PUBLISHED, {
        side: sideOf(caller),
        customers: customersOf(caller),
        customer: query.customer,
        statuses: query.status,
        before: query.cursor === undefined ? undefined : pageEnd(query.cursor),
        limit: query.limit + 1,
      });
      const page = rows.slice(0, query.limit);
      const last = page.at(-1);
      const next =
        last === undefined || rows.length <= query.limit ? null : cursorOf([last.changedAt, last.quote]);
      return c.json({
        quotes: page.map(({ quote, discount, ...row }) => ({ id: quote, ...row, discountPercent: discount })),
        next,
      });
    },
  );

  plane.route(
    {
      ...common,
      method: "get",
      path: "/v1/quotes/{id}",
      summary: "One quote, as the caller may see it",
      description:
        "Its ETag is for the next command's If-Match. Another's quote is 404, as an unknown one is.",
      params: quoteParams,
      responses: { 200: { description: "The quote", schema: quoteShape } },
    },
    async ({ params, caller, c }) => {
      const quote = ownQuote(caller, await c.env.QUOTES.getByName(params.id).read());
      return answerQuote(quote, audienceOf(caller));
    },
  );

  plane.route(
    {
      ...common,
      method: "get",
      path: "/v1/quotes/{id}/revisions",
      summary: "All revisions that the caller may see, each with what is other than in the one before",
      params: quoteParams,
      responses: {
        200: {
          description: "The oldest first",
          schema: z.strictObject({
            revisions: z.array(
              z.strictObject({ ...revisionShape.shape, differences: differencesShape.optional() }),
            ),
          }),
        },
      },
    },
    async ({ params, caller, c }) => {
      const quote = ownQuote(caller, await c.env.QUOTES.getByName(params.id).read());
      const revisions = revisionsFor(audienceOf(caller), quote);
      const shown = revisions.map((revision, index) => {
        const before = revisions[index - 1];
        return {
          ...shownRevision(revision),
          ...(before === undefined ? {} : { differences: differences(before, revision) }),
        };
      });
      return c.json({ revisions: shown }, 200, { ETag: etag(quote.version) });
    },
  );
}

function customerOf(caller: Caller, named: string | undefined): string {
  const customer = named ?? (caller.kind === "customer" ? caller.customer : undefined);
  if (customer === undefined) {
    throw new Problem("invalid_request", {
      detail: "A key has to name the customer",
      pointer: "/customer",
      more: { reason: "missing_field" },
    });
  }
  if (!mayAsk(caller, customer)) throw new Problem("unknown_customer");
  return customer;
}

/** 128 random bits, base64url. */
function newQuoteId(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(16)));
}

async function earlierQuote(
  env: EdgeEnv,
  { from }: OpenBody,
  { caller, customer }: { readonly caller: Caller; readonly customer: string },
): Promise<EarlierQuote> {
  if (from === undefined) {
    throw new Problem("invalid_request", {
      detail: "A quote begins with lines, or from an earlier quote",
      pointer: "/lines",
      more: { reason: "missing_field" },
    });
  }
  const quote = ownQuote(caller, await env.QUOTES.getByName(from.quote).read());
  if (quote.customer !== customer) throw noSuchQuote();
  return { quote, revision: revisionSeenBy(sideOf(caller), quote) };
}

function pageEnd(text: string): { readonly changedAt: string; readonly quote: string } {
  const [changedAt, quote] = placeOf(text, "string", "cursor");
  return { changedAt, quote };
}
