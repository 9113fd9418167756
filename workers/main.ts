import { createEdge } from "./app.ts";
import type { EdgeEnv } from "./env.ts";
import { sweepQuotes } from "./quotes/sweep.ts";

export { InboxObject } from "./inbox-object.ts";
export { QuoteObject } from "./quote-object.ts";

export default {
  fetch: createEdge().fetch,
  async scheduled(_controller, env) {
    await sweepQuotes(env, Date.now());
  },
} satisfies ExportedHandler<EdgeEnv>;
