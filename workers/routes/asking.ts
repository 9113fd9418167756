import type { Context } from "hono";
import type { Caller } from "../../shared/api/callers.ts";
import type { PlaneTypes } from "../../shared/api/route.ts";
import type { Instant } from "../../shared/pricing/instant.ts";
import type { Head } from "../../shared/snapshot/head.ts";
import type { Manifest } from "../../shared/snapshot/manifest.ts";
import type { SegmentReader } from "../../shared/snapshot/placed.ts";
import type { AnswerMemory, PricesAnswer } from "../../shared/snapshot/price-lines.ts";
import type { EdgeEnv } from "../env.ts";

/** What every price question may carry. */
export interface Asked {
  readonly customer: string;
  readonly currency?: string | undefined;
  readonly channel?: string | undefined;
  readonly at?: string | undefined;
  readonly atLeast?: string | undefined;
}

export interface Opened extends Omit<Asked, "at"> {
  readonly at: Instant;
  readonly head: Head;
  readonly token: string;
  readonly manifest: Manifest;
  readonly reader: SegmentReader;
  readonly memory: AnswerMemory;
}

/** Who asks, and where: what all price routes get. */
export interface Asking {
  readonly caller: Caller;
  readonly c: Context<PlaneTypes<EdgeEnv>>;
}

export interface Answered extends Opened {
  readonly result: Extract<PricesAnswer, { kind: "answered" }>;
}
