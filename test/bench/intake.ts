import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { startPlanes, type Planes } from "../support/planes.ts";
import { isSmall } from "./bench-size.ts";
import { rowChunks, rowOf } from "./stores/record-rows.ts";
import { judged, median, rounded, timed } from "./timed.ts";
import { customerOf, listPrice, skuOf, wholesalerRecords } from "./wholesaler.ts";

/**
 * How long taking and publishing 100,000 prices takes, and one changed price after that, through HTTP on the local
 * planes. Beside it the same rows, inserted into the same table with its indexes and checks and nothing decided: by
 * D1's own way for many rows (texts of JSON through the same binding, one transaction, an empty table), and by
 * prepared statements of `node:sqlite` in memory, which no D1 can reach.
 */
const size = isSmall
  ? { products: 1_000, lists: 10, customers: 100 }
  : { products: 10_000, lists: 10, customers: 500 };
const rounds = isSmall ? 3 : 5;
const changes = 7;

const records = wholesalerRecords(size);
const feed = `${records.map((record) => JSON.stringify(record)).join("\n")}\n`;
const chunks = [...rowChunks(records)].join("\n");
const planes = await startPlanes({}, [{ configPath: "test/bench/stores/wrangler.toml" }]);
try {
  const stores = planes.beside("pricewright-bench");
  // Round by round, so that whatever else the machine does meets all of them; the first one warms up.
  const times = { prepared: [] as number[], raw: [] as number[], taken: [] as number[] };
  await setAutoPublish(planes, false);
  let batch: Batch | undefined;
  for (let round = 0; round <= rounds; round++) {
    const [prepared] = await timed(() => insertPrepared());
    await ask(stores, "/empty");
    const [raw] = await timed(() => ask(stores, "/insert", chunks));
    await ask(stores, "/empty");
    const [taken, answer] = await timed(() => push(planes, `all-${round}`, feed));
    if (answer.counts.applied !== records.length) throw new Error("Not all records were applied");
    batch = answer;
    if (round === 0) continue;
    times.prepared.push(prepared);
    times.raw.push(raw);
    times.taken.push(taken);
  }
  const ratios = times.raw.map((raw, round) => raw / (times.taken[round] ?? Infinity));
  console.log(
    `\n${records.length} records, of them ${size.products * size.lists} prices; medians of ${rounds} rounds`,
  );
  console.table([
    { step: "node:sqlite inserts the rows, prepared, in memory", ...rateOf(median(times.prepared)) },
    { step: "D1 inserts the rows", ...rateOf(median(times.raw)) },
    {
      step: "taken in",
      ...rateOf(median(times.taken)),
      ...judged(median(ratios), { atLeast: 0.25 }),
    },
  ]);

  await setAutoPublish(planes, true);
  const [published, snapshot] = await timed(() => publishedWith(planes, batch?.sequence ?? 0));
  console.log(
    `published: ${snapshot.segments.written} segments, ${(snapshot.bytesWritten / 1e6).toFixed(0)} MB, written, read ` +
      `back and switched, in ${(published / 1000).toFixed(1)} s`,
  );
  const waits: number[] = [];
  for (let round = 0; round < changes; round++) {
    const change = JSON.stringify(listPrice(0, round * 100, round + 1));
    const [wait] = await timed(async () => {
      const { token } = await push(planes, `change-${round}`, change);
      await askUntilFresh(planes, skuOf(round * 100), token);
    });
    waits.push(wait);
  }
  console.log(
    `one changed price, from the push to the edge's answer: ${waits.map((wait) => wait.toFixed(0)).join(", ")} ms, ` +
      `median ${median(waits).toFixed(0)} ms`,
  );
} finally {
  await planes.close();
}

function rateOf(milliseconds: number): Record<string, number> {
  return {
    seconds: rounded(milliseconds / 1000),
    "records a second": Math.floor((records.length / milliseconds) * 1000),
  };
}

function insertPrepared(): void {
  const database = new DatabaseSync(":memory:");
  const folder = join(import.meta.dirname, "../../migrations/catalog");
  for (const file of readdirSync(folder).sort()) {
    if (file.endsWith(".sql")) database.exec(readFileSync(join(folder, file), "utf8"));
  }
  const insert = database.prepare(
    `INSERT INTO records (since, deleted, type, id, body, sku, list, customer, group_id, parent)
     VALUES (1, 0, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  database.exec("BEGIN");
  for (const record of records) insert.run(...rowOf(record));
  database.exec("COMMIT");
  database.close();
}

async function ask(stores: Planes["control"]["fetch"], path: string, body = ""): Promise<void> {
  const response = await stores(path, { method: "POST", body });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
}

interface Batch {
  readonly sequence: number;
  readonly token: string;
  readonly counts: { readonly applied: number };
}

async function push({ control, keys }: Planes, idempotencyKey: string, body: string): Promise<Batch> {
  const response = await control.fetch("/v1/erp/records", {
    method: "POST",
    headers: {
      Authorization: `Bearer ${keys.erp.key}`,
      "Content-Type": "application/x-ndjson",
      "Idempotency-Key": idempotencyKey,
    },
    body,
  });
  if (response.status !== 200) throw new Error(`The records were refused: ${await response.text()}`);
  return response.json<Batch>();
}

async function setAutoPublish({ control, keys }: Planes, autoPublish: boolean): Promise<void> {
  const response = await control.fetch("/v1/publishing", {
    method: "PUT",
    headers: { Authorization: `Bearer ${keys.manager.key}`, "Content-Type": "application/json" },
    body: JSON.stringify({ autoPublish }),
  });
  if (!response.ok) throw new Error(`Publishing could not be set: ${await response.text()}`);
}

interface Snapshot {
  readonly sequence: number;
  readonly status: string;
  readonly failure: string | null;
  readonly bytesWritten: number;
  readonly segments: { readonly written: number };
}

async function publishedWith({ control, keys }: Planes, sequence: number): Promise<Snapshot> {
  for (;;) {
    const response = await control.fetch("/v1/snapshots?limit=1", {
      headers: { Authorization: `Bearer ${keys.manager.key}` },
    });
    const [newest] = (await response.json<{ snapshots: Snapshot[] }>()).snapshots;
    if (newest?.status === "failed") throw new Error(`Publishing failed: ${newest.failure}`);
    if (newest?.status === "live" && newest.sequence >= sequence) return newest;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function askUntilFresh({ edge, keys }: Planes, sku: string, token: string): Promise<void> {
  for (;;) {
    const response = await edge.fetch(`/v1/prices/${sku}?customer=${customerOf(0)}&atLeast=${token}`, {
      headers: { Authorization: `Bearer ${keys.storefront.key}` },
    });
    if (response.status === 200) return;
    if (response.status !== 409) throw new Error(`The edge could not answer: ${await response.text()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
