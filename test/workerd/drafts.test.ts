import {
  abortAllDurableObjects,
  createExecutionContext,
  runDurableObjectAlarm,
  runInDurableObject,
  waitOnExecutionContext,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createControlPlane } from "../../control-plane/app.ts";
import { headName } from "../../control-plane/head-object.ts";
import { applyDraft } from "../../control-plane/drafts/apply-draft.ts";
import { findDraft } from "../../control-plane/drafts/draft-log.ts";
import { readSegment } from "../../control-plane/publish/segment-store.ts";
import { wakeDrafts } from "../../control-plane/drafts/wake-drafts.ts";
import { readManifest } from "../../shared/snapshot/manifest.ts";
import type { Role } from "../../shared/api/callers.ts";
import { emptyCatalog, ErpFeed, ndjson, standing } from "../support/erp-feed.ts";
import { insertKey } from "../support/insert-key.ts";

/** The life of a draft, over the control plane's routes. */

const plane = createControlPlane();
const erp = new ErpFeed(env.CATALOG);
const keys = new Map<Role, string>();

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Record<string, unknown>;
}

interface CallOptions {
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly role?: Role;
}

async function call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
  const { body, headers = {}, role = "manager" } = options;
  const context = createExecutionContext();
  const response = await plane.fetch(
    new Request(`https://control.test${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${keys.get(role)}`,
        ...(typeof body === "object" ? { "Content-Type": "application/json" } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    }),
    env,
    context,
  );
  const text = await response.text();
  await waitOnExecutionContext(context);
  const isJson = (response.headers.get("Content-Type") ?? "").endsWith("json") && !text.includes("}\n");
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
  };
}

const price = (id: string, sku: string, amount: string, more: object = {}) => ({
  type: "price",
  id,
  sku,
  currency: "EUR",
  amount,
  ...more,
});
const company = [
  { type: "category", id: "left" },
  { type: "category", id: "right" },
  { type: "product", id: "A", name: "A", unit: "EA", category: "left" },
  { type: "product", id: "B", name: "B", unit: "EA", category: "right" },
  { type: "customer", id: "C1", name: "C1", currency: "EUR" },
  { type: "customer", id: "C2", name: "C2", currency: "EUR" },
  { type: "rule", id: "half", rank: 1, what: { categories: ["right"] }, effect: { percentOff: "50" } },
  price("a", "A", "10.00"),
  price("b", "B", "40.00"),
  price("own", "A", "5.00", { customer: "C2" }),
];

/** What a price manager prepares: another rule, a price list with a price, a price's end. */
const prepared = [
  { type: "rule", id: "half", rank: 1, what: { categories: ["right"] }, effect: { percentOff: "25" } },
  { type: "priceList", id: "L", currency: "EUR" },
  price("l", "A", "8.00", { list: "L" }),
  { type: "price", id: "own", op: "delete" },
];

beforeAll(async () => {
  for (const role of ["manager", "erp", "storefront", "approver", "admin"] as const) {
    keys.set(role, (await insertKey(env.PUBLISHED, { role })).key);
  }
});

let published = "";
beforeEach(async () => {
  await emptyCatalog(env.CATALOG);
  await erp.push(company);
  published = String((await call("POST", "/v1/snapshots", { body: { wait: true } })).body["id"]);
});

async function makeDraft(records: readonly unknown[] = prepared): Promise<string> {
  const made = await call("POST", "/v1/drafts", { body: { name: "Spring", note: "as agreed" } });
  expect(made.status).toBe(201);
  const id = String(made.body["id"]);
  if (records.length > 0) expect((await put(id, records)).body).toMatchObject({ problems: [] });
  return id;
}

function put(id: string, records: readonly unknown[], headers: Record<string, string> = {}) {
  return call("POST", `/v1/drafts/${id}/records`, {
    body: ndjson(records),
    headers: { "Content-Type": "application/x-ndjson", ...headers },
  });
}

const publish = (id: string, body: object = {}, headers: Record<string, string> = {}) =>
  call("POST", `/v1/drafts/${id}/publish`, { body, headers });

const draftOf = async (id: string) => (await call("GET", `/v1/drafts/${id}`)).body;

async function preview(id: string, body: object = {}): Promise<Record<string, unknown>[]> {
  const answer = await call("POST", `/v1/drafts/${id}/preview`, { body });
  expect([answer.status, answer.text]).toEqual([200, expect.stringContaining('"summary"')]);
  const lines = answer.text.trim().split("\n");
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** The snapshot when it is made. */
async function made(snapshot: unknown): Promise<Record<string, unknown>> {
  const read = async () => (await call("GET", `/v1/snapshots/${String(snapshot)}`)).body;
  await expect.poll(async () => (await read())["status"], { timeout: 20_000 }).toBe("live");
  return read();
}

async function manifestOf(snapshot: unknown): Promise<unknown> {
  return env.PUBLISHED.prepare("SELECT manifest FROM snapshots WHERE id = ?")
    .bind(snapshot)
    .first("manifest");
}

const stored = () => standing(env.CATALOG);
const counted = async (sql: string) => env.CATALOG.prepare(sql).first("count");

const countedSegments = async () =>
  env.PUBLISHED.prepare("SELECT count(*) AS count FROM segments").first("count");

const object = (id: string) => env.DRAFTS.getByName(id);

describe("a draft: it promises that…", () => {
  it("it lives from its making to going back from it", async () => {
    const before = await stored();
    const id = await makeDraft([]);
    const bad = await put(id, [
      prepared[0],
      price("x", "A", "-1"),
      { ...price("y", "A", "1"), amuont: "2" },
      { type: "customer", id: "C1", name: "C1" },
      price("z", "A", "1", { rev: 3 }),
      "{",
    ]);
    expect(bad.body).toMatchObject({
      received: 6,
      counts: { put: 1, invalid: 5 },
      problems: [
        { line: 2, type: "price", id: "x", code: "negative_price", pointer: "/amount" },
        { line: 3, code: "unknown_field", pointer: "/amuont" },
        { line: 4, code: "not_in_draft", pointer: "/type" },
        { line: 5, code: "not_in_draft", pointer: "/rev" },
        { line: 6, code: "malformed_json" },
      ],
    });
    expect((await put(id, prepared.slice(1))).body).toMatchObject({ draft: { records: 4, version: 3 } });
    const first = await call("GET", `/v1/drafts/${id}/records?limit=3`);
    const rest = await call("GET", `/v1/drafts/${id}/records?after=${String(first.body["next"])}`);
    expect([first, rest].flatMap(({ body }) => body["records"])).toEqual([
      prepared[2],
      prepared[3],
      prepared[1],
      prepared[0],
    ]);

    const segments = await countedSegments();
    const [[head, ...changes], other] = await Promise.all([preview(id), preview(id)]);
    expect(other).toEqual([head, ...changes]);
    expect(await countedSegments()).toBe(segments);
    await runInDurableObject(object(id), (_object, { storage }) => {
      expect(storage.sql.exec("SELECT * FROM preview_segment").toArray()).toEqual([]);
    });
    expect(head).toMatchObject({ draft: id, version: 3, sequence: 2, live: published, liveSequence: 1 });
    const tiers = (unitPrice: string) => [{ from: "1", unitPrice }];
    expect(changes.slice(0, -1).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))).toEqual([
      {
        customer: "C1",
        sku: "B",
        currency: "EUR",
        before: tiers("20.00"),
        after: tiers("30.00"),
        percent: "50.00",
      },
      {
        customer: "C2",
        sku: "A",
        currency: "EUR",
        before: tiers("5.00"),
        after: tiers("10.00"),
        percent: "100.00",
      },
      {
        customer: "C2",
        sku: "B",
        currency: "EUR",
        before: tiers("20.00"),
        after: tiers("30.00"),
        percent: "50.00",
      },
    ]);
    expect(changes.at(-1)).toMatchObject({
      summary: { prices: 3, raised: 3, largest: { percent: "100.00" } },
    });
    expect(await stored()).toEqual(before);
    expect(await counted("SELECT count(*) AS count FROM staged")).toBe(0);
    expect(await env.HEAD.getByName(headName).current()).toMatchObject({ snapshot: published });

    const at = new Date(Date.now() + 1500).toISOString();
    const scheduled = await publish(id, { at });
    expect(scheduled.body).toMatchObject({ state: "scheduled", publishAt: at, sequence: null });
    expect((await publish(id, { at })).text).toBe(scheduled.text);
    expect((await put(id, prepared)).body).toMatchObject({ code: "wrong_state", state: "scheduled" });
    expect(await stored()).toEqual(before);
    await expect
      .poll(() => draftOf(id), { timeout: 10_000 })
      .toMatchObject({ state: "published", sequence: 2 });
    const live = await draftOf(id);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(at));
    await made(live["snapshot"]);
    expect(await manifestOf(live["snapshot"])).toBe(head?.["manifest"]);
    expect((await stored())["price/own"]).toEqual([null, null]);
    const settled = { ...live, snapshotStatus: "live" };
    expect((await publish(id)).body).toEqual(settled);
    expect((await publish(id, { at, force: true }, { "If-Match": '"1"' })).body).toEqual(settled);

    expect(live["replaced"]).toBe(published);
    const back = await call("POST", `/v1/snapshots/${String(live["replaced"])}/activate`);
    expect([back.status, back.body["status"]]).toEqual([200, "live"]);
    expect((await call("DELETE", `/v1/drafts/${id}`)).body).toMatchObject({ code: "wrong_state" });
  });

  it("a preview's manifest is that of the snapshot which publishing makes, whatever the draft holds", async () => {
    const contents: readonly (readonly object[])[] = [
      prepared,
      [],
      [price("a", "A", "10.00")],
      [price("a", "B", "11.00"), price("new", "A", "9.00", { customer: "C1" })],
      [{ type: "rule", id: "half", op: "delete" }],
      [{ type: "policy", id: "default", rounding: { line: { mode: "half-even" } } }],
      [{ type: "price", id: "never-was", op: "delete" }],
      [{ type: "priceList", id: "WAITED-FOR", currency: "EUR" }],
      [
        { type: "person", id: "P", name: "Director", roles: ["director"] },
        { type: "approvalPolicy", id: "all", when: {}, tier: 1, needs: [{ of: [{ person: "P" }] }] },
        { type: "company", id: "default", name: "Company" },
      ],
    ];
    // A customer and a price that wait for a list come in with it.
    await erp.push([
      { type: "customer", id: "C1", name: "C1", currency: "EUR", lists: ["WAITED-FOR"] },
      price("waits", "A", "3.00", { list: "WAITED-FOR" }),
    ]);
    for (const records of contents) {
      const id = await makeDraft(records);
      const [head] = await preview(id);
      const { sequence, snapshot } = (await publish(id)).body;
      await made(snapshot);
      expect([records, sequence, await manifestOf(snapshot)]).toEqual([
        records,
        head?.["sequence"],
        head?.["manifest"],
      ]);
    }
    expect((await stored())["price/waits"]).toBeDefined();
  });

  it("what others changed since is told, by field, and gives way only to who says so", async () => {
    const id = await makeDraft();
    await erp.push([
      { type: "rule", id: "half", rank: 1, what: { categories: ["left"] }, effect: { percentOff: "50" } },
      price("l", "A", "9.00"),
      // By now what the draft makes of it.
      { type: "price", id: "own", op: "delete" },
    ]);
    const conflicts = [
      { type: "price", id: "l", pointers: [""] },
      { type: "rule", id: "half", pointers: ["/what"] },
    ];
    const before = await stored();
    for (const path of ["preview", "publish"]) {
      const refused = await call("POST", `/v1/drafts/${id}/${path}`, { body: {} });
      expect([path, refused.status, refused.body]).toMatchObject([
        path,
        409,
        { code: "draft_conflict", conflicts },
      ]);
    }
    // Editing the record again is not yet having seen the change.
    await put(id, [prepared[0]]);
    expect((await publish(id)).body).toMatchObject({ code: "draft_conflict", conflicts });
    expect([await stored(), (await draftOf(id))["state"]]).toEqual([before, "open"]);
    const [head] = await preview(id, { force: true });
    await call("POST", `/v1/drafts/${id}/rebase`);
    const [rebased] = await preview(id);
    expect(rebased?.["manifest"]).toBe(head?.["manifest"]);
    const forced = await makeDraft([price("a", "A", "1.00")]);
    await erp.push([price("a", "A", "2.00")]);
    expect((await publish(forced)).body).toMatchObject({ code: "draft_conflict" });
    expect((await publish(forced, { force: true })).body).toMatchObject({ state: "published" });
    expect((await publish(id)).body).toMatchObject({ state: "published" });
  });

  it("it can be taken back for good, except for what others changed since", async () => {
    const before = await stored();
    const manifestBefore = await manifestOf(published);
    const records = [...prepared, price("b", "B", "40.00")];
    const id = await makeDraft(records);
    expect((await call("POST", `/v1/drafts/${id}/undo`)).body).toMatchObject({ code: "wrong_state" });
    await publish(id);
    const undo = await call("POST", `/v1/drafts/${id}/undo`);
    expect([undo.status, undo.body]).toMatchObject([
      201,
      { state: "open", name: "Spring", note: `Takes back ${id}`, records: 4 },
    ]);
    const undone = String(undo.body["id"]);
    expect((await call("GET", `/v1/drafts/${undone}/records`)).body["records"]).toEqual([
      { type: "price", id: "l", op: "delete" },
      company[9],
      { type: "priceList", id: "L", op: "delete" },
      company[6],
    ]);
    await erp.push([price("l", "A", "7.00", { list: "L" })]);
    expect((await publish(undone)).body).toMatchObject({
      code: "draft_conflict",
      conflicts: [{ type: "price", id: "l", pointers: ["/amount"] }],
    });
    const { snapshot } = (await publish(undone, { force: true })).body;
    const left = Object.entries(await stored()).filter(([, [, body]]) => body !== null);
    expect(Object.fromEntries(left)).toEqual(before);
    await made(snapshot);
    const opened = async (manifest: unknown) =>
      readManifest(await readSegment(env.PUBLISHED, String(manifest)));
    const [old, fresh] = [await opened(manifestBefore), await opened(await manifestOf(snapshot))];
    expect({ ...fresh, sequence: 0 }).toEqual({ ...old, sequence: 0 });
  });

  it("what comes in between judging and applying is told as well", async () => {
    const id = await makeDraft();
    const draft = await findDraft(env.CATALOG, Number(id.slice(1)));
    if (draft === undefined) throw new Error("The draft is gone");
    let isPushed = false;
    // The first thing after judging that the draft may be applied is to make a batch of it.
    const racing = new Proxy(env.CATALOG, {
      get: (db, name) => {
        if (name === "batch") return db.batch.bind(db);
        return (sql: string) => {
          const statement = db.prepare(sql);
          if (isPushed || !sql.startsWith("INSERT INTO batches") || !sql.includes("RETURNING"))
            return statement;
          isPushed = true;
          const first = async (...values: unknown[]) => {
            await erp.push([{ ...company[6], rank: 2 }]);
            return statement.bind(...values).first();
          };
          return { bind: (...values: unknown[]) => ({ first: () => first(...values) }) };
        };
      },
    });
    const options = { force: false, confirmed: false, now: Date.now(), replaced: null };
    expect(await applyDraft(racing, draft, options)).toEqual({
      kind: "refused",
      conflicts: [{ type: "rule", id: "half", pointers: ["/rank"] }],
      problems: [],
    });
    expect([isPushed, (await stored())["price/l"]]).toEqual([true, undefined]);
    expect(await counted("SELECT count(*) AS count FROM batches WHERE state = 'receiving'")).toBe(0);
  });

  it("a record that refers to nothing, or to itself, keeps all of the draft out", async () => {
    const id = await makeDraft([
      price("p", "A", "1.00", { list: "NONE" }),
      price("q", "A", "1.00"),
      { type: "priceList", id: "M", currency: "EUR", parent: "N" },
      { type: "priceList", id: "N", currency: "EUR", parent: "M" },
    ]);
    const before = await stored();
    for (const body of [{}, { force: true }]) {
      for (const path of ["preview", "publish"]) {
        const refused = await call("POST", `/v1/drafts/${id}/${path}`, { body });
        expect([refused.status, refused.body]).toMatchObject([
          409,
          {
            code: "draft_invalid",
            problems: [
              { type: "price", id: "p", code: "unresolved", pointer: "/list" },
              { type: "priceList", id: "M", code: "cycle", pointer: "/parent" },
              { type: "priceList", id: "N", code: "cycle", pointer: "/parent" },
            ],
          },
        ]);
      }
    }
    expect(await stored()).toEqual(before);
    expect((await call("DELETE", `/v1/drafts/${id}/records/price/p`)).status).toBe(204);
    expect((await call("DELETE", `/v1/drafts/${id}/records/price/p`)).status).toBe(404);
    expect((await put(id, [{ type: "priceList", id: "M", currency: "EUR" }])).body).toMatchObject({
      draft: { records: 3 },
    });
    expect((await publish(id)).body).toMatchObject({ state: "published" });
  });

  it("who has not seen the draft as it is does not change it", async () => {
    const id = await makeDraft();
    const seen = { "If-Match": '"1"' };
    const changes: readonly (readonly [string, string, CallOptions])[] = [
      ["POST", "/records", { body: ndjson(prepared), headers: { "Content-Type": "application/x-ndjson" } }],
      ["DELETE", "/records/price/l", {}],
      ["POST", "/rebase", {}],
      ["POST", "/publish", { body: {} }],
      ["DELETE", "/schedule", {}],
      ["DELETE", "", {}],
    ];
    for (const [method, path, options] of changes) {
      const refused = await call(method, `/v1/drafts/${id}${path}`, {
        ...options,
        headers: { ...options.headers, ...seen },
      });
      expect([path, refused.status, refused.body["code"], refused.body["version"]]).toEqual([
        path,
        412,
        "precondition_failed",
        2,
      ]);
    }
    expect((await call("GET", `/v1/drafts/${id}`)).headers.get("ETag")).toBe('"2"');
    expect((await put(id, [prepared[0]], { "If-Match": '"2"' })).headers.get("ETag")).toBe('"3"');
  });

  it("it holds so much and no more, and says so", async () => {
    const id = await makeDraft([]);
    const prices = (from: number, count: number) =>
      Array.from({ length: count }, (_, index) => price(`p${from + index}`, "A", "1.00"));
    expect((await put(id, prices(0, 4_999))).body).toMatchObject({ draft: { records: 4_999 } });
    expect((await put(id, prices(0, 4_999))).body).toMatchObject({ draft: { records: 4_999 } });
    const tooMany = await put(id, prices(4_999, 2));
    expect([tooMany.status, tooMany.body["code"]]).toEqual([413, "body_too_large"]);
    expect((await put(id, prices(0, 5_001))).status).toBe(413);
    expect(await draftOf(id)).toMatchObject({ records: 4_999, version: 3 });
    expect((await publish(id, {})).body).toMatchObject({ state: "published", records: 4_999 });
  });

  it("only price managers see or touch it", async () => {
    const id = await makeDraft();
    for (const role of ["erp", "storefront", "approver"] as const) {
      for (const [method, path] of [
        ["GET", "/v1/drafts"],
        ["GET", `/v1/drafts/${id}`],
        ["GET", `/v1/drafts/${id}/records`],
        ["POST", `/v1/drafts/${id}/publish`],
      ] as const) {
        expect((await call(method, path, { role })).status).toBe(403);
      }
    }
    expect((await call("GET", "/v1/drafts/d999999")).status).toBe(404);
    expect((await call("POST", "/v1/drafts/nonsense/publish", { body: {} })).status).toBe(404);
  });
});

describe("a scheduled draft: it promises that…", () => {
  const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();
  const passTime = (id: string, milliseconds = 3_600_000) =>
    env.CATALOG.prepare("UPDATE drafts SET publish_at = publish_at - ?2 WHERE number = ?1")
      .bind(Number(id.slice(1)), milliseconds)
      .run();

  it("it can be scheduled anew, taken back and discarded, and then nothing happens", async () => {
    const before = await stored();
    const id = await makeDraft();
    expect((await publish(id, { at: inAnHour() })).body).toMatchObject({ state: "scheduled" });
    const later = new Date(Date.now() + 7_200_000).toISOString();
    expect((await publish(id, { at: later })).body).toMatchObject({ state: "scheduled", publishAt: later });
    // The alarm still rings at the first time, and then is set for the other.
    expect(await runDurableObjectAlarm(object(id))).toBe(true);
    expect((await draftOf(id))["state"]).toBe("scheduled");
    const taken = await call("DELETE", `/v1/drafts/${id}/schedule`);
    expect(taken.body).toMatchObject({ state: "open", publishAt: null });
    expect((await call("DELETE", `/v1/drafts/${id}/schedule`)).text).toBe(taken.text);
    expect(await runDurableObjectAlarm(object(id))).toBe(true);
    await publish(id, { at: inAnHour() });
    expect((await call("DELETE", `/v1/drafts/${id}`)).status).toBe(204);
    await runDurableObjectAlarm(object(id));
    expect((await call("DELETE", `/v1/drafts/${id}`)).status).toBe(204);
    expect((await publish(id)).body).toMatchObject({ code: "wrong_state" });
    expect([(await draftOf(id))["state"], await stored()]).toEqual(["discarded", before]);
    const far = await publish(await makeDraft(), { at: "2100-01-01T00:00:00Z" });
    expect(far.body).toMatchObject({ code: "invalid_request", pointer: "/at", reason: "out_of_range" });
  });

  it("a late alarm publishes it once", async () => {
    const id = await makeDraft();
    await publish(id, { at: inAnHour() });
    await wakeDrafts(env, Date.now());
    expect((await draftOf(id))["state"]).toBe("scheduled");
    await passTime(id, 7_200_000);
    await runDurableObjectAlarm(object(id));
    const live = await draftOf(id);
    expect(live).toMatchObject({ state: "published", sequence: 2 });
    await object(id).goOn(Number(id.slice(1)));
    expect(await draftOf(id)).toEqual(live);
  });

  it("it is published by the clock if its alarm was lost", async () => {
    const id = await makeDraft();
    await publish(id, { at: inAnHour() });
    await runInDurableObject(object(id), (_object, { storage }) => storage.deleteAlarm());
    await passTime(id);
    await wakeDrafts(env, Date.now());
    expect(await draftOf(id)).toMatchObject({ state: "published", sequence: 2 });
  });

  it("it is published although the object was torn down meanwhile", async () => {
    const id = await makeDraft();
    const at = new Date(Date.now() + 1000).toISOString();
    await publish(id, { at });
    await abortAllDurableObjects();
    await expect.poll(() => draftOf(id), { timeout: 10_000 }).toMatchObject({ state: "published" });
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(at));
  });

  it("one that can't be applied when its time has come is open again and says why", async () => {
    const id = await makeDraft();
    await publish(id, { at: inAnHour() });
    await erp.push([price("own", "A", "6.00", { customer: "C2" })]);
    await passTime(id);
    await runDurableObjectAlarm(object(id));
    expect(await draftOf(id)).toMatchObject({
      state: "open",
      publishAt: null,
      failure: { conflicts: [{ type: "price", id: "own", pointers: ["/amount"] }], problems: [] },
    });
    expect((await publish(id, { at: inAnHour(), force: true })).body).toMatchObject({
      state: "scheduled",
      failure: null,
    });
    await passTime(id);
    await runDurableObjectAlarm(object(id));
    expect(await draftOf(id)).toMatchObject({ state: "published", failure: null });
    expect((await stored())["price/own"]).toEqual([null, null]);
  });
});
