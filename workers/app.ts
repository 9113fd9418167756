import { createPlane, type Plane } from "../shared/api/plane.ts";
import { version } from "../shared/api/version.ts";
import type { EdgeEnv } from "./env.ts";
import { addChangeRoutes } from "./routes/changes.ts";
import { addInboxRoutes } from "./routes/inbox.ts";
import { addOrderRoutes } from "./routes/orders.ts";
import { addPriceRoutes } from "./routes/prices.ts";
import { addQuoteCommandRoutes } from "./routes/quote-commands.ts";
import { addQuoteDocumentRoutes } from "./routes/quote-document.ts";
import { addQuoteHistoryRoutes } from "./routes/quote-history.ts";
import { addQuoteLiveRoutes } from "./routes/quote-live.ts";
import { addQuoteRoutes } from "./routes/quotes.ts";
import { addTokenRoutes } from "./routes/tokens.ts";
import { warmUp } from "./snapshots/live-snapshot.ts";

/** The edge: everything that storefronts, buyers and the people who quote for them may ask. */
export function createEdge(): Plane<EdgeEnv> {
  const plane = createPlane<EdgeEnv>({
    title: "Pricewright edge",
    description: "Each customer's prices, from the live snapshot, and quotes.",
    version,
    prepare: warmUp,
  });
  addPriceRoutes(plane);
  addChangeRoutes(plane);
  addQuoteRoutes(plane);
  addQuoteCommandRoutes(plane);
  addQuoteHistoryRoutes(plane);
  addQuoteLiveRoutes(plane);
  addQuoteDocumentRoutes(plane);
  addInboxRoutes(plane);
  addOrderRoutes(plane);
  addTokenRoutes(plane);
  return plane;
}
