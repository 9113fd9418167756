import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signCustomerToken } from "../../shared/api/customer-token.ts";
import { publish, push } from "../support/erp.ts";
import type { Planes } from "../support/planes.ts";
import { customerToken, scopedKey, Shop, type ProblemBody } from "../support/price-questions.ts";
import { oddCompany, oddIds, price, startSmallCompany } from "../support/small-company.ts";

let planes: Planes;
let shop: Shop;

beforeAll(async () => {
  planes = await startSmallCompany();
  shop = new Shop(planes);
});
afterAll(() => planes.close());

describe("odd ids: it promises that…", () => {
  it("SKUs and customers are compared exactly, in the body, the path and the query", async () => {
    const { token } = await push(planes, oddCompany);
    await publish(planes);
    for (const [index, id] of oddIds.entries()) {
      const expected = [`${100 + index}.00`, `${200 + index}.00`];
      const lines = [id, "A"].map((sku) => ({ sku, quantity: "1" }));
      const posted = await shop.post({ customer: id, atLeast: token, lines });
      expect([id, ...posted.body.lines.map(({ unitPrice }) => unitPrice)]).toEqual([id, ...expected]);
      const own = new Shop(planes, await customerToken(planes, id));
      for (const asking of [shop, own]) {
        // Clients resolve these two within a path, however they are encoded, so only a POST can ask for them.
        if (id === "." || id === "..") continue;
        const got = await asking.get(id, { customer: id });
        expect([id, got.status, got.body.lines[0]?.unitPrice]).toEqual([id, 200, expected[0]]);
      }
      const list = await shop.send(`/v1/price-list?customer=${encodeURIComponent(id)}`);
      const entries = list.text
        .trim()
        .split("\n")
        .map((line): { sku?: string } => JSON.parse(line));
      expect([id, entries.filter(({ sku }) => sku === id).length]).toEqual([id, 1]);
    }
    for (const unknown of [
      "hasOwnProperty",
      "valueOf",
      "a/B",
      "A%2Fb",
      "a%2fb",
      "010",
      "é".normalize("NFD") + "x",
    ]) {
      const { status } = await shop.post({ customer: unknown, lines: [{ sku: "A", quantity: "1" }] });
      expect([unknown, status]).toEqual([unknown, 404]);
      expect(await shop.price({ customer: "EUR", sku: unknown })).toBe("unknown_sku");
    }
  });
});

describe("who asks: it promises that…", () => {
  const withoutId = (text: string) => text.replace(/"requestId":"[^"]*"/, "");

  it("with a scoped key another customer is answered as one that does not exist, to the byte", async () => {
    const scoped = new Shop(planes, await scopedKey(planes, ["EUR", "a/b"]));
    expect(await scoped.price({ customer: "EUR", sku: "A" })).toBe("10.00");
    expect(await scoped.price({ customer: "a/b", sku: "A" })).toBe("200.00");
    const own = new Shop(planes, await customerToken(planes, "EUR"));
    for (const asking of [scoped, own]) {
      const answers: string[] = [];
      for (const id of ["NONE", "BLOCKED", "NO-SUCH"]) {
        const posted = await asking.post({ customer: id, lines: [{ sku: "A", quantity: "1" }] });
        const got = await asking.get("A", { customer: id });
        const listed = await asking.send(`/v1/price-list?customer=${id}`);
        for (const { status, text, headers } of [posted, got, listed]) {
          expect(status).toBe(404);
          const names = [...headers.keys()].filter((name) => name !== "content-length").toSorted();
          answers.push(JSON.stringify([withoutId(text), names]));
        }
      }
      const unknown = await shop.post({ customer: "NO-SUCH", lines: [{ sku: "A", quantity: "1" }] });
      expect(new Set(answers).size).toBe(1);
      expect(answers[0]).toContain(JSON.stringify(withoutId(unknown.text)).slice(1, -1));
    }
  });

  it("a token that expired, or that another signed, is nobody's", async () => {
    const secret = "a secret of the tests, 32 characters at least";
    const claims = { customer: "EUR", keyId: planes.keys.storefront.id };
    const sign = async (wrong: string, now: number) =>
      (await signCustomerToken(claims, { secret: wrong, now })).token;
    const statusWith = async (token: string) =>
      (await new Shop(planes, token).post({ customer: "EUR", lines: [{ sku: "A", quantity: "1" }] })).status;
    const now = Date.now();
    expect(await statusWith(await sign(secret, now))).toBe(200);
    expect(await statusWith(await sign(secret, now - 299_000))).toBe(200);
    expect(await statusWith(await sign(secret, now - 301_000))).toBe(401);
    expect(await statusWith(await sign(secret, now + 60_000))).toBe(401);
    expect(await statusWith(await sign(secret.toUpperCase(), now))).toBe(401);
  });
});

describe("HTTP: it promises that…", () => {
  it("HEAD has the status and the headers of GET, and no body", async () => {
    for (const path of [
      "/v1/prices/A?customer=EUR",
      "/v1/price-list?customer=EUR",
      "/v1/prices/A?customer=NO",
      "/healthz",
    ]) {
      const [get, head] = [await shop.send(path), await shop.send(path, { method: "HEAD" })];
      expect([path, head.status, head.text]).toEqual([path, get.status, ""]);
      for (const name of ["Content-Type", "ETag", "Cache-Control", "Vary"]) {
        expect([path, name, head.headers.get(name)]).toEqual([path, name, get.headers.get(name)]);
      }
    }
  });

  it("an ETag holds until a publish changes the price, and says so without a body", async () => {
    const first = await shop.get("A", { customer: "EUR" });
    const etag = first.headers.get("ETag") ?? "";
    expect(etag).toMatch(/^W\/"[\w-]+"$/);
    expect((await shop.get("A", { customer: "EUR" })).headers.get("ETag")).toBe(etag);
    for (const match of [etag, etag.slice(2), `"other", ${etag}`, "*"]) {
      const again = await shop.get("A", { customer: "EUR" }, { "If-None-Match": match });
      expect([match, again.status, again.text, again.headers.get("ETag")]).toEqual([match, 304, "", etag]);
    }
    for (const [sku, query] of [
      ["A", { customer: "a/b" }],
      ["A", { customer: "EUR", quantity: "10" }],
      ["A", { customer: "EUR", explain: "true" }],
      ["SCREW", { customer: "EUR" }],
    ] as const) {
      expect((await shop.get(sku, query, { "If-None-Match": etag })).status).toBe(200);
    }
    const { token } = await push(planes, [price("a", "A", "10.01")]);
    await publish(planes);
    const changed = await shop.get("A", { customer: "EUR", atLeast: token }, { "If-None-Match": etag });
    expect([changed.status, changed.body.lines[0]?.unitPrice]).toEqual([200, "10.01"]);
    expect(changed.headers.get("ETag")).not.toBe(etag);
    await push(planes, [price("a", "A", "10.00")]);
    await publish(planes);
  });

  it("what is a customer's is kept by no shared cache", async () => {
    const posted = await shop.post({ customer: "EUR", lines: [{ sku: "A", quantity: "1" }] });
    expect(posted.headers.get("Cache-Control")).toBe("no-store");
    const got = await shop.get("A", { customer: "EUR" });
    expect([got.headers.get("Cache-Control"), got.headers.get("Vary")]).toEqual([
      "private, no-cache",
      "Authorization",
    ]);
    expect((await shop.send("/v1/price-list?customer=EUR")).headers.get("Cache-Control")).toBe("no-store");
  });

  it("an answer says how long it took, and what it waited for", async () => {
    const waitedFor = async (atLeast?: string) => {
      const { headers } = await shop.post({ customer: "EUR", atLeast, lines: [{ sku: "A", quantity: "1" }] });
      return (headers.get("Server-Timing") ?? "").split(",").map((part) => part.trim().split(";")[0]);
    };
    const { token } = await push(planes, [price("a", "A", "10.02")]);
    await publish(planes);
    expect(new Set(await waitedFor(token))).toEqual(new Set(["prices", "snapshot", "total"]));
    expect(await waitedFor(token)).not.toContain("prices");
    await push(planes, [price("a", "A", "10.00")]);
    await publish(planes);
  });

  it("one id is in the header, the problem and each line that the request logs", async () => {
    for (const given of ["my-request_1", undefined, "not allowed!", "x".repeat(65)]) {
      planes.takeLogs();
      const headers = given === undefined ? {} : { "X-Request-Id": given };
      const got = await shop.get<ProblemBody>("A", { customer: "NO-SUCH" }, headers);
      const id = got.headers.get("X-Request-Id");
      expect(id).toMatch(/^[\w-]{1,64}$/);
      expect(got.body.requestId).toBe(id);
      if (given === "my-request_1") expect(id).toBe(given);
      else expect(id).not.toBe(given);
      const logged = planes.takeLogs().filter((line) => line.includes('"/v1/prices/{sku}"'));
      expect(logged.map((line): unknown => JSON.parse(line).requestId)).toEqual([id]);
    }
  });
});
