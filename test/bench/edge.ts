import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { companyOfSample } from "../sample/company.ts";
import { sampleRecords } from "../sample/feed.ts";

/**
 * What answers cost at the edge, warm, with the caller checked: one price and whole baskets of the sample company,
 * against the same Worker answering a constant (`/healthz`). Both go through the same socket and load generator, so
 * their ratio says more than either number.
 */
const connections = 16;
const rounds = 5;
const roundMilliseconds = 2_000;
const ports = { edge: 18_787, control: 18_788 };

const stateFolder = mkdtempSync(join(tmpdir(), "pricewright-bench-"));
const server = spawn(process.execPath, [join(import.meta.dirname, "../../.dev/start.ts")], {
  env: {
    ...process.env,
    STATE_DIR: stateFolder,
    EDGE_PORT: String(ports.edge),
    CONTROL_PORT: String(ports.control),
  },
  stdio: "ignore",
});
try {
  await untilReady();
  await measureAll();
} finally {
  server.kill("SIGINT");
  await once(server, "exit");
  rmSync(stateFolder, { recursive: true });
}

interface Ask {
  readonly name: string;
  readonly path: string;
  readonly body?: string;
}

async function measureAll(): Promise<void> {
  const key = (
    JSON.parse(readFileSync(join(stateFolder, "credentials.json"), "utf8")) as { storefront: string }
  ).storefront;
  const { contractStoreIds, pricedSkus } = companyOfSample(sampleRecords(new Date()));
  const [customer = ""] = contractStoreIds;
  const basket = (lines: number): string =>
    JSON.stringify({
      customer,
      lines: Array.from({ length: lines }, (_, index) => ({
        sku: pricedSkus[index % pricedSkus.length],
        quantity: String((index % 30) + 1),
      })),
    });
  const asks: readonly Ask[] = [
    { name: "a constant (/healthz)", path: "/healthz" },
    { name: "1 price (GET)", path: `/v1/prices/${pricedSkus[0]}?customer=${customer}` },
    { name: "1 price (POST)", path: "/v1/prices", body: basket(1) },
    { name: "100 prices", path: "/v1/prices", body: basket(100) },
    { name: "500 prices", path: "/v1/prices", body: basket(500) },
  ];
  const rates = new Map(asks.map(({ name }) => [name, [] as number[]]));
  for (const ask of asks) await load(ask, key);
  // Round by round, so that whatever else the machine does meets all of them.
  for (let round = 0; round < rounds; round++) {
    for (const ask of asks) rates.get(ask.name)?.push(await load(ask, key));
  }
  const medians = new Map([...rates].map(([name, found]) => [name, median(found)]));
  const constant = medians.get("a constant (/healthz)") ?? 0;
  console.table(
    asks.map(({ name }) => ({
      answer: name,
      "answers a second": Math.floor(medians.get(name) ?? 0),
      "times the constant's cost": Number((constant / (medians.get(name) ?? 1)).toFixed(2)),
    })),
  );
}

/** Answers a second, over one round. */
async function load({ path, body }: Ask, key: string): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const start = performance.now();
  let answers = 0;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() - start < roundMilliseconds) {
        const status = await send(path, body, key, agent);
        if (status !== 200) throw new Error(`${path} answered ${status}`);
        answers++;
      }
    }),
  );
  agent.destroy();
  return (answers / (performance.now() - start)) * 1000;
}

function send(path: string, body: string | undefined, key: string, agent?: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: "127.0.0.1",
        port: ports.edge,
        path,
        method: body === undefined ? "GET" : "POST",
        headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
        ...(agent === undefined ? {} : { agent }),
      },
      (response) => {
        response.resume();
        response.on("end", () => resolve(response.statusCode ?? 0));
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

async function untilReady(): Promise<void> {
  const deadline = performance.now() + 120_000;
  for (;;) {
    const status = await send("/healthz", undefined, "").catch(() => 0);
    if (status === 200) return;
    if (performance.now() > deadline) throw new Error("The planes did not start");
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
