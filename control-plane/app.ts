import { createPlane, type Plane } from "../shared/api/plane.ts";
import { version } from "../shared/api/version.ts";
import type { ControlEnv } from "./env.ts";
import { addComparisonRoutes } from "./routes/comparison.ts";
import { addConnectorRoutes } from "./routes/connectors.ts";
import { addDraftPublishingRoutes } from "./routes/draft-publishing.ts";
import { addDraftRecordRoutes } from "./routes/draft-records.ts";
import { addDraftRoutes } from "./routes/drafts.ts";
import { addKeyRoutes } from "./routes/keys.ts";
import { addParityRoutes } from "./routes/parity.ts";
import { addProblemRoutes } from "./routes/problems.ts";
import { addPublishingRoutes } from "./routes/publishing.ts";
import { addRecordRoutes } from "./routes/records.ts";
import { addSnapshotRoutes } from "./routes/snapshots.ts";
import { addSweepRoutes } from "./routes/sweeps.ts";
import { addWebhookDeliveryRoutes } from "./routes/webhook-deliveries.ts";
import { addWebhookRoutes } from "./routes/webhooks.ts";

export function createControlPlane(): Plane<ControlEnv> {
  const plane = createPlane<ControlEnv>({
    title: "Pricewright control plane",
    version,
    description:
      "Takes an ERP's records, and publishes what follows from them. For ERPs, price managers and admins.",
  });
  addRecordRoutes(plane);
  addSweepRoutes(plane);
  addProblemRoutes(plane);
  addSnapshotRoutes(plane);
  addPublishingRoutes(plane);
  addConnectorRoutes(plane);
  addComparisonRoutes(plane);
  addDraftRoutes(plane);
  addDraftRecordRoutes(plane);
  addDraftPublishingRoutes(plane);
  addParityRoutes(plane);
  addWebhookRoutes(plane);
  addWebhookDeliveryRoutes(plane);
  addKeyRoutes(plane);
  return plane;
}
