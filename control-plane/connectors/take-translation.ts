import type { RequestIdentity } from "../ingest/reservation.ts";
import { takeRecords, type Taken } from "../ingest/take-records.ts";
import { idsWithPrefix } from "../queries/find-records.ts";
import type { Translated } from "./connectors.ts";
import { deletionsFor, type KnownRecord } from "./sap/deletions-for.ts";
import type { FeedRecord } from "./translation.ts";

/**
 * Takes what a connector made, as one batch: all of it is applied in one step. Undefined when there was nothing to
 * take. A repetition with the same key and the same records has no second effect.
 */
export async function takeTranslation(
  db: D1Database,
  identity: RequestIdentity,
  translated: Translated,
): Promise<Taken | undefined> {
  const records: FeedRecord[] = [...translated.records];
  if (translated.replaces !== undefined) {
    const known: KnownRecord[] = [];
    for (const { type, idPrefix } of translated.replaces) {
      for (const id of await idsWithPrefix(db, type, idPrefix)) known.push({ type, id });
    }
    records.push(...deletionsFor(known, { ...translated, replaces: translated.replaces }));
  }
  if (records.length === 0) return undefined;
  return takeRecords(db, { identity, body: linesOf(records), encoding: "identity" }, Date.now);
}

const linesAtOnce = 500;

function linesOf(records: readonly FeedRecord[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let at = 0;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      const some = records.slice(at, at + linesAtOnce);
      at += some.length;
      if (some.length === 0) controller.close();
      else controller.enqueue(encoder.encode(some.map((record) => `${JSON.stringify(record)}\n`).join("")));
    },
  });
}
