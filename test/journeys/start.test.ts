import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";

// Both Workers are built at each start, which takes long on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 300_000 });

let stateFolder: string;
let ports: { edge: number; control: number };
let running: ChildProcess | undefined;

beforeAll(async () => {
  stateFolder = mkdtempSync(join(tmpdir(), "pricewright-"));
  ports = { edge: await freePort(), control: await freePort() };
});
afterEach(stop);
afterAll(() => rmSync(stateFolder, { recursive: true }));

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("A TCP server has a port");
  return address.port;
}

function start(): ChildProcess {
  const env = {
    ...process.env,
    STATE_DIR: stateFolder,
    SAMPLE: "none",
    EDGE_PORT: String(ports.edge),
    CONTROL_PORT: String(ports.control),
  };
  const setup = join(import.meta.dirname, "../../.dev/setup.mjs");
  running = spawn(process.execPath, [setup, "node", ".dev/start.ts"], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  return running;
}

async function stop(): Promise<void> {
  if (running === undefined || running.exitCode !== null) return;
  running.kill("SIGINT");
  await once(running, "exit");
}

async function isHealthy(port: number): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
  return response?.status === 200;
}

async function ready(): Promise<void> {
  const both = async () => (await isHealthy(ports.edge)) && (await isHealthy(ports.control));
  await expect.poll(both, { timeout: 120_000, interval: 100 }).toBe(true);
}

function credentials(): Record<string, string> {
  return JSON.parse(readFileSync(join(stateFolder, "credentials.json"), "utf8"));
}

async function push(): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${ports.control}/v1/erp/records`, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${credentials()["erp"]}`,
      "Content-Type": "application/x-ndjson",
      "Idempotency-Key": "same",
    },
    body: '{"type":"category","id":"C1"}',
  });
  return response.json();
}

it("it promises that a start makes a key for each role, and that keys and records outlive it", async () => {
  start();
  await ready();
  const first = credentials();
  expect(Object.keys(first).toSorted()).toEqual([
    "admin",
    "approver",
    "erp",
    "manager",
    "sales",
    "storefront",
  ]);
  expect(statSync(join(stateFolder, "credentials.json")).mode & 0o777).toBe(0o600);
  const pushed = await push();
  expect(pushed).toMatchObject({ sequence: 1, counts: { applied: 1 } });
  await stop();

  start();
  await ready();
  expect(credentials()).toEqual(first);
  expect(await push()).toEqual(pushed);
});

it("it promises that a busy port is named", async () => {
  const server = createServer().listen(ports.control, "127.0.0.1");
  await once(server, "listening");
  const child = start();
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const [code] = await once(child, "exit");
  server.close();
  expect(code).toBe(1);
  expect(said).toContain(`Port ${ports.control} is in use`);
  expect(said).toContain("CONTROL_PORT=");
});
