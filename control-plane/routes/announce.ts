import { log } from "../../shared/api/log.ts";
import type { ControlEnv } from "../env.ts";
import { publisherName } from "../publisher-object.ts";

/** Tells the publisher of a new sequence. Records are taken even if that fails: the next batch tells it again. */
export async function announce(env: ControlEnv, sequence: number): Promise<void> {
  try {
    await env.PUBLISHER.getByName(publisherName).recordsApplied(sequence);
  } catch (error) {
    log("publisher_not_reached", { sequence, error });
  }
}
