import * as z from "zod";
import type { Plane } from "../../shared/api/plane.ts";
import { addresseeKey } from "../../shared/quoting/addressee.ts";
import type { Addressee, Authority } from "../../shared/quoting/approval.ts";
import type { EdgeEnv } from "../env.ts";
import type { WaitingQuote } from "../queries/addressed-quotes.ts";
import { readInboxes } from "../quotes/inboxes.ts";
import { addressee, causes } from "./quote-answer-shapes.ts";
import { authorityOf, sellers } from "./quote-callers.ts";

const instant = z.string().meta({ format: "date-time" });

const entryShape = z.strictObject({
  quote: z.string(),
  version: z.int(),
  tier: z.int(),
  since: instant.meta({ description: "Since when the tier is asked" }),
  due: instant.nullable().meta({ description: "When it escalates" }),
  as: z
    .array(z.strictObject({ addressee, insteadOf: z.string().optional() }))
    .meta({ description: "Why it is here: whom it is asked of, and for whom the caller stands in" }),
  customer: z.string(),
  customerName: z.string(),
  currency: z.string(),
  total: z.string(),
  discountPercent: z.string().nullable(),
  causes,
});

export function addInboxRoutes(plane: Plane<EdgeEnv>): void {
  plane.route(
    {
      method: "get",
      path: "/v1/inbox",
      summary: "What waits for the caller's approval, the longest waiting first",
      description:
        "What is asked of the caller's own person, of their roles, and of those for whom they stand in now. A change shows " +
        "here a moment after it was made. Whether the caller may decide, being within their limit and not the offer's own " +
        "author, shows when they do.",
      tags: ["Quotes"],
      roles: sellers,
      responses: {
        200: {
          description: "All of it",
          schema: z.strictObject({
            person: z.string().meta({ description: "Who the caller is" }),
            entries: z.array(entryShape),
          }),
        },
      },
    },
    async ({ caller, c }) => {
      const authority = await authorityOf(c.env, caller, Date.now());
      const places = placesOf(authority);
      const waiting = await readInboxes(c.env, [...places.keys()]);
      return c.json({ person: authority.person, entries: entriesOf(waiting, places) });
    },
  );
}

interface Place {
  readonly addressee: Addressee;
  readonly insteadOf?: string;
}

/** By key, the addressees as which somebody is asked; what is one's own comes first. */
function placesOf({ standsInFor, ...own }: Authority): ReadonlyMap<string, Place> {
  const all = [
    ...addresseesOf(own).map((addressee): Place => ({ addressee })),
    ...standsInFor.flatMap((absent) =>
      addresseesOf(absent).map((addressee): Place => ({ addressee, insteadOf: absent.person })),
    ),
  ];
  return new Map(all.toReversed().map((place) => [addresseeKey(place.addressee), place]));
}

function addresseesOf({ person, roles }: Pick<Authority, "person" | "roles">): Addressee[] {
  return [{ person }, ...roles.map((role) => ({ role }))];
}

/** One entry a quote, though it may wait for the caller in several places. */
function entriesOf(
  waiting: readonly WaitingQuote[],
  places: ReadonlyMap<string, Place>,
): z.output<typeof entryShape>[] {
  const entries = new Map<string, z.output<typeof entryShape>>();
  for (const { addressee: key, discount, causes: found, ...row } of waiting) {
    const place = places.get(key);
    if (place === undefined) continue;
    const entry: z.output<typeof entryShape> = entries.get(row.quote) ?? {
      ...row,
      as: [],
      discountPercent: discount,
      causes: found,
    };
    entry.as.push(place);
    entries.set(row.quote, entry);
  }
  return [...entries.values()];
}
