import * as z from "zod";
import { mayAsk } from "../../shared/api/callers.ts";
import { log } from "../../shared/api/log.ts";
import type { Plane } from "../../shared/api/plane.ts";
import { Problem } from "../../shared/api/problem.ts";
import { streamOf } from "../../shared/api/text-stream.ts";
import { timed } from "../../shared/api/timed.ts";
import { id } from "../../shared/api/values.ts";
import { parseInstant, type Instant } from "../../shared/pricing/instant.ts";
import { defaultCurrency, findCustomer, place, whenOpen, type Opened } from "../../shared/snapshot/placed.ts";
import type { AskedLine } from "../../shared/snapshot/line-answer.ts";
import { priceLines } from "../../shared/snapshot/price-lines.ts";
import { priceList } from "../../shared/snapshot/price-list.ts";
import { readToken } from "../../shared/snapshot/token.ts";
import type { EdgeEnv } from "../env.ts";
import { openSnapshot } from "../snapshots/live-snapshot.ts";
import type { Answered, Asked, Asking, OpenQuestion } from "./asking.ts";
import { explainFully } from "./full-explanation.ts";
import { contextOf, explainedText, instantText, pricesText, type PricesText } from "./price-answer.ts";
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
    (request) => {
      const { explain, lines } = request.body;
      return whenOpen(answer(request, request.body, lines), (answered) =>
        whenOpen(write(request, answered, lines, explain), ({ text }) => jsonResponse(text)),
      );
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
    (request) => {
      const { quantity = "1", unit, explain } = request.query;
      const lines = [{ sku: request.params.sku, quantity, unit }];
      return whenOpen(answer(request, request.query, lines), (answered) =>
        whenOpen(write(request, answered, lines, explain), ({ text, etag: tagOf }) => {
          const etag = tagOf();
          const headers = { ETag: etag, "Cache-Control": "private, no-cache", Vary: "Authorization" };
          return matches(request.headers["if-none-match"], etag)
            ? new Response(null, { status: 304, headers })
            : jsonResponse(text, headers);
        }),
      );
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
      const question = await open(request, request.query);
      const { asked, at, snapshot } = question;
      const { manifest, reader } = snapshot;
      const page = await findCustomer(asked.customer, manifest, reader);
      if (page === undefined) throw new Problem("unknown_customer");
      if (page.blocked) throw new Problem("customer_blocked");
      const currency = asked.currency ?? defaultCurrency(page, manifest);
      if (currency === undefined) throw new Problem("currency_required");
      const placed = place(page, asked.channel, currency, manifest);
      const entries = priceList(placed, at, manifest, reader);
      const first = { ...contextOf(question), currency };
      return new Response(streamOf(lines(first, entries, request.requestId)), {
        headers: { "Content-Type": "application/x-ndjson" },
      });
    },
  );
}

/** Checks who asks for whom and when, and opens the snapshot to answer from. */
function open({ caller, c }: Asking, asked: Asked): Opened<OpenQuestion> {
  const { customer, at, atLeast } = asked;
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
  return whenOpen(
    timed(c, "snapshot", () => openSnapshot(env, now, wanted)),
    (snapshot) => ({ asked, at: instantOf(at, now, c), snapshot }),
  );
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

/** Answers at once from what is in memory. */
function answer(request: Asking, asked: Asked, lines: readonly AskedLine[]): Opened<Answered> {
  return whenOpen(open(request, asked), (question) => {
    const { customer, currency, channel } = asked;
    const { manifest, reader, memory } = question.snapshot;
    const toPrice = { customer, currency, channel, at: question.at, lines };
    return whenOpen(
      timed(request.c, "prices", () => priceLines(toPrice, manifest, reader, memory)),
      (result) => {
        if (result.kind !== "answered") throw new Problem(result.kind);
        return { question, result };
      },
    );
  });
}

/** The answer as text, explained as far as that is asked for. */
function write(
  request: Asking,
  answered: Answered,
  lines: readonly AskedLine[],
  explain: boolean | "true" | "false" | "full" | undefined,
): Opened<PricesText> {
  switch (explain) {
    case undefined:
    case false:
    case "false":
      return pricesText(answered);
    case true:
    case "true":
      return explainedText(answered, request.caller, undefined);
    case "full":
      return explainFully(answered, lines, request).then((full) =>
        explainedText(answered, request.caller, full),
      );
  }
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
