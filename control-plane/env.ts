import type { SignInSettings } from "../shared/api/sign-in.ts";
import type { TrytonSettings } from "./connectors/tryton/server.ts";
import type { DraftObject } from "./draft-object.ts";
import type { HeadObject } from "./head-object.ts";
import type { CompileMessage } from "./publish/take-tasks.ts";
import type { PublisherObject } from "./publisher-object.ts";
import type { WebhookObject } from "./webhook-object.ts";
import type { TargetSettings } from "./webhooks/target.ts";

/** The control plane's bindings. */
export interface ControlEnv extends TrytonSettings, TargetSettings, SignInSettings {
  readonly CATALOG: D1Database;
  readonly PUBLISHED: D1Database;
  readonly SNAPSHOTS: KVNamespace;
  readonly HEAD: DurableObjectNamespace<HeadObject>;
  readonly PUBLISHER: DurableObjectNamespace<PublisherObject>;
  /** Buckets to be compiled. */
  readonly COMPILE: Queue<CompileMessage>;
  readonly WEBHOOKS: DurableObjectNamespace<WebhookObject>;
  readonly DRAFTS: DurableObjectNamespace<DraftObject>;
  readonly SIGNING_SECRET: string;
  readonly ADMIN_KEY_SHA256?: string;
}
