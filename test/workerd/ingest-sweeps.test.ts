import { env } from "cloudflare:workers";
import * as fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { sweepMilliseconds } from "../../control-plane/ingest/limits.ts";
import type { Scope } from "../../control-plane/ingest/staged-row.ts";
import { abandonSweep, commitSweep, openSweep } from "../../control-plane/ingest/sweep.ts";
import { emptyCatalog, ErpFeed, standing, type FeedAnswer } from "../support/erp-feed.ts";

const db = env.CATALOG;
const erp = new ErpFeed(db);
const now = Date.now();

const product = (id: string) => ({ type: "product", id, name: id, unit: "EA" });
const price = (id: string, list: string, more: Record<string, unknown> = {}) => ({
  type: "price",
  id,
  list,
  sku: "A",
  currency: "EUR",
  amount: "1",
  ...more,
});
const lists = ["L1", "L2"].map((id) => ({ type: "priceList", id, currency: "EUR" }));

beforeEach(async () => {
  await emptyCatalog(db);
  await erp.push([product("A"), ...lists]);
});

async function open(scope: Scope): Promise<string> {
  return (await openSweep(db, scope, { keyId: "erp", now })).sweep;
}

async function commit(sweep: string, count: number, force = false): Promise<FeedAnswer> {
  return JSON.parse((await commitSweep(db, sweep, { count, force, now })).answer) as FeedAnswer;
}

async function livePrices(): Promise<string[]> {
  const all = await standing(db);
  return Object.keys(all).filter((key) => key.startsWith("price/") && all[key]?.[1] !== null);
}

const listL1: Scope = { type: "price", field: "list", id: "L1" };

it("nothing shows before the commit, and then exactly the set stands in its scope", async () => {
  const before = ["a", "b", "c", "d", "e"].map((id) => price(id, "L1"));
  await erp.push([...before, price("x", "L2")]);
  const sweep = await open(listL1);
  const first = await erp.push([price("a", "L1"), price("b", "L1", { amount: "2" }), price("y", "L2")], {
    sweep,
  });
  expect(first.counts).toEqual({ applied: 0, unchanged: 0, stale: 0, invalid: 1, parked: 0, staged: 2 });
  expect(first.problems).toMatchObject([{ line: 3, code: "outside_sweep", pointer: "/list" }]);
  await erp.push([price("c", "L1"), price("d", "L1"), price("new", "L1", { sku: "nowhere" })], { sweep });
  expect(await livePrices()).toEqual(["a", "b", "c", "d", "e", "x"].map((id) => `price/${id}`));
  const answer = await commit(sweep, 5);
  expect(answer).toMatchObject({
    batch: `b${sweep.slice(1)}`,
    received: 5,
    counts: { applied: 1, unchanged: 3, stale: 0, invalid: 0, parked: 1 },
    deleted: 1,
    problems: [{ code: "unresolved", pointer: "/sku", line: 3 }],
  });
  expect(await livePrices()).toEqual(["a", "b", "c", "d", "x"].map((id) => `price/${id}`));
  expect(
    await db
      .prepare("SELECT count(DISTINCT since) FROM records WHERE since > 2")
      .first("count(DISTINCT since)"),
  ).toBe(1);
});

it("a second commit gets the first one's answer and does nothing", async () => {
  const sweep = await open({ type: "tax" });
  await erp.push([{ type: "tax", id: "t", percent: "19" }], { sweep });
  const first = await commit(sweep, 1);
  await erp.push([{ type: "tax", id: "u", percent: "7" }]);
  expect(await commit(sweep, 1)).toEqual(first);
  expect(Object.keys(await standing(db))).toContain("tax/u");
  await expect(erp.push([{ type: "tax", id: "v", percent: "7" }], { sweep })).rejects.toMatchObject({
    code: "wrong_state",
  });
});

describe("is refused whole", () => {
  it("when the count differs, and can be completed then", async () => {
    const sweep = await open(listL1);
    await erp.push([price("a", "L1")], { sweep });
    await expect(commit(sweep, 2)).rejects.toMatchObject({
      code: "count_mismatch",
      options: { more: { held: 1 } },
    });
    expect(await livePrices()).toEqual([]);
    await erp.push([price("b", "L1"), price("a", "L1")], { sweep });
    expect((await commit(sweep, 2)).counts.applied).toBe(2);
  });

  it("when it removes over 20 % of what stands, unless that is forced", async () => {
    const ten = Array.from({ length: 10 }, (_, index) => price(`p${index}`, "L1"));
    await erp.push(ten);
    const sweep = await open(listL1);
    await erp.push(ten.slice(3), { sweep });
    await expect(commit(sweep, 7)).rejects.toMatchObject({ code: "shrink_guard" });
    expect((await livePrices()).length).toBe(10);
    expect((await commit(sweep, 7, true)).deleted).toBe(3);
    const next = await open(listL1);
    await erp.push(ten.slice(4), { sweep: next });
    expect((await commit(next, 6)).deleted, "a seventh is not too much").toBe(1);
  });

  it("when it is empty", async () => {
    const sweep = await open(listL1);
    await expect(commit(sweep, 0)).rejects.toMatchObject({ code: "shrink_guard" });
    expect((await commit(sweep, 0, true)).received).toBe(0);
  });

  it("while another that overlaps is open", async () => {
    const sweep = await open(listL1);
    await expect(open(listL1)).rejects.toMatchObject({ code: "sweep_open" });
    await expect(open({ type: "price" })).rejects.toMatchObject({ code: "sweep_open" });
    await open({ type: "price", field: "list", id: "L2" });
    await open({ type: "product" });
    await abandonSweep(db, sweep, now);
    await open(listL1);
  });

  it("when two open at once, one of them", async () => {
    const both = await Promise.allSettled([open(listL1), open(listL1)]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  it("when it was abandoned or has expired, and leaves no trace", async () => {
    const sweep = await open(listL1);
    await erp.push([price("a", "L1")], { sweep });
    await abandonSweep(db, sweep, now);
    await expect(commit(sweep, 1)).rejects.toMatchObject({ code: "gone" });
    const late = await open(listL1);
    await erp.push([price("a", "L1")], { sweep: late });
    const afterwards = now + sweepMilliseconds;
    await expect(commitSweep(db, late, { count: 1, force: true, now: afterwards })).rejects.toMatchObject({
      code: "gone",
    });
    await expect(erp.push([price("b", "L1")], { sweep: late, now: afterwards })).rejects.toMatchObject({
      code: "gone",
    });
    expect(await livePrices()).toEqual([]);
    await expect(commit("s999999", 1)).rejects.toMatchObject({ code: "not_found" });
    await expect(commit("x", 1)).rejects.toMatchObject({ code: "not_found" });
  });
});

it("what a plain push changed since the sweep was opened stays, unless the set has a newer rev", async () => {
  await erp.push([
    price("a", "L1"),
    price("b", "L1", { rev: 1 }),
    price("c", "L1", { rev: 1 }),
    price("d", "L1"),
  ]);
  const sweep = await open(listL1);
  const set = [
    price("a", "L1", { amount: "5" }),
    price("b", "L1", { amount: "5", rev: 2 }),
    price("c", "L1", { amount: "5", rev: 9 }),
    price("d", "L1"),
  ];
  await erp.push(set, { sweep });
  await erp.push([
    price("a", "L1", { amount: "7" }),
    price("b", "L1", { amount: "7", rev: 3 }),
    price("c", "L1", { amount: "7", rev: 3 }),
    price("n", "L1"),
  ]);
  const answer = await commit(sweep, 4);
  expect([answer.counts.stale, answer.counts.applied, answer.counts.unchanged, answer.deleted]).toEqual([
    2, 1, 1, 0,
  ]);
  const all = await standing(db);
  const amounts = ["a", "b", "c", "n"].map((id) => all[`price/${id}`]?.[1]);
  expect(amounts).toMatchObject([{ amount: "7" }, { amount: "7" }, { amount: "5" }, { amount: "1" }]);
});

it("what waits in the scope and is not in the set goes too", async () => {
  await erp.push([price("a", "L1"), price("w", "L1", { sku: "later" }), price("z", "L2", { sku: "later" })], {
    now: now - 1,
  });
  const sweep = await open(listL1);
  await erp.push([price("a", "L1")], { sweep });
  await commit(sweep, 1);
  expect((await erp.push([product("later")])).released).toBe(1);
  expect(await livePrices()).toEqual(["price/a", "price/z"]);
});

it("for any sets, a commit leaves exactly its set in the scope and all else as it was", async () => {
  const ids = fc.uniqueArray(fc.nat({ max: 12 }), { maxLength: 10 });
  await fc.assert(
    fc.asyncProperty(ids, ids, fc.array(fc.nat({ max: 3 }), { maxLength: 4 }), async (before, set, again) => {
      await emptyCatalog(db);
      await erp.push([
        product("A"),
        ...lists,
        price("other", "L2"),
        ...before.map((id) => price(`p${id}`, "L1")),
      ]);
      const sweep = await open(listL1);
      const sent = [...set, ...again.flatMap((index) => set[index] ?? [])];
      for (const id of sent) await erp.push([price(`p${id}`, "L1", { amount: "2" })], { sweep });
      const answer = await commit(sweep, set.length, true);
      expect(answer.received).toBe(sent.length);
      expect(answer.counts.applied + answer.counts.unchanged).toBe(sent.length);
      expect(answer.deleted).toBe(before.filter((id) => !set.includes(id)).length);
      const keys = ["price/other", ...set.map((id) => `price/p${id}`)].sort();
      expect((await livePrices()).sort()).toEqual(keys);
    }),
    { numRuns: 40 },
  );
});
