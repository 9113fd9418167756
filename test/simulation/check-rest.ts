import { isDeepStrictEqual } from "node:util";
import { headKey } from "../../shared/snapshot/keys.ts";
import { compileInMemory } from "../support/compile-in-memory.ts";
import { epochOf } from "./company.ts";
import type { Simulated } from "./simulate.ts";
import type { Truth } from "./truth.ts";

/** What is not as it must be once all is healed and nothing goes on: the newest records are live at every edge. */
export function wrongAtRest({ control, history, askedBeforeRest }: Simulated, truth: Truth): string[] {
  const head = truth.heads.at(-1);
  if (head === undefined) return ["nothing was ever published"];
  const wrong: string[] = [];
  for (const { edge, reply } of history.asked.slice(askedBeforeRest)) {
    const sequence = reply.kind === "answered" ? reply.head.sequence : reply.code;
    if (sequence !== truth.sequence)
      wrong.push(`${edge} answered from ${sequence} at rest, not ${truth.sequence}`);
  }
  if (!isDeepStrictEqual(JSON.parse(String(control.kv.newest(headKey))), { ...head }))
    wrong.push("KV's copy of the head is another at rest");
  if (compileInMemory(truth.recordsAt(head.sequence), head.sequence).manifestHash !== head.manifest)
    wrong.push("the live snapshot is not what a publisher without a past makes of its records");
  const unfinished = control.published.prepare("SELECT id FROM snapshots WHERE status = 'compiling'").all();
  if (unfinished.length > 0) wrong.push(`${unfinished.length} snapshots are never finished`);
  for (const table of ["parked", "staged"]) {
    const count = truth.rows(`SELECT count(*) AS count FROM ${table}`)[0]?.["count"];
    if (count !== 0) wrong.push(`${count} records are still ${table}`);
  }
  return [...wrong, ...wrongWithLastSet(history.sets, truth)];
}

function wrongWithLastSet(sets: Simulated["history"]["sets"], truth: Truth): string[] {
  const last = sets.findLast(({ fate }) => fate === "committed");
  const rows = truth.rows(
    "SELECT sku, body FROM records WHERE list = 'L' AND until IS NULL AND deleted = 0 ORDER BY sku",
  );
  const found = rows.map(({ sku, body }) => `${sku} ${epochOf(String(JSON.parse(String(body)).amount))}`);
  const right = (last?.skus ?? []).map((sku) => `${sku} ${last?.epoch}`);
  return found.join() === right.join()
    ? []
    : [`the list has ${found.join()} in the end, not ${right.join()}`];
}

/** Snapshots that became live oftener than anybody asked for. */
export function movesByThemselves({ history }: Simulated, truth: Truth): string[] {
  const moves = Map.groupBy(truth.heads, ({ snapshot }) => snapshot);
  return [...moves].flatMap(([snapshot, heads]) => {
    const asked = 1 + history.activations.filter((one) => one === snapshot).length;
    return heads.length <= asked
      ? []
      : [`${snapshot} became live ${heads.length} times, and was to ${asked} times`];
  });
}
