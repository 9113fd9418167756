import { log } from "../../shared/api/log.ts";
import { Problem } from "../../shared/api/problem.ts";
import { applyBatch } from "./apply-batch.ts";
import { incomingBytes, type Encoding } from "./incoming-bytes.ts";
import { lineGroupsOf } from "./lines.ts";
import {
  guardReservation,
  inFlight,
  isGuardFailure,
  release,
  reserve,
  type RequestIdentity,
} from "./reservation.ts";
import { stageLines } from "./stage-lines.ts";
import { stageInSweep } from "./stage-in-sweep.ts";
import { openSweepOf, type Sweep } from "./sweep.ts";

export interface Delivery {
  readonly identity: RequestIdentity;
  readonly body: ReadableStream<Uint8Array> | null;
  readonly encoding: Encoding;
}

export interface Taken {
  readonly answer: string;
  /** Whether the same request was carried out before. */
  readonly replayed: boolean;
  /** The sequence that the request made, if it changed anything. */
  readonly sequence: number | undefined;
}

/**
 * Takes an NDJSON body of records: all of its good lines are applied in one step, and every line is accounted
 * for. A body that cannot be read as lines is refused whole. Nothing else of a delivery has an effect.
 */
export async function takeRecords(db: D1Database, delivery: Delivery, clock: () => number): Promise<Taken> {
  const { identity, body, encoding } = delivery;
  const reservation = await reserve(db, identity, clock());
  const bytes = incomingBytes(body, encoding);
  if (reservation.kind === "done") {
    for await (const _chunk of bytes.chunks);
    const same = reservation.target === identity.target && reservation.digest === (await bytes.digest());
    if (!same) throw new Problem("idempotency_key_reused");
    return { answer: reservation.answer, replayed: true, sequence: undefined };
  }
  const { batch } = reservation;
  try {
    const sweep = identity.target === "" ? undefined : await openSweepOf(db, identity.target, clock());
    await stageLines(db, lineGroupsOf(bytes.chunks), { batch, clock, scope: sweep?.scope });
    return {
      ...(await finish(db, batch, { sweep, digest: await bytes.digest(), now: clock() })),
      replayed: false,
    };
  } catch (error) {
    // Should that fail too, the reservation ends with its lease.
    await release(db, batch).catch((cause: unknown) =>
      log("reservation_not_released", { batch, error: cause }),
    );
    throw isGuardFailure(error) ? inFlight() : error;
  }
}

async function finish(
  db: D1Database,
  batch: number,
  { sweep, digest, now }: { sweep: Sweep | undefined; digest: string; now: number },
): Promise<{ answer: string; sequence: number | undefined }> {
  const guards = [guardReservation(db, batch)];
  if (sweep === undefined) return applyBatch(db, batch, { now, ready: { kind: "request", digest }, guards });
  return { answer: await stageInSweep(db, batch, { sweep, digest, now }), sequence: undefined };
}
