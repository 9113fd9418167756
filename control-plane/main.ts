import { createControlPlane } from "./app.ts";
import type { ControlEnv } from "./env.ts";

export { HeadObject } from "./head-object.ts";
export { PublisherObject } from "./publisher-object.ts";

export default { fetch: createControlPlane().fetch } satisfies ExportedHandler<ControlEnv>;
