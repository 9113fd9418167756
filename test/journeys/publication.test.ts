import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ControlEnv } from "../../control-plane/env.ts";
import { publish, push, type Published } from "../support/erp.ts";
import { startPlanes, type Planes } from "../support/planes.ts";

let planes: Planes;

beforeAll(async () => {
  planes = await startPlanes();
});

afterAll(async () => {
  await planes.close();
});

interface Prices {
  readonly snapshot: { readonly id: string; readonly sequence: number };
  readonly token: string;
  readonly lines: readonly {
    readonly sku: string;
    readonly unitPrice?: string;
    readonly unavailable?: { code: string };
  }[];
}

async function control(
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number; body: Published }> {
  const response = await planes.control.fetch(path, {
    method,
    headers: { Authorization: `Bearer ${planes.keys.manager.key}`, "Content-Type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Published };
}

async function ask(question: object): Promise<{ status: number; body: Prices & { code?: string } }> {
  const response = await planes.edge.fetch("/v1/prices", {
    method: "POST",
    headers: { Authorization: `Bearer ${planes.keys.storefront.key}`, "Content-Type": "application/json" },
    body: JSON.stringify(question),
  });
  return { status: response.status, body: (await response.json()) as Prices & { code?: string } };
}

async function priceOf(customer: string, sku: string, atLeast?: string): Promise<string | undefined> {
  const { body } = await ask({
    customer,
    ...(atLeast === undefined ? {} : { atLeast }),
    lines: [{ sku, quantity: "1" }],
  });
  return body.lines[0]?.unitPrice ?? body.lines[0]?.unavailable?.code;
}

function price(id: string, sku: string, amount: string, more: object = {}): object {
  return { type: "price", id, sku, currency: "EUR", amount, ...more };
}

const company = [
  { type: "product", id: "A", name: "A", unit: "EA" },
  { type: "product", id: "B", name: "B", unit: "EA" },
  { type: "customer", id: "C1", name: "C1" },
  { type: "customer", id: "C2", name: "C2" },
  price("a", "A", "10.00"),
  price("b", "B", "20.00"),
];

describe("a published change", () => {
  it("is live by itself, and a token of its batch is never answered from before it", async () => {
    await push(planes, company);
    const { token } = await publish(planes);
    expect(await priceOf("C1", "A", token)).toBe("10.00");
    for (let cents = 11; cents < 16; cents++) {
      const batch = await push(planes, [price("a", "A", `${cents}.00`)]);
      const seen = new Set<string>();
      const start = Date.now();
      for (;;) {
        const { status, body } = await ask({
          customer: "C1",
          atLeast: batch.token,
          lines: [{ sku: "A", quantity: "1" }],
        });
        if (status === 200) {
          seen.add(body.lines[0]?.unitPrice ?? "");
          break;
        }
        expect([status, body.code]).toEqual([409, "not_ready"]);
        expect(Date.now() - start).toBeLessThan(20_000);
      }
      expect([...seen]).toEqual([`${cents}.00`]);
    }
  });

  it("is all of one snapshot: prices that change together are never seen apart", async () => {
    await push(planes, [price("a", "A", "30.00"), price("b", "B", "70.00")]);
    let { token } = await publish(planes);
    const sums = new Set<string>();
    let isDone = false;
    const asking = (async () => {
      while (!isDone) {
        const { body } = await ask({
          customer: "C1",
          atLeast: token,
          lines: [
            { sku: "A", quantity: "1" },
            { sku: "B", quantity: "1" },
          ],
        });
        const [a, b] = body.lines.map(({ unitPrice }) => BigInt((unitPrice ?? "0").replace(".", "")));
        sums.add(String((a ?? 0n) + (b ?? 0n)));
      }
    })();
    for (let share = 31; share < 40; share++) {
      await push(planes, [price("a", "A", `${share}.00`), price("b", "B", `${100 - share}.00`)]);
      ({ token } = await publish(planes));
    }
    isDone = true;
    await asking;
    expect([...sums]).toEqual(["10000"]);
  });

  it("costs what changed: buckets and segments that did not change are reused", async () => {
    await push(planes, [
      { type: "category", id: "left" },
      { type: "category", id: "right" },
      { type: "rule", id: "l", rank: 1, what: { categories: ["left"] }, effect: { percentOff: "10" } },
      { type: "rule", id: "r", rank: 2, what: { categories: ["right"] }, effect: { percentOff: "20" } },
      { type: "product", id: "L", name: "L", unit: "EA", category: "left" },
      { type: "product", id: "R", name: "R", unit: "EA", category: "right" },
      price("l", "L", "100.00"),
      price("r", "R", "100.00"),
    ]);
    const full = await publish(planes);
    // The third bucket has what was there before, which these records have nothing to do with.
    expect(full.buckets).toEqual({ total: 3, compiled: 2, reused: 1 });
    const { token } = await push(planes, [price("l", "L", "110.00")]);
    const { buckets, segments } = await publish(planes);
    expect(await priceOf("C1", "L", token)).toBe("99.00");
    expect(await priceOf("C1", "R", token)).toBe("80.00");
    expect(buckets).toEqual({ total: 3, compiled: 1, reused: 2 });
    // The one bucket's segment and the manifest.
    expect(segments.written).toBe(2);
  });

  it("reaches the customer whose contract it is, and no other", async () => {
    const { token } = await push(planes, [price("own", "B", "5.00", { customer: "C2" })]);
    await publish(planes);
    expect(await priceOf("C2", "B", token)).toBe("5.00");
    expect(await priceOf("C1", "B", token)).not.toBe("5.00");
    const gone = await push(planes, [{ type: "price", id: "own", op: "delete" }]);
    await publish(planes);
    expect(await priceOf("C2", "B", gone.token)).toBe(await priceOf("C1", "B", gone.token));
  });
});

describe("a snapshot", () => {
  it("can be made live again, and a token from before stays satisfied", async () => {
    await push(planes, [price("a", "A", "1.00")]);
    const first = await publish(planes);
    await push(planes, [price("a", "A", "2.00")]);
    const second = await publish(planes);
    expect(await priceOf("C1", "A", second.token)).toBe("2.00");

    const activated = await control("POST", `/v1/snapshots/${first.id}/activate`);
    expect([activated.status, activated.body.status]).toEqual([200, "live"]);
    await expect.poll(() => priceOf("C1", "A"), { timeout: 5_000 }).toBe("1.00");
    expect(await priceOf("C1", "A", second.token)).toBe("1.00");
    expect((await control("GET", `/v1/snapshots/${second.id}`)).body.status).toBe("kept");
  });

  it("can be held, and goes live when it is activated, as it was made", async () => {
    await control("PUT", "/v1/publishing", { autoPublish: false });
    await push(planes, [price("a", "A", "5.00")]);
    const before = await publish(planes);
    await push(planes, [price("a", "A", "5.50")]);
    const { status, body: held } = await control("POST", "/v1/snapshots", { hold: true, wait: true });
    expect([status, held.status]).toEqual([201, "held"]);
    expect(await priceOf("C1", "A", before.token)).toBe("5.00");

    const compared = await planes.control.fetch(`/v1/snapshots/${before.id}/diff/${held.id}`, {
      headers: { Authorization: `Bearer ${planes.keys.manager.key}` },
    });
    const changes = (await compared.text())
      .trim()
      .split("\n")
      .map((line): unknown => JSON.parse(line));
    const change = {
      sku: "A",
      currency: "EUR",
      before: [{ from: "1", unitPrice: "5.00" }],
      after: [{ from: "1", unitPrice: "5.50" }],
      percent: "10.00",
    };
    expect(changes).toMatchObject([
      { ...change, customer: "C1" },
      { ...change, customer: "C2" },
      { summary: { prices: 2, customers: 2, raised: 2, lowered: 0, added: 0, gone: 0 } },
    ]);

    await push(planes, [price("a", "A", "5.75")]);
    const activated = await control("POST", `/v1/snapshots/${held.id}/activate`);
    expect(activated.body.status).toBe("live");
    expect(await priceOf("C1", "A", held.token)).toBe("5.50");
    await control("PUT", "/v1/publishing", { autoPublish: true });
  });

  it("can be previewed: what publishing would change is told, and nothing changes", async () => {
    await control("PUT", "/v1/publishing", { autoPublish: false });
    await push(planes, [price("a", "A", "4.00")]);
    const live = await publish(planes);
    await push(planes, [price("a", "A", "3.25")]);
    const preview = async () => {
      const response = await planes.control.fetch("/v1/snapshots/preview", {
        method: "POST",
        headers: { Authorization: `Bearer ${planes.keys.manager.key}` },
      });
      const lines = (await response.text()).trim().split("\n");
      return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    };
    const [first, ...changes] = await preview();
    expect(first).toMatchObject({ live: live.id });
    expect(changes.slice(0, -1)).toMatchObject([
      { customer: "C1", sku: "A", percent: "-18.75" },
      { customer: "C2", sku: "A", percent: "-18.75" },
    ]);
    expect(changes.at(-1)).toMatchObject({ summary: { prices: 2, lowered: 2, raised: 0 } });
    expect(await priceOf("C1", "A", live.token)).toBe("4.00");
    await control("POST", `/v1/snapshots/${String(first?.["snapshot"])}/activate`);
    const [, ...nothing] = await preview();
    expect(nothing).toMatchObject([{ summary: { prices: 0, customers: 0 } }]);
    await control("PUT", "/v1/publishing", { autoPublish: true });
  });

  it("that does not exist can't be made live", async () => {
    const { status } = await control("POST", "/v1/snapshots/nothing/activate");
    expect(status).toBe(404);
  });

  it("is not made by itself when that is turned off", async () => {
    await control("PUT", "/v1/publishing", { autoPublish: false });
    const { token, sequence } = await push(planes, [price("a", "A", "3.00")]);
    const early = await ask({ customer: "C1", atLeast: token, lines: [{ sku: "A", quantity: "1" }] });
    expect([early.status, early.body.code]).toEqual([409, "not_ready"]);
    await control("PUT", "/v1/publishing", { autoPublish: true });
    await expect
      .poll(
        async () =>
          (await ask({ customer: "C1", lines: [{ sku: "A", quantity: "1" }] })).body.snapshot.sequence,
        {
          timeout: 10_000,
        },
      )
      .toBe(sequence);
  });
});

describe("an edge", () => {
  it("answers from D1 when KV has lost the segments, and says so when D1 has lost them too", async () => {
    await push(planes, [price("a", "A", "4.00")]);
    const { token } = await publish(planes);
    const { SNAPSHOTS, PUBLISHED } = (await planes.workers.control.getEnv()) as ControlEnv;
    for (const { name } of (await SNAPSHOTS.list({ prefix: "segment/" })).keys) await SNAPSHOTS.delete(name);
    expect(await priceOf("C1", "A", token)).toBe("4.00");

    await push(planes, [price("a", "A", "6.00")]);
    const next = await publish(planes);
    for (const { name } of (await SNAPSHOTS.list({ prefix: "segment/" })).keys) await SNAPSHOTS.delete(name);
    await PUBLISHED.exec("DELETE FROM segments");
    const { status, body } = await ask({
      customer: "C1",
      atLeast: next.token,
      lines: [{ sku: "A", quantity: "1" }],
    });
    expect([status, body.code]).toEqual([503, "snapshot_unavailable"]);

    // Publishing notices what is lost, and makes all of it again.
    await push(planes, [price("b", "B", "8.00")]);
    const healed = await publish(planes);
    expect(await priceOf("C1", "A", healed.token)).toBe("6.00");
    expect(await priceOf("C1", "B", healed.token)).toBe("8.00");
  });
});
