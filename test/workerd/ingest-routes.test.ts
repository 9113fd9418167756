import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, expect, it } from "vitest";
import { createControlPlane } from "../../control-plane/app.ts";
import { emptyCatalog, ndjson, type FeedAnswer } from "../support/erp-feed.ts";
import { insertKey } from "../support/insert-key.ts";

const plane = createControlPlane();
let key = "";
let storefront = "";

beforeAll(async () => {
  key = (await insertKey(env.PUBLISHED, { role: "erp" })).key;
  storefront = (await insertKey(env.PUBLISHED, { role: "storefront" })).key;
});
beforeEach(() => emptyCatalog(env.CATALOG));

interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

async function call<Body = Record<string, unknown>>(
  method: string,
  path: string,
  { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer<Body>> {
  const context = createExecutionContext();
  const request = new Request(`https://control.test${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${key}`,
      ...(typeof body === "object" && !(body instanceof Uint8Array)
        ? { "Content-Type": "application/json" }
        : {}),
      ...headers,
    },
    ...(body === undefined
      ? {}
      : {
          body:
            typeof body === "string" || body instanceof Uint8Array
              ? (body as BodyInit)
              : JSON.stringify(body),
        }),
  });
  const response = await plane.fetch(request, env, context);
  const text = await response.text();
  await waitOnExecutionContext(context);
  return {
    status: response.status,
    headers: response.headers,
    body: (text === "" ? undefined : JSON.parse(text)) as Body,
  };
}

let keys = 0;
function push(
  records: readonly unknown[],
  { query = "", headers = {} }: { query?: string; headers?: Record<string, string> } = {},
) {
  return call<FeedAnswer>("POST", `/v1/erp/records${query}`, {
    body: ndjson(records),
    headers: { "Content-Type": "application/x-ndjson", "Idempotency-Key": `k${++keys}`, ...headers },
  });
}

const product = (id: string) => ({ type: "product", id, name: id, unit: "EA" });
const price = { type: "price", id: "P/1", sku: "A", currency: "EUR", amount: "9.30", rev: 12 };

it("records that are pushed can be read back, page by page and as they were", async () => {
  const pushed = await push([
    product("A"),
    product("B"),
    price,
    { type: "category", id: "c", rev: "2026-01-01T00:00:00Z" },
  ]);
  expect([pushed.status, pushed.body.counts.applied]).toEqual([200, 4]);
  await push([{ type: "product", id: "B", op: "delete" }]);
  const first = await call("GET", "/v1/erp/records?limit=2");
  expect(first.body["records"]).toEqual([{ type: "category", id: "c", rev: "2026-01-01T00:00:00Z" }, price]);
  const second = await call("GET", `/v1/erp/records?limit=2&after=${String(first.body["next"])}`);
  expect(second.body).toEqual({ records: [product("A")], next: null });
  const one = await call("GET", `/v1/erp/records?type=price&id=${encodeURIComponent("P/1")}`);
  expect(one.body["records"]).toEqual([price]);
  const before = await call("GET", "/v1/erp/records?type=product&sequence=1");
  expect(before.body["records"]).toEqual([product("A"), product("B")]);
  expect((await call("GET", "/v1/erp/records?sequence=3")).status).toBe(400);
  expect((await call("GET", "/v1/erp/records?after=nonsense")).status).toBe(400);
});

it("a repeated request is answered with the same bytes and says so", async () => {
  const headers = { "Idempotency-Key": "same" };
  const first = await push([product("A")], { headers });
  const again = await push([product("A")], { headers });
  expect([first.headers.get("Idempotent-Replayed"), again.headers.get("Idempotent-Replayed")]).toEqual([
    null,
    "true",
  ]);
  expect(again.body).toEqual(first.body);
  const other = await push([product("B")], { headers });
  expect([other.status, other.body]).toMatchObject([422, { code: "idempotency_key_reused" }]);
});

it("gzip is read, other encodings and content types are refused", async () => {
  const stream = new Response(ndjson([product("A"), product("B")])).body?.pipeThrough(
    new CompressionStream("gzip"),
  );
  const body = new Uint8Array(await new Response(stream).arrayBuffer());
  const headers = { "Content-Type": "application/x-ndjson", "Idempotency-Key": "gz" };
  const gzip = await call<FeedAnswer>("POST", "/v1/erp/records", {
    body,
    headers: { ...headers, "Content-Encoding": "gzip" },
  });
  expect(gzip.body.counts.applied).toBe(2);
  const brotli = await call("POST", "/v1/erp/records", {
    body,
    headers: { ...headers, "Content-Encoding": "br" },
  });
  expect([brotli.status, brotli.body["code"]]).toEqual([415, "unsupported_encoding"]);
  const types = ["application/json", "text/plain", "application/x-ndjson; charset=latin1"];
  for (const type of types) {
    const refused = await push([product("A")], { headers: { "Content-Type": type } });
    expect([refused.status, refused.body], type).toMatchObject([415, { code: "unsupported_media_type" }]);
  }
});

it.each([[undefined], [""], ["x".repeat(201)], ["caf\u00e9"]])(
  "the idempotency key %j is refused",
  async (value) => {
    const headers = {
      "Content-Type": "application/x-ndjson",
      ...(value === undefined ? {} : { "Idempotency-Key": value }),
    };
    const { status, body } = await call("POST", "/v1/erp/records", { body: ndjson([product("A")]), headers });
    expect([status, body["code"]]).toEqual([400, "idempotency_key_required"]);
  },
);

it("problems are listed by batch and state, page by page", async () => {
  const { body } = await push(["{}", { ...price, sku: "missing" }, "{", product("A")]);
  const all = await call<{ problems: { line: number; code: string }[]; next: string }>(
    "GET",
    "/v1/erp/problems?limit=2",
  );
  expect(all.body.problems).toMatchObject([
    { batch: body.batch, line: 1, state: "invalid", code: "missing_field", pointer: "/type" },
    {
      batch: body.batch,
      line: 2,
      state: "parked",
      code: "unresolved",
      pointer: "/sku",
      type: "price",
      id: "P/1",
    },
  ]);
  const rest = await call("GET", `/v1/erp/problems?limit=2&after=${all.body.next}`);
  expect(rest.body).toMatchObject({ problems: [{ line: 3, code: "malformed_json" }], next: null });
  const parked = await call<{ problems: unknown[] }>(
    "GET",
    `/v1/erp/problems?state=parked&batch=${body.batch}`,
  );
  expect(parked.body.problems.length).toBe(1);
  expect(
    (await call<{ problems: unknown[] }>("GET", "/v1/erp/problems?batch=b999999")).body.problems,
  ).toEqual([]);
});

it("a sweep is opened, filled, committed and repeated", async () => {
  await push([product("A"), product("B")]);
  const opened = await call("POST", "/v1/erp/sweeps", { body: { type: "product" } });
  const sweep = String(opened.body["sweep"]);
  expect(opened.status).toBe(201);
  const again = await call("POST", "/v1/erp/sweeps", { body: { type: "product" } });
  expect([again.status, again.body["code"]]).toEqual([409, "sweep_open"]);
  expect((await push([product("A")], { query: `?sweep=${sweep}` })).body.counts).toMatchObject({
    applied: 0,
    staged: 1,
  });
  const refused = await call("POST", `/v1/erp/sweeps/${sweep}/commit`, { body: { count: 1 } });
  expect([refused.status, refused.body["code"]]).toEqual([409, "shrink_guard"]);
  const committed = await call("POST", `/v1/erp/sweeps/${sweep}/commit`, { body: { count: 1, force: true } });
  expect([committed.status, committed.body["deleted"]]).toEqual([200, 1]);
  expect((await call("POST", `/v1/erp/sweeps/${sweep}/commit`, { body: { count: 1 } })).body).toEqual(
    committed.body,
  );
  const scoped = await call("POST", "/v1/erp/sweeps", { body: { type: "price", scope: { list: "L" } } });
  expect((await call("DELETE", `/v1/erp/sweeps/${String(scoped.body["sweep"])}`)).status).toBe(204);
  expect((await push([price], { query: `?sweep=${String(scoped.body["sweep"])}` })).status).toBe(410);
  for (const body of [
    { type: "product", scope: { list: "L" } },
    { type: "price", scope: {} },
    { type: "nothing" },
  ]) {
    expect((await call("POST", "/v1/erp/sweeps", { body })).status).toBe(400);
  }
});

it("only ERPs, managers and admins come in", async () => {
  for (const [method, path] of [
    ["POST", "/v1/erp/records"],
    ["GET", "/v1/erp/records"],
    ["GET", "/v1/erp/problems"],
    ["POST", "/v1/erp/sweeps"],
    ["POST", "/v1/erp/sweeps/s1/commit"],
    ["DELETE", "/v1/erp/sweeps/s1"],
  ] as const) {
    expect(
      (await call(method, path, { headers: { Authorization: `Bearer ${storefront}` } })).status,
      path,
    ).toBe(403);
    expect((await call(method, path, { headers: { Authorization: "" } })).status, path).toBe(401);
  }
});
