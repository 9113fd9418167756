import { beforeEach, describe, expect, it, vi } from "vitest";
import { newKey, hashOfKey } from "../../shared/api/api-keys.ts";
import type { PricingRecord } from "../../shared/pricing/records.ts";
import { headKey, manifestKey, segmentKey } from "../../shared/snapshot/keys.ts";
import { encodeManifest } from "../../shared/snapshot/manifest.ts";
import type { EdgeEnv } from "../../workers/env.ts";
import { compileInMemory } from "../support/compile-in-memory.ts";
import { sampleRecords } from "../sample/feed.ts";

/** How many reads an answer waits for, one after the other, and how much they bring. */

/** Stores that answer in rounds: all reads that wait are answered together, when nothing else goes on. */
class Rounds {
  count = 0;
  bytes = 0;
  atOnceMax = 0;
  #waiting: (() => void)[] = [];

  read<Value>(value: Value, bytes: number): Promise<Value> {
    return new Promise((resolve) => {
      this.#waiting.push(() => {
        this.bytes += bytes;
        resolve(value);
      });
    });
  }

  async until<Result>(answer: Promise<Result>): Promise<Result> {
    let done = false;
    const ended = answer.finally(() => (done = true));
    while (!done) {
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
      if (done) break;
      if (this.#waiting.length === 0) throw new Error("The answer waits for something that is not a read");
      this.count++;
      this.atOnceMax = Math.max(this.atOnceMax, this.#waiting.length);
      for (const resolve of this.#waiting.splice(0)) resolve();
    }
    return ended;
  }
}

const key = newKey("storefront");

function edgeOf(records: readonly PricingRecord[], rounds: Rounds): EdgeEnv {
  const { manifest, segments } = compileInMemory(records);
  const encoded = encodeManifest(manifest);
  const head = {
    number: 1,
    snapshot: "s",
    sequence: 1,
    through: 1,
    manifest: encoded.hash,
    movedAt: "2026-11-23T10:00:00Z",
  };
  const values = new Map<string, unknown>([
    [headKey, head],
    [manifestKey, encoded.bytes.buffer],
    [segmentKey(encoded.hash), encoded.bytes.buffer],
    ...[...segments].map(([hash, bytes]) => [segmentKey(hash), bytes.slice().buffer] as const),
  ]);
  const get = (name: string) => {
    const value = values.get(name) ?? null;
    return rounds.read(value, value instanceof ArrayBuffer ? value.byteLength : JSON.stringify(value).length);
  };
  const row = { id: "k", role: "storefront", customers: null, person: null };
  const prepare = () => ({
    bind: (hash: string) => ({ first: () => rounds.read(hash === hashOfKey(key) ? row : null, 100) }),
  });
  const env: Record<keyof EdgeEnv, unknown> = {
    SNAPSHOTS: { get },
    PUBLISHED: { prepare },
    HEAD: {},
    EXPLAINER: {},
    DESK: {},
    QUOTES: {},
    INBOXES: {},
    ORDERS: undefined,
    ACCESS_TEAM_DOMAIN: undefined,
    ACCESS_AUDIENCE: undefined,
    SIGNING_SECRET: "a secret of the tests, 32 characters at least",
    HEAD_AGE_MAX_SECONDS: "300",
  };
  return env as EdgeEnv;
}

/** An isolate that has read nothing yet. */
async function coldEdge() {
  vi.resetModules();
  const { createEdge } = await import("../../workers/app.ts");
  return createEdge();
}

type Edge = Awaited<ReturnType<typeof coldEdge>>;
const context = { waitUntil: () => undefined, passThroughOnException: () => undefined, props: {} };

function ask(edge: Edge, env: EdgeEnv, customer: string, skus: readonly string[]): Promise<Response> {
  const body = JSON.stringify({ customer, lines: skus.map((sku) => ({ sku, quantity: "1" })) });
  const request = new Request("http://edge/v1/prices", {
    method: "POST",
    headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
    body,
  });
  return Promise.resolve(edge.fetch(request, env, context as unknown as ExecutionContext));
}

/** A discount matrix: groups of customers, each with a level of discount in each product category. */
function matrix(size: { customers: number; categories: number; levels: number; products: number }) {
  const { customers, categories, levels, products } = size;
  const indexes = (count: number) => Array.from({ length: count }, (_, index) => index);
  const records: object[] = [
    ...indexes(categories).map((index) => ({ type: "category", id: `c${index}` })),
    ...indexes(levels).map((index) => ({ type: "customerGroup", id: `g${index}` })),
    ...indexes(customers).map((index) => ({
      type: "customer",
      id: `K${index}`,
      name: `Customer ${index}`,
      currency: "EUR",
      groups: [`g${index % levels}`],
    })),
    ...indexes(products).map((index) => ({
      type: "product",
      id: `S${index}`,
      name: `Product ${index}`,
      unit: "EA",
      category: `c${index % categories}`,
      listPrice: { amount: "100.00", currency: "EUR" },
    })),
    ...indexes(categories).flatMap((category) =>
      indexes(levels).map((level) => ({
        type: "rule",
        id: `r${category}-${level}`,
        rank: category * levels + level,
        who: { groups: [`g${level}`] },
        what: { categories: [`c${category}`] },
        effect: { percentOff: String(level + 1) },
      })),
    ),
    ...indexes(products).map((index) => ({
      type: "price",
      id: `p${index}`,
      sku: `S${index}`,
      currency: "EUR",
      amount: `${10 + (index % 90)}.00`,
      ...(index % 10 === 0 ? { customer: `K${index % customers}` } : {}),
    })),
  ];
  return records as PricingRecord[];
}

describe("reads: it promises that…", () => {
  let rounds: Rounds;
  beforeEach(() => {
    rounds = new Rounds();
  });

  it("a small company's first price takes two, one after the other, and its next none", async () => {
    const env = edgeOf(matrix({ customers: 20, categories: 3, levels: 3, products: 50 }), rounds);
    const edge = await coldEdge();
    const first = await rounds.until(ask(edge, env, "K0", ["S0"]));
    expect([first.status, rounds.count]).toEqual([200, 2]);
    const next = await rounds.until(ask(edge, env, "K0", ["S0"]));
    const other = await rounds.until(ask(edge, env, "K1", ["S1"]));
    // The other's product may be in another bucket, whose segment is all that is missing.
    expect([next.status, other.status]).toEqual([200, 200]);
    expect(rounds.count).toBeLessThanOrEqual(3);
    await rounds.until(ask(edge, env, "K1", ["S1"]));
    expect(rounds.count).toBeLessThanOrEqual(3);
  });

  it("a large company's first price takes three, and 200 KB at most", async () => {
    const env = edgeOf(matrix({ customers: 3_000, categories: 20, levels: 12, products: 4_000 }), rounds);
    const edge = await coldEdge();
    const first = await rounds.until(ask(edge, env, "K0", ["S0"]));
    expect([first.status, rounds.count]).toEqual([200, 3]);
    expect(rounds.bytes).toBeLessThanOrEqual(200_000);
    expect(rounds.bytes).toBeGreaterThan(10_000);
    await rounds.until(ask(edge, env, "K0", ["S0"]));
    expect(rounds.count).toBe(3);
  });

  it("the sample company's takes three at most, and 200 KB", async () => {
    const records = sampleRecords(new Date("2026-11-23T10:00:00Z")) as PricingRecord[];
    const env = edgeOf(records, rounds);
    const customer = records.find(({ type }) => type === "customer")?.id ?? "";
    const { sku } = records.find((record) => record.type === "price") ?? { sku: "" };
    const answer = await rounds.until(ask(await coldEdge(), env, customer, [sku]));
    expect(await answer.json()).toMatchObject({ lines: [{ sku, unitPrice: expect.any(String) }] });
    expect(rounds.count).toBeLessThanOrEqual(3);
    expect(rounds.bytes).toBeLessThanOrEqual(200_000);
  });

  it("500 SKUs are read side by side, six at once", async () => {
    const env = edgeOf(matrix({ customers: 300, categories: 20, levels: 3, products: 4_000 }), rounds);
    const skus = Array.from({ length: 500 }, (_, index) => `S${index * 7}`);
    const answer = await rounds.until(ask(await coldEdge(), env, "K0", skus));
    expect(answer.status).toBe(200);
    expect(rounds.atOnceMax).toBe(6);
  });

  it("a manifest's copy that is another snapshot's costs one more, and is not answered from", async () => {
    const records = matrix({ customers: 20, categories: 3, levels: 3, products: 50 });
    const env = edgeOf(records, rounds);
    const older = encodeManifest(compileInMemory(records.filter(({ type }) => type !== "rule")).manifest);
    const { SNAPSHOTS } = env;
    const get = (name: string) =>
      name === manifestKey
        ? rounds.read(older.bytes.buffer, older.bytes.length)
        : (SNAPSHOTS.get(name) as Promise<unknown>);
    const stale = { ...env, SNAPSHOTS: { get } as unknown as KVNamespace };
    const answer = await rounds.until(ask(await coldEdge(), stale, "K0", ["S1"]));
    const right = await new Rounds().until(Promise.resolve(answer.clone().json<{ lines: object[] }>()));
    expect([answer.status, rounds.count]).toEqual([200, 3]);
    expect(right.lines).toMatchObject([{ unitPrice: "10.89" }]);
  });
});
