import type { Context } from "hono";
import type { Caller } from "../../shared/api/callers.ts";
import type { PlaneTypes } from "../../shared/api/route.ts";
import type { Instant } from "../../shared/pricing/instant.ts";
import type { PricesAnswer } from "../../shared/snapshot/price-lines.ts";
import type { EdgeEnv } from "../env.ts";
import type { OpenSnapshot } from "../snapshots/live-snapshot.ts";

/** What every price question may carry. */
export interface Asked {
  readonly customer: string;
  readonly currency?: string | undefined;
  readonly channel?: string | undefined;
  readonly at?: string | undefined;
  readonly atLeast?: string | undefined;
}

/** A question with the snapshot that answers it. */
export interface OpenQuestion {
  readonly asked: Asked;
  readonly at: Instant;
  readonly snapshot: OpenSnapshot;
}

/** Who asks, and where: what all price routes get. */
export interface Asking {
  readonly caller: Caller;
  readonly c: Context<PlaneTypes<EdgeEnv>>;
}

export interface Answered {
  readonly question: OpenQuestion;
  readonly result: Extract<PricesAnswer, { kind: "answered" }>;
}
