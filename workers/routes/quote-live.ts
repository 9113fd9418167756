import { isSignIn } from "../../shared/api/callers.ts";
import { socketProtocol } from "../../shared/api/find-caller.ts";
import type { Plane } from "../../shared/api/plane.ts";
import { Problem } from "../../shared/api/problem.ts";
import type { Audience } from "../../shared/quoting/view.ts";
import type { EdgeEnv } from "../env.ts";
import { sentEvents } from "../quotes/sent-events.ts";
import { audienceOf, everyParty, ownQuote } from "./quote-callers.ts";
import { quoteParams } from "./quote-shapes.ts";

export function addQuoteLiveRoutes(plane: Plane<EdgeEnv>): void {
  plane.route(
    {
      method: "get",
      path: "/v1/quotes/{id}/live",
      summary: "What happens to a quote, as it happens",
      description:
        "With `Upgrade: websocket` a WebSocket, else server-sent events with the same messages: " +
        '`{"version": 7, "status": "sent", "event": {…}}`, of what the caller may see. After a break, read the quote ' +
        "again. A browser can't send `Authorization` with a WebSocket: it offers the protocols `pricewright` and its token.",
      tags: ["Quotes"],
      roles: everyParty,
      params: quoteParams,
      responses: {
        101: { description: "A WebSocket" },
        200: { description: "A stream without an end", contentType: "text/event-stream" },
      },
    },
    async ({ params, caller, c }) => {
      const store = c.env.QUOTES.getByName(params.id);
      ownQuote(caller, await store.read());
      if (isSignIn(caller) && !isFromHere(c.req.raw)) {
        throw new Problem("forbidden", { detail: "A page of another origin may not listen with a sign-in" });
      }
      const socket = await socketOf(store, audienceOf(caller));
      if (c.req.header("Upgrade")?.toLowerCase() === "websocket") {
        const offered = c.req.header("Sec-WebSocket-Protocol");
        const headers = offered === undefined ? {} : { "Sec-WebSocket-Protocol": socketProtocol };
        return new Response(null, { status: 101, webSocket: socket, headers });
      }
      return new Response(sentEvents(socket), { headers: { "Content-Type": "text/event-stream" } });
    },
  );
}

/** A browser sends the cookie of a sign-in along with a socket that a page of anybody's opens. */
function isFromHere({ url, headers }: Request): boolean {
  const origin = headers.get("Origin");
  return origin === null || origin === new URL(url).origin;
}

async function socketOf(store: Pick<Fetcher, "fetch">, audience: Audience): Promise<WebSocket> {
  const response = await store.fetch(`https://quote/live?audience=${audience}`, {
    headers: { Upgrade: "websocket" },
  });
  if (response.webSocket !== null) return response.webSocket;
  throw new Problem("internal", {
    cause: new Error(`A quote's object answered ${response.status} for a socket`),
  });
}
