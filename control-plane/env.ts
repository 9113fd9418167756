import type { TrytonSettings } from "./connectors/tryton/server.ts";
import type { DraftObject } from "./draft-object.ts";
import type { HeadObject } from "./head-object.ts";
import type { PublisherObject } from "./publisher-object.ts";

/** The control plane's bindings. */
export interface ControlEnv extends TrytonSettings {
  readonly CATALOG: D1Database;
  readonly PUBLISHED: D1Database;
  readonly SNAPSHOTS: KVNamespace;
  readonly HEAD: DurableObjectNamespace<HeadObject>;
  readonly PUBLISHER: DurableObjectNamespace<PublisherObject>;
  readonly DRAFTS: DurableObjectNamespace<DraftObject>;
  readonly SIGNING_SECRET: string;
  readonly ADMIN_KEY_SHA256?: string;
}
