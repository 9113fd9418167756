import { DurableObject } from "cloudflare:workers";
import { log } from "../shared/api/log.ts";
import type { ControlEnv } from "./env.ts";
import { headName } from "./head-object.ts";
import { deliverDue } from "./webhooks/courier.ts";
import { noteEvents } from "./webhooks/note-events.ts";
import { tidyOutbox } from "./webhooks/outbox.ts";
import { targetRules } from "./webhooks/target.ts";

/** The name of the one webhook object. */
export const webhooksName = "webhooks";

const timeoutMilliseconds = 10_000;
const retryMilliseconds = 30_000;

/**
 * Tells webhooks what happens to snapshots. It keeps nothing itself: the outbox is in the catalogue, and what goes
 * into it is found where it happened. So a wake-up that is lost delays a message until the next one, and loses none.
 */
export class WebhookObject extends DurableObject<ControlEnv> {
  /** Looks for what has happened and sends what is due, a moment later. */
  async wake(): Promise<void> {
    await this.#ring(Date.now());
  }

  /** What the clock does. */
  async tidy(): Promise<void> {
    await this.wake();
    await tidyOutbox(this.env.CATALOG, Date.now());
  }

  override async alarm(): Promise<void> {
    const next = await this.#work();
    if (next !== undefined) await this.#ring(next);
  }

  /** Returns when to go on, if there is something to go on with. */
  async #work(): Promise<number | undefined> {
    const { CATALOG: catalog, PUBLISHED: published, SIGNING_SECRET: secret } = this.env;
    const headsFrom = (number: number, limit: number) =>
      this.env.HEAD.getByName(headName).headsFrom(number, limit);
    try {
      return await deliverDue({
        catalog,
        note: () => noteEvents({ catalog, published, headsFrom, secret }, Date.now()),
        fetch: (...request) => fetch(...request),
        targets: targetRules(this.env),
        timeoutMilliseconds,
        now: () => Date.now(),
        random: () => Math.random(),
      });
    } catch (error) {
      log("webhooks_not_sent", { error });
      return Date.now() + retryMilliseconds;
    }
  }

  async #ring(at: number): Promise<void> {
    const set = await this.ctx.storage.getAlarm();
    if (set === null || set > at) await this.ctx.storage.setAlarm(at);
  }
}

/** Has webhooks told of what just happened. A publish goes on even if that fails: the clock sees to it later. */
export async function wakeWebhooks(env: ControlEnv): Promise<void> {
  try {
    await env.WEBHOOKS.getByName(webhooksName).wake();
  } catch (error) {
    log("webhooks_not_reached", { error });
  }
}
