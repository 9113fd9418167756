import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readChangeCursor, signChangeCursor } from "../../shared/snapshot/change-cursor.ts";
import { publish, push, type Published } from "../support/erp.ts";
import { insertKey } from "../support/insert-key.ts";
import { startPlanes, type Planes } from "../support/planes.ts";

/** The feed of changes, held against all prices that the edge answers before and after. */

const secret = "a secret of the tests, 32 characters at least";
const customers = ["C1", "C2", "C3", "C4"];
const skus = ["A", "B", "C", "D", "E"];
const quantities = ["1", "10"];
const instants = ["2026-06-01T00:00:00Z", "2040-06-01T00:00:00Z"];

let planes: Planes;

beforeAll(async () => {
  planes = await startPlanes();
  const response = await planes.control.fetch("/v1/publishing", {
    method: "PUT",
    headers: { ...bearer(planes.keys.manager.key), "Content-Type": "application/json" },
    body: '{"autoPublish": false}',
  });
  expect(response.status).toBe(200);
  await push(planes, company);
  await publish(planes);
});
afterAll(() => planes.close());

const bearer = (key: string) => ({ Authorization: `Bearer ${key}` });
const price = (id: string, sku: string, amount: string, more: object = {}) => ({
  type: "price",
  id,
  sku,
  currency: "EUR",
  amount,
  ...more,
});
const company = [
  { type: "policy", id: "default", timeZone: "Europe/Berlin" },
  { type: "category", id: "left" },
  { type: "category", id: "right" },
  { type: "customerGroup", id: "G1" },
  { type: "customerGroup", id: "G2" },
  { type: "priceList", id: "L1", currency: "EUR" },
  ...skus.map((id, index) => ({
    type: "product",
    id,
    name: id,
    unit: "EA",
    category: index % 2 === 0 ? "left" : "right",
  })),
  ...customers.map((id) => ({ type: "customer", id, name: id, currency: "EUR" })),
  ...skus.map((sku) => price(`base-${sku}`, sku, "100.00")),
];

/** A record that changes some prices, or none; what it changes is seen at the quantities and instants above. */
const recordArbitrary = fc.oneof(
  fc
    .record({
      sku: fc.constantFrom(...skus),
      amount: fc.integer({ min: 1, max: 4 }).map((amount) => `${amount * 10}.00`),
      scope: fc.constantFrom(
        {},
        { customer: "C1" },
        { customer: "C2" },
        { group: "G1" },
        { list: "L1" },
        { who: { groups: ["G2"] } },
      ),
      from: fc.constantFrom({}, { from: "2030-01-01" }),
      minQuantity: fc.constantFrom({}, { minQuantity: "10" }),
      isGone: fc.boolean(),
    })
    .map(({ sku, amount, scope, from, minQuantity, isGone }) => {
      const id = `p-${sku}-${JSON.stringify(scope)}-${JSON.stringify(from)}-${JSON.stringify(minQuantity)}`;
      return isGone
        ? { type: "price", id, op: "delete" }
        : price(id, sku, amount, { ...scope, ...from, ...minQuantity });
    }),
  fc
    .record({
      id: fc.constantFrom("r1", "r2"),
      who: fc.constantFrom({}, { who: { customers: ["C3"] } }, { who: { groups: ["G1"] } }),
      what: fc.constantFrom({}, { what: { categories: ["left"] } }, { what: { skus: ["B"] } }),
      percentOff: fc.constantFrom("10", "20"),
    })
    .map(({ id, who, what, percentOff }) => ({
      type: "rule",
      id,
      rank: 1,
      ...who,
      ...what,
      effect: { percentOff },
    })),
  fc
    .record({
      id: fc.constantFrom(...customers),
      groups: fc.subarray(["G1", "G2"]),
      lists: fc.subarray(["L1"]),
      status: fc.constantFrom("active", "active", "active", "blocked"),
    })
    .map((customer) => ({ type: "customer", name: customer.id, currency: "EUR", ...customer })),
  fc
    .record({
      id: fc.constantFrom(...skus),
      category: fc.constantFrom("left", "right"),
      status: fc.constantFrom("active", "active", "discontinued"),
    })
    .map((product) => ({ type: "product", name: product.id, unit: "EA", ...product })),
);

interface Line {
  readonly sku: string;
  readonly unitPrice?: string;
}

/** Each customer's price of each SKU, at every quantity and instant, as one text. */
async function allPrices(atLeast: string): Promise<Map<string, string>> {
  const prices = new Map<string, string>();
  for (const customer of customers) {
    for (const at of instants) {
      const lines = skus.flatMap((sku) => quantities.map((quantity) => ({ sku, quantity })));
      const response = await planes.edge.fetch("/v1/prices", {
        method: "POST",
        headers: { ...bearer(planes.keys.storefront.key), "Content-Type": "application/json" },
        body: JSON.stringify({ customer, currency: "EUR", at, atLeast, lines }),
      });
      const body = await response.json<{ code?: string; lines?: Line[] }>();
      if (body.lines === undefined) expect(body.code).toBe("customer_blocked");
      for (const [index, { sku }] of lines.entries()) {
        const key = `${customer} ${sku}`;
        prices.set(key, `${prices.get(key) ?? ""}|${body.lines?.[index]?.unitPrice ?? ""}`);
      }
    }
  }
  return prices;
}

interface Page {
  readonly snapshot: { readonly id: string; readonly sequence: number };
  readonly token: string;
  readonly changes: readonly { readonly customer: string; readonly skus: readonly string[] }[];
  readonly next: string;
  readonly more: boolean;
}

async function read(query: Record<string, string>, key = planes.keys.storefront.key) {
  const response = await planes.edge.fetch(`/v1/changes?${new URLSearchParams(query).toString()}`, {
    headers: bearer(key),
  });
  return { status: response.status, body: await response.json<Page & { code?: string; reason?: string }>() };
}

/** All pages from a cursor on. */
async function readAll(
  after: string,
  atLeast: string,
  { limit, key }: { limit: number; key?: string },
): Promise<{ found: string[]; next: string }> {
  const found: string[] = [];
  for (let next = after; ;) {
    const { status, body } = await read({ after: next, atLeast, limit: String(limit) }, key);
    expect(status).toBe(200);
    expect(body.changes.flatMap((change) => change.skus).length).toBeLessThanOrEqual(limit);
    for (const change of body.changes) found.push(...change.skus.map((sku) => `${change.customer} ${sku}`));
    next = body.next;
    if (!body.more) return { found, next };
  }
}

const cursorOf = async ({ token }: Published) => (await read({ atLeast: token })).body.next;

describe("the feed of changes: it promises that…", () => {
  it("it names exactly the prices that differ, from every snapshot to every later one, in pages of any size", async () => {
    const histories = fc.sample(fc.array(recordArbitrary, { minLength: 1, maxLength: 3 }), {
      numRuns: 25,
      seed: Number(process.env["SEED"] ?? "1"),
    });
    let live = await publish(planes);
    const seen = [{ cursor: await cursorOf(live), prices: await allPrices(live.token) }];
    let told = 0;
    for (const [round, records] of histories.entries()) {
      await push(planes, records);
      live = await publish(planes);
      const prices = await allPrices(live.token);
      for (const [back, past] of [...seen.toReversed().slice(0, 3), seen[0]].entries()) {
        if (past === undefined) continue;
        const { found } = await readAll(past.cursor, live.token, { limit: ((round + back) % 7) + 1 });
        const expected = [...prices].filter(([at, text]) => past.prices.get(at) !== text).map(([at]) => at);
        expect(found.toSorted()).toEqual(expected.toSorted());
        told += found.length;
      }
      seen.push({ cursor: await cursorOf(live), prices });
    }
    expect(told).toBeGreaterThan(200);
  }, 120_000);

  it("a key for one customer, and a customer, learn of that customer's changes alone", async () => {
    const { PUBLISHED } = await planes.controlEnv();
    const { key } = await insertKey(PUBLISHED, { role: "storefront", customers: ["C2"] });
    const made = await planes.edge.fetch("/v1/tokens", {
      method: "POST",
      headers: { ...bearer(planes.keys.storefront.key), "Content-Type": "application/json" },
      body: JSON.stringify({ customer: "C2" }),
    });
    const { token: customerToken } = await made.json<{ token: string }>();
    await push(planes, [
      ...customers.map((id) => ({ type: "customer", id, name: id, currency: "EUR" })),
      ...skus.map((id) => ({ type: "product", id, name: id, unit: "EA", category: "left" })),
    ]);
    const cursor = await cursorOf(await publish(planes));
    await push(planes, [
      ...customers.map((id) => price(`news-${id}`, "A", "77.00", { customer: id })),
      price("news-B", "B", "78.00", { customer: "C2" }),
    ]);
    const live = await publish(planes);
    expect((await readAll(cursor, live.token, { limit: 1 })).found).toHaveLength(5);
    for (const caller of [key, customerToken]) {
      let after = cursor;
      const found: string[] = [];
      for (let more = true; more;) {
        const { body } = await read({ after, atLeast: live.token, limit: "1" }, caller);
        expect(JSON.stringify([body, readChangeCursor(body.next, secret)])).not.toMatch(/"C[134]"/);
        found.push(...body.changes.flatMap(({ customer, skus }) => skus.map((sku) => `${customer} ${sku}`)));
        ({ next: after, more } = body);
      }
      expect(found).toEqual(["C2 A", "C2 B"]);
    }
  });

  it("pages that were begun lead to their own snapshot, and then on to the next", async () => {
    const cursor = await cursorOf(await publish(planes));
    await push(planes, [
      price("a1", "C", "61.00", { customer: "C1" }),
      price("a2", "D", "62.00", { customer: "C1" }),
    ]);
    const middle = await publish(planes);
    const first = await read({ after: cursor, atLeast: middle.token, limit: "1" });
    expect(first.body).toMatchObject({
      snapshot: { id: middle.id },
      changes: [{ customer: "C1", skus: ["C"] }],
      more: true,
    });
    await push(planes, [price("a1", "C", "63.00", { customer: "C1" })]);
    const last = await publish(planes);
    const second = await read({ after: first.body.next, atLeast: last.token, limit: "1" });
    expect(second.body).toMatchObject({
      snapshot: { id: middle.id },
      changes: [{ customer: "C1", skus: ["D"] }],
      more: true,
    });
    const { found } = await readAll(second.body.next, last.token, { limit: 10 });
    expect(found).toEqual(["C1 C"]);
  });

  it("going back to an older snapshot is a change too", async () => {
    const before = await publish(planes);
    await push(planes, [price("back", "A", "51.00", { customer: "C3" })]);
    const after = await publish(planes);
    const cursor = await cursorOf(after);
    const response = await planes.control.fetch(`/v1/snapshots/${before.id}/activate`, {
      method: "POST",
      headers: bearer(planes.keys.manager.key),
    });
    const { token } = await response.json<Published>();
    const { body } = await read({ after: cursor, atLeast: token });
    expect(body).toMatchObject({
      snapshot: { id: before.id },
      changes: [{ customer: "C3", skus: ["A"] }],
      more: false,
    });
    expect((await read({ after: body.next, atLeast: body.token })).body).toMatchObject({
      changes: [],
      more: false,
    });
  });

  it("a cursor whose snapshot is not kept is 410, and what is no cursor is 400", async () => {
    const unknown = signChangeCursor({ seen: { number: 1, manifest: "x".repeat(22) } }, secret);
    expect(await read({ after: unknown })).toMatchObject({ status: 410, body: { code: "cursor_expired" } });
    const { body } = await read({});
    const forged = signChangeCursor({ seen: { number: 1, manifest: "x".repeat(22) } }, `${secret}!`);
    for (const after of ["", "x", forged, body.token, `${body.next}A`, body.next.slice(0, -1)]) {
      expect(await read({ after })).toMatchObject({ status: 400, body: { code: "invalid_request" } });
    }
    for (const query of [{ limit: "0" }, { limit: "1001" }, { limit: "1e2" }, { atLeast: body.next }]) {
      expect((await read(query)).status).toBe(400);
    }
  });
});
