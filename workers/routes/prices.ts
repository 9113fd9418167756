import * as z from "zod";
import { mayAsk } from "../../shared/api/callers.ts";
import { log } from "../../shared/api/log.ts";
import type { Plane } from "../../shared/api/plane.ts";
import { Problem } from "../../shared/api/problem.ts";
import { streamOf } from "../../shared/api/text-stream.ts";
import { timed } from "../../shared/api/timed.ts";
import { id } from "../../shared/api/values.ts";
import { parseInstant, type Instant } from "../../shared/pricing/instant.ts";
import { defaultCurrency, findCustomer, place } from "../../shared/snapshot/placed.ts";
import type { AskedLine } from "../../shared/snapshot/line-answer.ts";
import { priceLines } from "../../shared/snapshot/price-lines.ts";
import { priceList } from "../../shared/snapshot/price-list.ts";
import { readToken } from "../../shared/snapshot/token.ts";
import type { EdgeEnv } from "../env.ts";
import { openSnapshot } from "../snapshots/live-snapshot.ts";
import type { Answered, Asked, Asking, Opened } from "./asking.ts";
import { explainFully } from "./full-explanation.ts";
import { contextOf, instantText, pricesText } from "./price-answer.ts";
import { priceListLine, priceListQuery, priceQuery, pricesAnswer, pricesQuestion } from "./price-shapes.ts";

const mayAskForPrices = ["storefront", "manager", "admin", "customer"] as const;
export function addPriceRoutes(plane: Plane<EdgeEnv>): void {
  plane.route(
    {
      method: "post",
      path: "/v1/prices",
      summary: "One customer's prices for up to 500 lines",
      tags: ["Prices"],
      roles: mayAskForPrices,
      body: pricesQuestion,
      responses: {
        200: { description: "A price or a reason for each line, in order", schema: pricesAnswer },
      },
    },
    async (request) => {
      const { explain, lines: asked } = request.body;
      const answered = await answer(request, request.body, asked);
      const full = explain === "full" ? await explainFully(answered, asked, request) : undefined;
      const isExplained = explain !== undefined && explain !== false;
      return jsonResponse(pricesText(answered, request.caller, isExplained, full).text);
    },
  );

  plane.route(
    {
      method: "get",
      path: "/v1/prices/{sku}",
      summary: "One customer's price of one product",
      description:
        "The quantity is 1 unless the query names another. Answers 304 to a current If-None-Match.",
      tags: ["Prices"],
      roles: mayAskForPrices,
      params: z.strictObject({ sku: id }),
      query: priceQuery,
      headers: z.object({ "if-none-match": z.string().optional() }),
      responses: {
        200: { description: "As for `POST /v1/prices`, with one line", schema: pricesAnswer },
        304: { description: "Nothing has changed since" },
      },
    },
    async (request) => {
      const { quantity, unit, explain, ...question } = request.query;
      const line = { sku: request.params.sku, quantity: quantity ?? "1", unit };
      const answered = await answer(request, question, [line]);
      const full = explain === "full" ? await explainFully(answered, [line], request) : undefined;
      const isExplained = explain === "true" || explain === "full";
      const { text, etag: tagOf } = pricesText(answered, request.caller, isExplained, full);
      const etag = tagOf();
      const headers = { ETag: etag, "Cache-Control": "private, no-cache", Vary: "Authorization" };
      return matches(request.headers["if-none-match"], etag)
        ? new Response(null, { status: 304, headers })
        : jsonResponse(text, headers);
    },
  );

  plane.route(
    {
      method: "get",
      path: "/v1/price-list",
      summary: "All of a customer's prices, as a stream of JSON lines",
      description:
        "The first line says what the list is for, then comes a line a product and unit, and the last line says how many there were: a list without it was cut off.",
      tags: ["Prices"],
      roles: mayAskForPrices,
      query: priceListQuery,
      responses: {
        200: { description: "The list", contentType: "application/x-ndjson", schema: priceListLine },
      },
    },
    async (request) => {
      const asked = await open(request, request.query);
      const page = await findCustomer(asked.customer, asked.manifest, asked.reader);
      if (page === undefined) throw new Problem("unknown_customer");
      if (page.blocked) throw new Problem("customer_blocked");
      const currency = asked.currency ?? defaultCurrency(page, asked.manifest);
      if (currency === undefined) throw new Problem("currency_required");
      const placed = place(page, asked.channel, currency, asked.manifest);
      const entries = priceList(placed, asked.at, asked.manifest, asked.reader);
      const first = { ...contextOf(asked), currency };
      return new Response(streamOf(lines(first, entries, request.requestId)), {
        headers: { "Content-Type": "application/x-ndjson" },
      });
    },
  );
}

/** Checks who asks for whom and when, and opens the snapshot to answer from. */
async function open(
  { caller, c }: Asking,
  { customer, currency, channel, at, atLeast }: Asked,
): Promise<Opened> {
  if (!mayAsk(caller, customer)) throw new Problem("unknown_customer");
  const { env } = c;
  const now = Date.now();
  const wanted = atLeast === undefined ? undefined : readToken(atLeast, env.SIGNING_SECRET);
  if (atLeast !== undefined && wanted === undefined) {
    throw new Problem("invalid_request", {
      detail: "The token is not one of ours",
      ...placeOf("atLeast", c, { reason: "invalid_token" }),
    });
  }
  const opened = await timed(c, "snapshot", () => openSnapshot(env, now, wanted));
  return { customer, currency, channel, at: instantOf(at, now, c), ...opened };
}

// What is outside is a mistake more likely than a question; prices of all times between are in a snapshot.
const earliest = parseInstant("2000-01-01T00:00:00Z") ?? 0;
const latest = parseInstant("2100-01-01T00:00:00Z") ?? 0;

function instantOf(text: string | undefined, now: Instant, c: Asking["c"]): Instant {
  const at = text === undefined ? now : parseInstant(text);
  if (at === undefined || at < earliest || at >= latest) {
    throw new Problem("at_out_of_range", {
      detail: "Prices are known for 2000 to 2099",
      ...placeOf("at", c),
    });
  }
  return at;
}

/** Says which field of the question is at fault: of the body, or of the query. */
function placeOf(field: keyof Asked, c: Asking["c"], more: Readonly<Record<string, string>> = {}) {
  return c.req.method === "POST" ? { pointer: `/${field}`, more } : { more: { ...more, parameter: field } };
}

async function answer(request: Asking, question: Asked, lines: readonly AskedLine[]): Promise<Answered> {
  const opened = await open(request, question);
  const { customer, currency, channel, at, manifest, reader, memory } = opened;
  const asked = { customer, currency, channel, at, lines };
  const result = await timed(request.c, "prices", () => priceLines(asked, manifest, reader, memory));
  if (result.kind !== "answered") throw new Problem(result.kind);
  return { ...opened, result };
}

function jsonResponse(text: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(text, { headers: { ...headers, "Content-Type": "application/json" } });
}

function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(",").some((candidate) => [etag, etag.slice(2), "*"].includes(candidate.trim()));
}

async function* lines(
  first: Record<string, unknown>,
  entries: ReturnType<typeof priceList>,
  requestId: string,
): AsyncGenerator<string> {
  yield `${JSON.stringify(first)}\n`;
  let count = 0;
  try {
    for await (const entry of entries) {
      yield `${JSON.stringify({ ...entry, validUntil: instantText(entry.validUntil) })}\n`;
      count++;
    }
  } catch (error) {
    // The status has been sent, so all that can be done is to break off, and to say so here.
    log("price_list_cut_off", { requestId, entries: count, error });
    throw error;
  }
  yield `${JSON.stringify({ entries: count })}\n`;
}
