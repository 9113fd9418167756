import { createPlane, type Plane } from "../shared/api/plane.ts";
import type { ControlEnv } from "./env.ts";
import { addKeyRoutes } from "./routes/keys.ts";

export function createControlPlane(): Plane<ControlEnv> {
  const plane = createPlane<ControlEnv>({
    title: "Pricewright control plane",
    version: "1",
    description: "Takes an ERP's records, and publishes what follows from them. For ERPs, price managers and admins.",
  });
  addKeyRoutes(plane);
  return plane;
}
