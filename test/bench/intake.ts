import { DatabaseSync } from "node:sqlite";
import { startPlanes, type Planes } from "../support/planes.ts";
import { customerOf, listPrice, skuOf, wholesalerFeed } from "./wholesaler.ts";

/**
 * How long taking and publishing 100,000 prices takes, and one changed price after that, through HTTP on the local
 * planes; beside it SQLite inserting the same lines, so that machines can be compared by the ratio.
 */
const size = { products: 10_000, lists: 10, customers: 500 };
const changes = 7;

const feed = wholesalerFeed(size);
const records = feed.split("\n").length - 1;
const planes = await startPlanes();
try {
  const [bare] = timed(() => insertBare(feed));
  const [taken, batch] = await timedAsync(() => push(planes, "all", feed));
  const [published, snapshot] = await timedAsync(() => publishedWith(planes, batch.sequence));
  const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(1);
  console.log(`\n${records} records, of them ${size.products * size.lists} prices`);
  console.table([
    {
      step: "SQLite inserts the same lines",
      seconds: seconds(bare),
      "records a second": perSecond(bare),
      ratio: 1,
    },
    {
      step: "taken in",
      seconds: seconds(taken),
      "records a second": perSecond(taken),
      ratio: ratio(taken, bare),
    },
    {
      step: `published: ${snapshot.segments.written} segments, ${(snapshot.bytesWritten / 1e6).toFixed(0)} MB`,
      seconds: seconds(published),
      "records a second": perSecond(published),
      ratio: ratio(published, bare),
    },
  ]);

  const waits: number[] = [];
  for (let round = 0; round < changes; round++) {
    const change = JSON.stringify(listPrice(0, round * 100, round + 1));
    const [wait] = await timedAsync(async () => {
      const { token } = await push(planes, `change-${round}`, change);
      await askUntilFresh(planes, skuOf(round * 100), token);
    });
    waits.push(wait);
  }
  waits.sort((a, b) => a - b);
  console.log(
    `one changed price, from the push to the edge's answer: ${waits.map((wait) => wait.toFixed(0)).join(", ")} ms, ` +
      `median ${waits[Math.floor(changes / 2)]?.toFixed(0)} ms`,
  );
} finally {
  await planes.close();
}

function insertBare(lines: string): void {
  const database = new DatabaseSync(":memory:");
  database.exec("CREATE TABLE records (line INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT; BEGIN");
  const insert = database.prepare("INSERT INTO records (body) VALUES (?)");
  for (const line of lines.split("\n")) insert.run(line);
  database.exec("COMMIT");
  database.close();
}

interface Batch {
  readonly sequence: number;
  readonly token: string;
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

function timed<Result>(work: () => Result): [number, Result] {
  const start = performance.now();
  const result = work();
  return [performance.now() - start, result];
}

async function timedAsync<Result>(work: () => Promise<Result>): Promise<[number, Result]> {
  const start = performance.now();
  const result = await work();
  return [performance.now() - start, result];
}

function perSecond(milliseconds: number): number {
  return Math.floor((records / milliseconds) * 1000);
}

function ratio(milliseconds: number, bare: number): number {
  return Number((milliseconds / bare).toFixed(1));
}
