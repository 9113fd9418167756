import type { TrytonSettings } from "./connectors/tryton/server.ts";
import type { HeadObject } from "./head-object.ts";
import type { CompileMessage } from "./publish/take-tasks.ts";
import type { PublisherObject } from "./publisher-object.ts";

/** The control plane's bindings. */
export interface ControlEnv extends TrytonSettings {
  readonly CATALOG: D1Database;
  readonly PUBLISHED: D1Database;
  readonly SNAPSHOTS: KVNamespace;
  readonly HEAD: DurableObjectNamespace<HeadObject>;
  readonly PUBLISHER: DurableObjectNamespace<PublisherObject>;
  /** Buckets to be compiled. */
  readonly COMPILE: Queue<CompileMessage>;
  readonly SIGNING_SECRET: string;
  readonly ADMIN_KEY_SHA256?: string;
}
