import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readManifest } from "../../shared/snapshot/manifest.ts";
import type { Head } from "../../shared/snapshot/head.ts";
import { headKey, segmentKey } from "../../shared/snapshot/keys.ts";
import { openPrices } from "../../shared/snapshot/price-segment.ts";
import { publish, push } from "../support/erp.ts";
import type { Planes } from "../support/planes.ts";
import { Shop, type ProblemBody } from "../support/price-questions.ts";
import {
  boxes,
  dated,
  oddCompany,
  oddIds,
  price,
  product,
  sold,
  startSmallCompany,
} from "../support/small-company.ts";

let planes: Planes;
let shop: Shop;

beforeAll(async () => {
  planes = await startSmallCompany();
  shop = new Shop(planes);
});
afterAll(() => planes.close());

interface Entry {
  readonly sku: string;
  readonly unit: string;
  readonly tiers: readonly { from: string; above?: true; unitPrice: string; per?: string }[];
}

beforeAll(async () => {
  await push(planes, oddCompany);
  await publish(planes);
});

describe("a price list: it promises that…", () => {
  async function listOf(query: string) {
    const { status, headers, text } = await shop.send(`/v1/price-list?${query}`);
    expect([status, headers.get("Content-Type")]).toEqual([200, "application/x-ndjson"]);
    expect(text.endsWith("\n")).toBe(true);
    const lines = text
      .trim()
      .split("\n")
      .map((line): Record<string, unknown> => JSON.parse(line));
    return { first: lines[0], entries: lines.slice(1, -1) as unknown as Entry[], last: lines.at(-1) };
  }

  it.each([
    "customer=EUR",
    "customer=EUR&channel=web",
    "customer=BY-LIST&currency=EUR",
    "customer=EUR&at=2020-01-01T00:00:00Z",
  ])("for %s it holds what single questions are answered, and nothing else", async (query) => {
    const asked = Object.fromEntries(new URLSearchParams(query));
    const { first, entries, last } = await listOf(query);
    expect(first).toMatchObject({
      customer: asked["customer"],
      currency: "EUR",
      snapshot: {},
      at: expect.any(String),
    });
    expect(last).toEqual({ entries: entries.length });
    expect(new Set(entries.map(({ sku, unit }) => `${sku} in ${unit}`)).size).toBe(entries.length);
    const units = new Map([
      ["BOXED", ["EA", "BOX", "constructor"]],
      ["STEPS", ["EA", "BOX"]],
    ]);
    const known = [...sold, ...dated, ...boxes].filter(({ type }) => type === "product").map(({ id }) => id);
    for (const sku of [...known, ...oddIds]) {
      for (const unit of units.get(sku) ?? ["EA"]) {
        const line = await shop.line({ ...asked, sku, unit, quantity: "10" });
        const entry = entries.find((one) => one.sku === sku && one.unit === unit);
        expect([sku, unit, entry?.tiers]).toEqual([sku, unit, line.tiers]);
      }
    }
    for (const { sku, unit, tiers } of entries) {
      for (const { from, above, unitPrice, per = "1" } of tiers) {
        const quantity = above === true ? `${from}.00000001` : from;
        const line = await shop.line({ ...asked, sku, unit, quantity });
        expect([sku, unit, quantity, line.unitPrice, line.per]).toEqual([
          sku,
          unit,
          quantity,
          unitPrice,
          per,
        ]);
      }
    }
  });

  it("one that is cut off has no last line, and is logged with its request", async () => {
    await push(planes, [
      { type: "category", id: "lost" },
      { type: "rule", id: "lost", rank: 1, what: { categories: ["lost"] }, effect: { percentOff: "10" } },
      ...["L1", "L2", "L3"].flatMap((id) => [product(id, { category: "lost" }), price(id, id, "50.00")]),
    ]);
    const { token } = await publish(planes);
    const { SNAPSHOTS, PUBLISHED } = await planes.controlEnv();
    const head = await SNAPSHOTS.get<Head>(headKey, "json");
    const bytes = await SNAPSHOTS.get(segmentKey(head?.manifest ?? ""), "arrayBuffer");
    const { buckets } = readManifest(new Uint8Array(bytes ?? new ArrayBuffer(0)));
    for (const hash of Object.values(buckets).flatMap((variants) => Object.values(variants))) {
      const segment = await SNAPSHOTS.get(segmentKey(hash), "arrayBuffer");
      if (segment === null || openPrices(new Uint8Array(segment)).find("L1") === undefined) continue;
      await SNAPSHOTS.delete(segmentKey(hash));
      await PUBLISHED.prepare("DELETE FROM segments WHERE hash = ?").bind(hash).run();
    }
    planes.takeLogs();
    const response = await planes.edge.fetch(`/v1/price-list?customer=EUR&atLeast=${token}`, {
      headers: { Authorization: `Bearer ${planes.keys.storefront.key}` },
    });
    const chunks: Uint8Array[] = [];
    const reading = async () => {
      for await (const chunk of response.body ?? []) chunks.push(chunk);
    };
    await expect(reading()).rejects.toThrow("terminated");
    const text = Buffer.concat(chunks).toString();
    expect(text).toMatch(/^\{"customer":"EUR"/);
    expect(text).not.toMatch(/\{"entries":/);
    const id = response.headers.get("X-Request-Id");
    const failures = planes.takeLogs().filter((line) => line.includes('"price_list_cut_off"'));
    expect(failures.map((line): unknown => JSON.parse(line).requestId)).toEqual([id]);

    const { body } = await shop.post<ProblemBody>({ customer: "EUR", lines: [{ sku: "L1", quantity: "1" }] });
    expect(body.code).toBe("snapshot_unavailable");
    expect(await shop.price({ customer: "EUR", sku: "A" })).toBe("10.00");
  });
});
