import { eventFor } from "../../shared/quoting/event-view.ts";
import type { LoggedEvent } from "../../shared/quoting/event.ts";
import type { Quote } from "../../shared/quoting/quote.ts";
import type { Audience } from "../../shared/quoting/view.ts";

/** An event, and the quote as it is after it. */
export interface Step {
  readonly logged: LoggedEvent;
  readonly quote: Quote;
}

/** What a socket keeps over hibernation. */
interface Attachment {
  /** In milliseconds since 1970; by then, whoever listens has to show again who they are. */
  readonly until: number;
}

const audiences: readonly Audience[] = ["buyer", "internal"];
// A buyer's for as long as a customer's token lives.
const listenedMilliseconds = { buyer: 300_000, internal: 900_000 } as const satisfies Record<
  Audience,
  number
>;
const goneCode = 4_001;

/**
 * Takes a socket, over which its audience is told what happens. The object may be evicted meanwhile: the platform
 * keeps the socket. The request is the edge's own, which has checked who asks; nothing of the caller's is in it.
 */
export function listen(context: DurableObjectState, request: Request, now: number): Response {
  const named = new URL(request.url).searchParams.get("audience");
  const audience = audiences.find((known) => known === named);
  if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
  if (audience === undefined) return new Response(null, { status: 400 });
  const { 0: theirs, 1: ours } = new WebSocketPair();
  context.acceptWebSocket(ours, [audience]);
  // Whoever wants to know whether the line still holds does not wake the object for it.
  context.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
  ours.serializeAttachment({ until: now + listenedMilliseconds[audience] } satisfies Attachment);
  return new Response(null, { status: 101, webSocket: theirs });
}

/**
 * Tells each socket of what its audience may know: the version in any case, since the next command has to name it.
 */
export function tellListeners(context: DurableObjectState, steps: readonly Step[], now: number): void {
  for (const audience of audiences) {
    const sockets = context.getWebSockets(audience).filter(({ readyState }) => readyState === WebSocket.OPEN);
    if (sockets.length === 0) continue;
    const messages = steps.map(({ logged, quote }) =>
      JSON.stringify({ version: quote.version, status: quote.status, event: eventFor(audience, logged) }),
    );
    for (const socket of sockets) {
      const { until } = socket.deserializeAttachment() as Attachment; // Written above.
      if (until <= now) socket.close(goneCode, "Ask again");
      else for (const message of messages) socket.send(message);
    }
  }
}
