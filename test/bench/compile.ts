import { startPlanes, type Planes } from "../support/planes.ts";
import { isSmall } from "./bench-size.ts";
import { compileMatrix } from "./compile-matrix.ts";
import { contractPrice, matrixCompany } from "./matrix-company.ts";
import { recordsOf, rowChunks } from "./stores/record-rows.ts";
import { judged, median, rounded, timed } from "./timed.ts";

/**
 * What compiling costs: the pure steps in Node, in companies of growing size; then the same on D1 in workerd, against
 * reading the same rows; then publishing all of it through the control plane, and one changed price after that.
 */
const sizes = isSmall ? [1_000, 10_000] : [10_000, 100_000, 1_000_000];
const largest = sizes.at(-1) ?? 0;
const readRounds = 5;
const compileRounds = 3;
const changes = 7;
const chunksAtOnce = 40;

console.log("\nThe pure steps, in Node");
console.table(sizes.map((size) => rowOf(size)));

const planes = await startPlanes({}, [{ configPath: "test/bench/stores/wrangler.toml" }]);
try {
  const stores = planes.beside("pricewright-bench");
  const company = matrixCompany(largest);
  await fill(stores);
  const reads: number[] = [];
  const scans: number[] = [];
  const compiles: number[] = [];
  const phases: Phases[] = [];
  for (let round = 0; round < readRounds; round++) {
    scans.push((await timed(() => asked(stores, "/read")))[0]);
    reads.push((await timed(() => asked(stores, "/read-by-sku")))[0]);
    if (round >= compileRounds) continue;
    const [compile, phase] = await timed(() => asked<Phases>(stores, "/compile"));
    compiles.push(compile);
    phases.push(phase);
  }
  const read = median(reads);
  // Of the round whose time is the median.
  const phase = phases[compiles.indexOf(median(compiles))];
  console.log(`\nOn D1, in workerd: ${largest} prices of ${company.products} products`);
  console.table([
    { step: "read page by page, unparsed", seconds: rounded(median(scans) / 1000) },
    { step: "read by SKU, as records", seconds: rounded(read / 1000) },
    {
      step: "full compile",
      seconds: rounded(median(compiles) / 1000),
      ...judged(median(compiles) / read, { atMost: 4 }),
    },
    { step: "… of that the plan", seconds: rounded((phase?.planMs ?? 0) / 1000) },
    { step: "… its buckets read", seconds: rounded((phase?.readMs ?? 0) / 1000) },
    { step: "… and compiled", seconds: rounded((phase?.compileMs ?? 0) / 1000) },
  ]);

  const full = await publishFull(planes);
  const increments: Published[] = [];
  for (let round = 0; round < changes; round++) increments.push(await publishChange(planes, round));
  const milliseconds = median(increments.map((one) => one.milliseconds));
  const [first] = increments;
  console.log(
    "\nPublished by the control plane: compiled, written, read back, copied to KV, verified and switched",
  );
  console.table([
    {
      snapshot: "all",
      seconds: rounded(full.milliseconds / 1000),
      "buckets compiled": full.buckets.compiled,
      "segments written": full.segments.written,
      MB: rounded(full.bytesWritten / 1e6),
    },
    {
      snapshot: "one changed price (median)",
      seconds: rounded(milliseconds / 1000),
      "buckets compiled": first?.buckets.compiled,
      "segments written": first?.segments.written,
      MB: rounded((first?.bytesWritten ?? 0) / 1e6),
      ...judged(milliseconds / full.milliseconds, { atMost: 1 / 200 }),
    },
  ]);
  console.log(`each change: ${increments.map((one) => one.milliseconds).join(", ")} ms`);
} finally {
  await planes.close();
}

interface Phases {
  readonly planMs: number;
  readonly readMs: number;
  readonly compileMs: number;
}

function rowOf(size: number): Record<string, string | number> {
  const { points, milliseconds, planMs, changeMs, segments, priceBytes, tiers, heap } = compileMatrix(size);
  return {
    "price records": size,
    "price points": points,
    "points a second": Math.floor((points / milliseconds) * 1000),
    "plan, s": rounded(planMs / 1000),
    "compile, s": rounded(milliseconds / 1000),
    "one price, ms": rounded(changeMs),
    segments,
    "segments, MB": rounded(priceBytes / 1e6),
    "bytes a tier": rounded(priceBytes / tiers),
    "heap of a unit, MB": rounded(heap.unit / 1e6),
    "heap of the plan, MB": rounded(heap.plan / 1e6),
  };
}

type Ask = Planes["control"]["fetch"];

async function asked<Answer>(ask: Ask, path: string, init?: RequestInit): Promise<Answer> {
  const response = await ask(path, init);
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return response.json<Answer>();
}

async function fill(stores: Ask): Promise<void> {
  let chunks: string[] = [];
  const send = async () => {
    if (chunks.length > 0) await asked(stores, "/insert", { method: "POST", body: chunks.join("\n") });
    chunks = [];
  };
  for (const chunk of rowChunks(recordsOf(matrixCompany(largest)))) {
    chunks.push(chunk);
    if (chunks.length === chunksAtOnce) await send();
  }
  await send();
}

interface Snapshot {
  readonly id: string;
  readonly status: string;
  readonly bytesWritten: number;
  readonly buckets: { readonly compiled: number };
  readonly segments: { readonly written: number };
}

interface Published extends Snapshot {
  /** From its first step to the head's move. */
  readonly milliseconds: number;
}

async function publishFull(planes: Planes): Promise<Published> {
  const { id } = await manager<Snapshot>(planes, "/v1/snapshots", { method: "POST", body: "{}" });
  return untilLive(planes, (snapshot) => snapshot.id === id);
}

async function publishChange(planes: Planes, round: number): Promise<Published> {
  const [before] = (await manager<{ snapshots: Snapshot[] }>(planes, "/v1/snapshots?limit=1")).snapshots;
  const response = await planes.control.fetch("/v1/erp/records", {
    method: "POST",
    headers: {
      Authorization: `Bearer ${planes.keys.erp.key}`,
      "Content-Type": "application/x-ndjson",
      "Idempotency-Key": `change-${round}`,
    },
    body: JSON.stringify({
      ...everyonesPriceOf(round * 1_000),
      amount: `${round + 1}.99`,
    }),
  });
  if (response.status !== 200) throw new Error(`The price was refused: ${await response.text()}`);
  return untilLive(planes, (snapshot) => snapshot.id !== before?.id);
}

/** A price that the company has. */
function everyonesPriceOf(product: number): object {
  const {
    customer: _,
    id: __,
    allowDiscount: ___,
    ...price
  } = contractPrice(0, product % matrixCompany(largest).products, 0);
  return { ...price, id: `${price.sku}-from-1`, minQuantity: "1" };
}

async function untilLive(planes: Planes, isWanted: (snapshot: Snapshot) => boolean): Promise<Published> {
  for (;;) {
    const [newest] = (await manager<{ snapshots: Snapshot[] }>(planes, "/v1/snapshots?limit=1")).snapshots;
    if (newest?.status === "failed") throw new Error("Publishing failed");
    if (newest?.status === "live" && isWanted(newest)) {
      const { PUBLISHED } = await planes.controlEnv();
      const row = await PUBLISHED.prepare("SELECT created_at, live_at FROM snapshots WHERE id = ?")
        .bind(newest.id)
        .first<{ created_at: string; live_at: string }>();
      if (row === null) throw new Error(`There is no snapshot ${newest.id}`);
      return { ...newest, milliseconds: Date.parse(row.live_at) - Date.parse(row.created_at) };
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function manager<Answer>(planes: Planes, path: string, init: RequestInit = {}): Promise<Answer> {
  const headers = { Authorization: `Bearer ${planes.keys.manager.key}`, "Content-Type": "application/json" };
  return asked<Answer>(planes.control.fetch, path, { ...init, headers });
}
