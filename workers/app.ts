import { createPlane, type Plane } from "../shared/api/plane.ts";
import { version } from "../shared/api/version.ts";
import type { EdgeEnv } from "./env.ts";
import { addChangeRoutes } from "./routes/changes.ts";
import { addPriceRoutes } from "./routes/prices.ts";
import { addTokenRoutes } from "./routes/tokens.ts";
import { warmUp } from "./snapshots/live-snapshot.ts";

/** The edge: everything that storefronts may ask. */
export function createEdge(): Plane<EdgeEnv> {
  const plane = createPlane<EdgeEnv>({
    title: "Pricewright edge",
    description: "Each customer's prices, from the live snapshot.",
    version,
    prepare: warmUp,
  });
  addPriceRoutes(plane);
  addChangeRoutes(plane);
  addTokenRoutes(plane);
  return plane;
}
