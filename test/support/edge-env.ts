import { env } from "cloudflare:workers";
import type { D1Migration } from "@cloudflare/vitest-plugin";
import type { EdgeEnv } from "../../workers/env.ts";
import type { InboxObject } from "../../workers/inbox-object.ts";
import type { QuoteObject } from "../../workers/quote-object.ts";

export interface EdgeTestEnv extends Omit<EdgeEnv, "QUOTES" | "INBOXES"> {
  readonly QUOTES: DurableObjectNamespace<QuoteObject>;
  readonly INBOXES: DurableObjectNamespace<InboxObject>;
  readonly PUBLISHED_MIGRATIONS: D1Migration[];
  /** To run a random test again, or longer. */
  readonly RANDOM_SEED: string;
  readonly RANDOM_RUNS: string;
}

/** The bindings of the project `workerd-edge`, as the root's wrangler.toml and the test configuration say. */
export const edgeEnv = env as unknown as EdgeTestEnv;
