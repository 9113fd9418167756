import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { leaseMilliseconds } from "../../control-plane/ingest/limits.ts";
import { release, reserve } from "../../control-plane/ingest/reservation.ts";
import { takeRecords } from "../../control-plane/ingest/take-records.ts";
import { tidy } from "../../control-plane/ingest/tidy.ts";
import { emptyCatalog, ErpFeed, ndjson, standing } from "../support/erp-feed.ts";

const db = env.CATALOG;
const erp = new ErpFeed(db);
beforeEach(() => emptyCatalog(db));

const category = (id: string, more: Record<string, unknown> = {}) => ({ type: "category", id, ...more });
const identity = { keyId: "erp", idempotencyKey: "k", target: "" };

/** A body that gives its parts when it is told to. */
function slowBody() {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const encode = (text: string) => new TextEncoder().encode(text);
  return {
    body: readable,
    write: (text: string) => writer.write(encode(text)),
    close: () => writer.close(),
  };
}

describe("an idempotency key", () => {
  it("gives the same bytes the same answer, with no second effect", async () => {
    const body = ndjson([category("a"), "{", category("b", { parent: "x" })]);
    const first = await erp.send(body, { key: "k" });
    await erp.push([category("a", { name: "newer" }), category("x")]);
    const again = await erp.send(body, { key: "k" });
    expect([first.replayed, again.replayed]).toEqual([false, true]);
    expect(again.text).toBe(first.text);
    expect((await standing(db))["category/a"]).toEqual([null, { name: "newer" }]);
  });

  it("is refused for other bytes, be it a space more, and for another sweep", async () => {
    await erp.send('{"type":"category","id":"a"}', { key: "k" });
    await expect(erp.send('{"type":"category", "id":"a"}', { key: "k" })).rejects.toMatchObject({
      code: "idempotency_key_reused",
    });
    await expect(erp.send('{"type":"category","id":"a"}', { key: "k", sweep: "s1" })).rejects.toMatchObject({
      code: "idempotency_key_reused",
    });
  });

  it("belongs to the caller's key", async () => {
    await erp.send('{"type":"category","id":"a"}', { key: "k", keyId: "one" });
    expect((await erp.send('{"type":"category","id":"b"}', { key: "k", keyId: "two" })).replayed).toBe(false);
  });

  it("is free again after a body was refused whole", async () => {
    await expect(erp.send("[]", { key: "k" })).rejects.toMatchObject({ code: "not_ndjson" });
    expect((await erp.push([category("a")], { key: "k" })).counts.applied).toBe(1);
  });

  it("is taken while its first request runs", async () => {
    const slow = slowBody();
    const first = takeRecords(db, { identity, body: slow.body, encoding: "identity" }, Date.now);
    await slow.write(`${JSON.stringify(category("a"))}\n`);
    await expect(erp.push([category("a")], { key: "k" })).rejects.toMatchObject({
      code: "idempotency_in_flight",
      options: { headers: { "Retry-After": "2" } },
    });
    await slow.close();
    expect(JSON.parse((await first).answer)).toMatchObject({ counts: { applied: 1 } });
  });

  it("carries out one of many requests at once", async () => {
    const body = ndjson(Array.from({ length: 200 }, (_, index) => category(`c${index}`)));
    const all = await Promise.allSettled(Array.from({ length: 8 }, () => erp.send(body, { key: "k" })));
    const done = all.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    expect(done.filter(({ replayed }) => !replayed).length).toBe(1);
    expect(new Set(done.map(({ text }) => text)).size).toBe(1);
    for (const each of all) {
      if (each.status === "rejected") expect(each.reason).toMatchObject({ code: "idempotency_in_flight" });
    }
    expect(await db.prepare("SELECT sequence FROM catalog_state").first("sequence")).toBe(1);
  });

  it("is taken over from a request that died, whose lines then have no effect", async () => {
    const start = Date.now();
    const slow = slowBody();
    const dead = takeRecords(db, { identity, body: slow.body, encoding: "identity" }, () => start);
    await slow.write(`${JSON.stringify(category("dead"))}\n`);
    await expect(erp.push([category("a")], { key: "k", now: start })).rejects.toMatchObject({
      code: "idempotency_in_flight",
    });
    const later = start + leaseMilliseconds;
    expect((await erp.push([category("a")], { key: "k", now: later })).counts.applied).toBe(1);
    await slow.close();
    await expect(dead).rejects.toMatchObject({ code: "idempotency_in_flight" });
    expect(Object.keys(await standing(db))).toEqual(["category/a"]);
  });
});

it("what a request left behind is tidied away, and what is under way is not", async () => {
  const start = Date.now();
  const stale = await reserve(db, { ...identity, idempotencyKey: "stale" }, start - leaseMilliseconds);
  const fresh = await reserve(db, { ...identity, idempotencyKey: "fresh" }, start);
  const stage =
    "INSERT INTO staged (batch, type, id, line, origin, origin_line, received_at, op, body) VALUES (?1, 'tax', 't', 1, ?1, 1, 0, 'upsert', '{}')";
  if (stale.kind !== "mine" || fresh.kind !== "mine")
    throw new Error("Keys of an empty catalogue were taken");
  await db.batch([stale, fresh].map(({ batch }) => db.prepare(stage).bind(batch)));
  await tidy(db, start);
  const left = await db.prepare("SELECT batch FROM staged").all();
  expect(left.results).toEqual([{ batch: fresh.batch }]);
  await release(db, fresh.batch);
  expect(await db.prepare("SELECT count(*) FROM batches").first("count(*)")).toBe(0);
});

it("batches at the same time each have a sequence, and none loses a line", async () => {
  const feeds = Array.from({ length: 10 }, (_, feed) =>
    Array.from({ length: 50 }, (_line, index) =>
      category(`c${index % 25}`, { name: `${feed}-${index}`, rev: feed * 50 + index }),
    ),
  );
  const answers = await Promise.all(feeds.map((feed) => erp.push(feed)));
  expect(answers.map(({ counts }) => counts.applied + counts.stale)).toEqual(feeds.map(() => 50));
  const sequences = answers.map(({ sequence }) => sequence).sort((a, b) => a - b);
  expect(sequences.at(-1)).toBe(await db.prepare("SELECT sequence FROM catalog_state").first("sequence"));
  const all = await standing(db);
  for (let index = 0; index < 25; index++)
    expect(all[`category/c${index}`]?.[0]).toBe(String(9 * 50 + 25 + index));
  const twice = await db
    .prepare("SELECT type, id FROM records WHERE until IS NULL GROUP BY type, id HAVING count(*) > 1")
    .all();
  expect(twice.results).toEqual([]);
});

it("a database that fails while a batch is applied leaves nothing of it, and the key free", async () => {
  let failures = 1;
  const failing = new Proxy(db, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      if (name !== "batch") return member.bind(target);
      return (statements: D1PreparedStatement[]) => {
        const broken = statements.length > 20 && failures-- > 0;
        return target.batch(broken ? [...statements, target.prepare("SELECT * FROM nowhere")] : statements);
      };
    },
  });
  const feed = new ErpFeed(failing);
  const lines = [category("a"), category("b", { parent: "x" }), "{"];
  await expect(feed.push(lines, { key: "k" })).rejects.toThrow("nowhere");
  for (const table of ["records", "parked", "problems", "staged", "batches"]) {
    expect(await db.prepare(`SELECT count(*) FROM ${table}`).first("count(*)"), table).toBe(0);
  }
  expect((await feed.push(lines, { key: "k" })).counts).toMatchObject({ applied: 1, parked: 1, invalid: 1 });
});
