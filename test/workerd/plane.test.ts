import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { createPlane } from "../../shared/api/plane.ts";
import { id, integer, positiveDecimal } from "../../shared/api/values.ts";
import { insertKey, type InsertedKey } from "../support/insert-key.ts";

const plane = createPlane<Cloudflare.Env>({ title: "Test", version: "1", description: "" });
plane.route(
  {
    method: "post",
    path: "/things/{id}",
    summary: "Echo",
    roles: ["erp"],
    params: z.object({ id }),
    query: z.object({ mode: z.enum(["a", "b"]).optional() }),
    headers: z.object({ "x-note": z.string().max(5).optional() }),
    body: z.strictObject({
      quantity: positiveDecimal,
      count: integer.optional(),
      name: z.string().optional(),
    }),
    bodyBytesMax: 200,
    responses: { 200: { description: "What was understood" } },
  },
  ({ params, query, headers, body, caller, c }) =>
    c.json({ params, query, headers, body, role: caller.role }),
);
plane.route(
  {
    method: "get",
    path: "/failure",
    summary: "A bug",
    roles: "public",
    responses: { 200: { description: "Never" } },
  },
  () => {
    throw new Error("a detail that is nobody's business");
  },
);
plane.route(
  {
    method: "put",
    path: "/stream",
    summary: "A stream",
    roles: ["erp"],
    body: { stream: "application/x-ndjson", description: "Lines", encodings: ["identity", "gzip"] },
    responses: { 200: { description: "Its text", contentType: "text/plain" } },
  },
  async ({ body, c }) =>
    c.text(`${body.encoding}: ${await new Response(body.stream).text()}`, 200, {
      "Cache-Control": "private",
    }),
);

let erp: InsertedKey;
let manager: InsertedKey;
beforeAll(async () => {
  erp = await insertKey(env.PUBLISHED, { role: "erp" });
  manager = await insertKey(env.PUBLISHED, { role: "manager" });
});

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

async function send(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await plane.fetch(new Request(`http://test${path}`, init), env, createExecutionContext());
  const text = await response.text();
  const isJson = /json/.test(response.headers.get("Content-Type") ?? "");
  return {
    status: response.status,
    headers: response.headers,
    body: isJson && text !== "" ? JSON.parse(text) : { text },
  };
}

function post(path: string, body: BodyInit | null, headers: Record<string, string> = {}): Promise<Answer> {
  const common = { Authorization: `Bearer ${erp.key}`, "Content-Type": "application/json" };
  return send(path, { method: "POST", body, headers: { ...common, ...headers } });
}

describe("the order of checks: it promises that…", () => {
  const broken = { method: "POST", body: "{" };

  it("an unknown path is 404, whoever asks", async () => {
    const { status, body } = await send("/nothing", broken);
    expect([status, body["code"]]).toEqual([404, "not_found"]);
  });

  it.each(["GET", "HEAD", "OPTIONS", "PUT", "DELETE"])(
    "%s where it does not exist is 405 with Allow",
    async (method) => {
      const { status, headers } = await send("/things/1", { method });
      expect([status, headers.get("Allow")]).toEqual([405, "POST"]);
    },
  );

  it("no answer invites other origins", async () => {
    const { headers } = await send("/things/1", {
      method: "OPTIONS",
      headers: { Origin: "https://example.com" },
    });
    expect([...headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
  });

  it("who brings no key is 401, whatever the body", async () => {
    const { status, headers, body } = await send("/things/1", broken);
    expect([status, body["code"], headers.get("WWW-Authenticate")]).toEqual([
      401,
      "unauthenticated",
      "Bearer",
    ]);
  });

  it("the wrong role is 403, whatever the content type", async () => {
    const { status } = await send("/things/1", {
      ...broken,
      headers: { Authorization: `Bearer ${manager.key}` },
    });
    expect(status).toBe(403);
  });

  it.each<[string, BodyInit | null, Record<string, string>, number, string]>([
    [
      "another content type",
      "x".repeat(300),
      { "Content-Type": "text/plain" },
      415,
      "unsupported_media_type",
    ],
    [
      "another charset",
      "{}",
      { "Content-Type": "application/json; charset=latin1" },
      415,
      "unsupported_media_type",
    ],
    ["an encoding", "x".repeat(300), { "Content-Encoding": "gzip" }, 415, "unsupported_encoding"],
    ["a large body", new Uint8Array(201).fill(0xff), {}, 413, "body_too_large"],
    ["no body", null, {}, 400, "empty_body"],
    ["bytes that are not UTF-8", new Uint8Array([0x7b, 0xff]), {}, 400, "bad_encoding"],
    ["what is not JSON", "{", {}, 400, "malformed_json"],
    ["deep JSON", "[".repeat(99) + "]".repeat(99), {}, 400, "too_deep"],
    ["a prototype", '{"__proto__":{}}', {}, 400, "forbidden_key"],
    ["what the schema refuses", "[]", {}, 400, "invalid_request"],
  ])("%s is refused with its own code", async (_, body, headers, status, code) => {
    const answer = await post("/things/%ff", body, headers);
    expect([answer.status, answer.body["code"]]).toEqual([status, code]);
  });

  it("a body that does not say how long it is stops at the limit", async () => {
    let chunks = 0;
    const endless = new ReadableStream({
      pull(controller) {
        chunks++;
        controller.enqueue(new Uint8Array(100));
      },
    });
    const { status } = await post("/things/1", endless);
    expect(status).toBe(413);
    expect(chunks).toBeLessThan(10);
  });
});

describe("input: it promises that…", () => {
  it("everything arrives checked, numbers by their source text", async () => {
    const path = "/things/a%2Fb%2525%20c?mode=b&";
    const { status, body } = await post(path, '{"quantity": 0.10, "count": 3}', {
      "X-Note": "hello",
      "X-Other": "1",
    });
    expect(status).toBe(200);
    expect(body).toEqual({
      params: { id: "a/b%25 c" },
      query: { mode: "b" },
      headers: { "x-note": "hello" },
      body: { quantity: "0.10", count: 3 },
      role: "erp",
    });
  });

  it.each<[string, string, Record<string, unknown>]>([
    ["/things/1", '{"quantity":"1","extra":1}', { pointer: "/extra", reason: "unknown_field" }],
    ["/things/1", "{}", { pointer: "/quantity", reason: "missing_field" }],
    ["/things/1", '{"quantity":"1","name":5}', { pointer: "/name", reason: "wrong_type" }],
    ["/things/1", '{"quantity":1e3}', { pointer: "/quantity", reason: "number_out_of_range" }],
    ["/things/1", '{"quantity":"1","name":"\\ud800"}', { reason: "lone_surrogate" }],
    ["/things/1", '"a text"', { pointer: "", reason: "wrong_type" }],
    ["/things/1?mode=c", '{"quantity":"1"}', { parameter: "mode", reason: "invalid_value" }],
    ["/things/1?mode=a&mode=b", '{"quantity":"1"}', { parameter: "mode", reason: "repeated_parameter" }],
    ["/things/1?other=1", '{"quantity":"1"}', { parameter: "other", reason: "unknown_field" }],
    ["/things/1?mode=%E0%A4%A", '{"quantity":"1"}', { parameter: "mode", reason: "bad_percent_encoding" }],
    ["/things/%E0%A4%A", '{"quantity":"1"}', { parameter: "id", reason: "bad_percent_encoding" }],
    ["/things/%00", '{"quantity":"1"}', { parameter: "id", reason: "invalid_id" }],
  ])("%s with %s is refused, and says where and why", async (path, text, fault) => {
    const { status, body } = await post(path, text);
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: "invalid_request", ...fault });
  });

  it("a header that the schema names is checked", async () => {
    const { body } = await post("/things/1", '{"quantity":"1"}', { "X-Note": "too long" });
    expect(body).toMatchObject({ code: "invalid_request", parameter: "x-note", reason: "out_of_range" });
  });

  it("a stream is handed over unread", async () => {
    const headers = {
      Authorization: `Bearer ${erp.key}`,
      "Content-Type": "application/x-ndjson; charset=utf-8",
    };
    const { body } = await send("/stream", { method: "PUT", body: "{{{", headers });
    expect(body).toEqual({ text: "identity: {{{" });
    const wrong = await send("/stream", {
      method: "PUT",
      body: "",
      headers: { ...headers, "Content-Encoding": "br" },
    });
    expect(wrong.status).toBe(415);
  });
});

describe("every answer: it promises that…", () => {
  it("a problem has its document, its id and the safety headers", async () => {
    const { headers, body } = await send("/nothing");
    expect(headers.get("Content-Type")).toBe("application/problem+json");
    expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
    expect(headers.get("Cache-Control")).toBe("no-store");
    expect(headers.get("Server-Timing")).toMatch(/^total;dur=\d/);
    expect(body["requestId"]).toBe(headers.get("X-Request-Id"));
  });

  it("a client's request id is taken over if it is a plain one", async () => {
    const given = async (text: string) =>
      (await send("/healthz", { headers: { "X-Request-Id": text } })).headers.get("X-Request-Id");
    expect(await given("order-4711_a")).toBe("order-4711_a");
    expect(await given("order 4711")).not.toBe("order 4711");
    expect(await given("x".repeat(65))).toHaveLength(36);
  });

  it("a handler's own Cache-Control stays", async () => {
    const headers = { Authorization: `Bearer ${erp.key}`, "Content-Type": "application/x-ndjson" };
    const answer = await send("/stream", { method: "PUT", body: "", headers });
    expect(answer.headers.get("Cache-Control")).toBe("private");
  });

  it("a bug's message stays inside", async () => {
    const { status, body } = await send("/failure");
    expect([status, body["code"]]).toEqual([500, "internal"]);
    expect(JSON.stringify(body)).not.toContain("business");
  });
});

describe("the description: it promises that…", () => {
  it("health, description and page are public", async () => {
    expect((await send("/healthz")).body).toEqual({ status: "ok" });
    expect((await send("/openapi.json")).body).toMatchObject({ openapi: "3.1.0" });
    expect((await send("/docs")).headers.get("Content-Type")).toMatch(/^text\/html/);
  });

  it("it says who may call a route, and with what", async () => {
    const { body } = await send("/openapi.json");
    expect(body).toMatchObject({
      paths: {
        "/things/{id}": {
          post: {
            "x-roles": ["erp"],
            security: [{ bearer: [] }],
            parameters: [
              { in: "path", name: "id", required: true, schema: { type: "string", maxLength: 200 } },
              { in: "query", name: "mode", required: false, schema: { enum: ["a", "b"] } },
              { in: "header", name: "x-note", required: false },
            ],
            requestBody: {
              content: {
                "application/json": {
                  schema: { type: "object", required: ["quantity"], additionalProperties: false },
                },
              },
            },
          },
        },
        "/healthz": { get: { "x-roles": ["public"], security: [] } },
      },
    });
  });
});
