import { createControlPlane } from "./app.ts";
import type { ControlEnv } from "./env.ts";
import { wakeDrafts } from "./drafts/wake-drafts.ts";
import { pullBySchedule } from "./connectors/tryton/pull.ts";
import { trytonOf } from "./connectors/tryton/server.ts";
import { takeTasks, type CompileMessage } from "./publish/take-tasks.ts";
import { publisherName } from "./publisher-object.ts";
import { announce } from "./routes/announce.ts";
import { webhooksName } from "./webhook-object.ts";

export { DraftObject } from "./draft-object.ts";
export { Explainer } from "./explainer.ts";
export { HeadObject } from "./head-object.ts";
export { PublisherObject } from "./publisher-object.ts";
export { QuoteDesk } from "./quote-desk.ts";
export { WebhookObject } from "./webhook-object.ts";

export default {
  fetch: createControlPlane().fetch,
  queue: takeTasks,
  async scheduled(_controller, env) {
    const tryton = trytonOf(env);
    const sequence = tryton === undefined ? undefined : await pullBySchedule(tryton, env.CATALOG, Date.now());
    if (sequence !== undefined) await announce(env, sequence);
    await wakeDrafts(env, Date.now());
    const publisher = env.PUBLISHER.getByName(publisherName);
    await publisher.catchUp();
    await publisher.tidy();
    await env.WEBHOOKS.getByName(webhooksName).tidy();
  },
} satisfies ExportedHandler<ControlEnv, CompileMessage>;
