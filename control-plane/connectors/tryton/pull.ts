import { log } from "../../../shared/api/log.ts";
import type { RequestIdentity } from "../../ingest/reservation.ts";
import type { Taken } from "../../ingest/take-records.ts";
import { findConnectorState, saveConnectorState } from "../../queries/connector-states.ts";
import { takeTranslation } from "../take-translation.ts";
import type { ConnectorProblem } from "../translation.ts";
import { TrytonClient, TrytonError, type TrytonServer } from "./client.ts";
import { fingerprintOf } from "./fingerprint.ts";
import type { TrytonOptions } from "./translate.ts";
import { wholeCompany } from "./whole-company.ts";

const connector = "tryton";
// What a fingerprint could miss is found a day later.
const readAnywayAfterMilliseconds = 86_400_000;

export interface Pulled {
  /** Whether Tryton was not read, since nothing has changed there since it was read last. */
  readonly unchanged: boolean;
  readonly problems: readonly ConnectorProblem[];
  readonly taken: Taken | undefined;
}

/**
 * Reads a Tryton whole and takes what follows from it as one batch; without `full` only if something has changed.
 * @throws {TrytonError} when it does not answer as it should; nothing was taken then
 */
export async function pull(
  server: TrytonServer & TrytonOptions,
  catalog: D1Database,
  {
    now,
    full,
    identity,
  }: { readonly now: number; readonly full: boolean; readonly identity?: RequestIdentity },
): Promise<Pulled> {
  const client = new TrytonClient(server);
  // Taken before reading: what changes in between is seen the next time.
  const fingerprint = await fingerprintOf(client);
  const state = await findConnectorState(catalog, connector);
  const isRecent = state !== undefined && now - state.readAt < readAnywayAfterMilliseconds;
  if (!full && isRecent && state.fingerprint === fingerprint) {
    return { unchanged: true, problems: [], taken: undefined };
  }
  const translation = await wholeCompany(client, catalog, server);
  const own = { keyId: `connector/${connector}`, idempotencyKey: `${fingerprint}-${now}`, target: "" };
  const taken = await takeTranslation(catalog, identity ?? own, translation);
  await saveConnectorState(catalog, { connector, fingerprint, readAt: now });
  return { unchanged: false, problems: translation.problems, taken };
}

/**
 * Pulls by the clock. Returns the sequence that a change made, if it made one. A Tryton that does not answer is asked
 * again the next time.
 */
export async function pullBySchedule(
  server: TrytonServer & TrytonOptions,
  catalog: D1Database,
  now: number,
): Promise<number | undefined> {
  try {
    const { problems, taken } = await pull(server, catalog, { now, full: false });
    const [first] = problems;
    if (first !== undefined) log("connector_problems", { connector, count: problems.length, first });
    return taken?.sequence;
  } catch (error) {
    if (!(error instanceof TrytonError)) throw error;
    log("erp_unavailable", { connector, fault: error.fault, error });
    return undefined;
  }
}
