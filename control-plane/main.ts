import { createControlPlane } from "./app.ts";
import type { ControlEnv } from "./env.ts";
import { publisherName } from "./publisher-object.ts";

export { Explainer } from "./explainer.ts";
export { HeadObject } from "./head-object.ts";
export { PublisherObject } from "./publisher-object.ts";

export default {
  fetch: createControlPlane().fetch,
  async scheduled(_controller, env) {
    await env.PUBLISHER.getByName(publisherName).catchUp();
  },
} satisfies ExportedHandler<ControlEnv>;
