import * as z from "zod";
import type { Plane } from "../../shared/api/plane.ts";
import { eventFor, type EventView } from "../../shared/quoting/event-view.ts";
import type { Revision } from "../../shared/quoting/quote.ts";
import type { EdgeEnv } from "../env.ts";
import { shownRevision } from "./quote-answer.ts";
import { audienceOf, everyParty, noSuchQuote, ownQuote, sellers } from "./quote-callers.ts";
import { etag } from "./quote-refusals.ts";
import { quoteParams } from "./quote-shapes.ts";

const eventShape = z.strictObject({
  seq: z.int().meta({ description: "The quote's version after it" }),
  at: z.string().meta({ format: "date-time" }),
  by: z.enum(["buyer", "seller", "system"]),
  person: z.string().optional().meta({ description: "For sellers only" }),
  key: z.string().optional().meta({ description: "The id of the key that was used. For sellers only" }),
  type: z.string(),
  says: z.record(z.string(), z.unknown()).meta({ description: "What it says besides" }),
});

const faults = ["chain_broken", "truncated", "rewritten", "checkpoint_forged"] as const;

const auditShape = z.strictObject({
  quote: z.string(),
  events: z.int(),
  hash: z.string().meta({ description: "The last event's, which binds all before it" }),
  checkpoint: z
    .strictObject({ seq: z.int(), hash: z.string(), at: z.string().meta({ format: "date-time" }) })
    .optional()
    .meta({ description: "The newest signed statement of the log that is kept apart from it" }),
  faults: z
    .array(z.strictObject({ fault: z.enum(faults), seq: z.int() }))
    .readonly()
    .meta({ description: "Empty: the log is whole, and the one that every checkpoint was made of" }),
});

export function addQuoteHistoryRoutes(plane: Plane<EdgeEnv>): void {
  plane.route(
    {
      method: "get",
      path: "/v1/quotes/{id}/events",
      summary: "What happened to a quote, in order",
      description: "What the caller may see of it: a buyer's is not without gaps.",
      tags: ["Quotes"],
      roles: everyParty,
      params: quoteParams,
      responses: {
        200: { description: "The oldest first", schema: z.strictObject({ events: z.array(eventShape) }) },
      },
    },
    async ({ params, caller, c }) => {
      const store = c.env.QUOTES.getByName(params.id);
      const { version } = ownQuote(caller, await store.read());
      const logged = await store.events();
      const events = logged.flatMap((entry) => eventFor(audienceOf(caller), entry) ?? []).map(shownEvent);
      return c.json({ events }, 200, { ETag: etag(logged.at(-1)?.seq ?? version) });
    },
  );

  plane.route(
    {
      method: "get",
      path: "/v1/quotes/{id}/audit",
      summary: "Whether a quote's log is whole",
      description:
        "Each event's hash binds the event and the hash before it. The chain is computed again and compared with the " +
        "signed checkpoints that are kept apart from the log, so that a log which was changed, cut off or rewritten is seen.",
      tags: ["Quotes"],
      roles: sellers,
      params: quoteParams,
      responses: { 200: { description: "What was found", schema: auditShape } },
    },
    async ({ params, c }) => {
      // Sellers may see all quotes. The quote itself is not read: that fails where the log does not add up.
      const audit = await c.env.QUOTES.getByName(params.id).audit();
      if (audit === undefined) throw noSuchQuote();
      return c.json(audit);
    },
  );
}

/** A revision looks the same wherever it is shown. */
function shownEvent({ says, ...event }: EventView): EventView {
  const { revision, ...rest } = says;
  // Events' only `revision` is one.
  return {
    ...event,
    says: revision === undefined ? rest : { ...rest, revision: shownRevision(revision as Revision) },
  };
}
