import { env } from "cloudflare:workers";
import type { D1Migration } from "@cloudflare/vitest-plugin";
import type { EdgeEnv } from "../../workers/env.ts";
import type { InboxObject } from "../../workers/inbox-object.ts";
import type { QuoteObject } from "../../workers/quote-object.ts";
import type { QuoteStore } from "../../workers/quotes/quote-store.ts";

interface EdgeTestEnv extends EdgeEnv {
  readonly PUBLISHED_MIGRATIONS: D1Migration[];
  /** To run a random test again, or longer. */
  readonly RANDOM_SEED: string;
  readonly RANDOM_RUNS: string;
}

/** The bindings of the project `workerd-edge`, as the root's wrangler.toml and the test configuration say. */
export const edgeEnv = env as unknown as EdgeTestEnv;

/** A quote's object, to be asked and to be evicted. */
export function quoteObject(quote: string): QuoteStore & DurableObjectStub<QuoteObject> {
  return edgeEnv.QUOTES.getByName(quote) as unknown as QuoteStore & DurableObjectStub<QuoteObject>;
}

export function inboxObject(addressee: string): DurableObjectStub<InboxObject> {
  const name = encodeURIComponent(addressee);
  return edgeEnv.INBOXES.getByName(name) as unknown as DurableObjectStub<InboxObject>;
}
