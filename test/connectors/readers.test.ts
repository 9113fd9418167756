import { describe, expect, it, vi } from "vitest";
import { readPages } from "../../control-plane/connectors/business-central/read-pages.ts";
import {
  readDoctype,
  readSingle,
  readWholeDocuments,
} from "../../control-plane/connectors/erpnext/read-doctypes.ts";
import { NumberLiteral } from "../../shared/api/exact-json.ts";
import { readModel } from "../../control-plane/connectors/odoo/read-models.ts";
import type { Patience } from "../../control-plane/connectors/patient-fetch.ts";

interface Asked {
  readonly url: string;
  readonly init: RequestInit;
}

/** An ERP that gives these answers in order, and what it was asked. */
function erp(...answers: (object | string | Response)[]): Patience & { asked: Asked[]; waited: number[] } {
  const asked: Asked[] = [];
  const waited: number[] = [];
  return {
    asked,
    waited,
    fetch: (url, init) => {
      asked.push({ url, init });
      const answer = answers[asked.length - 1];
      if (answer === undefined) throw new Error(`Nobody answers ${url}`);
      if (answer instanceof Response) return Promise.resolve(answer);
      return Promise.resolve(new Response(typeof answer === "string" ? answer : JSON.stringify(answer)));
    },
    sleep: (milliseconds) => {
      waited.push(milliseconds);
      return Promise.resolve();
    },
  };
}

describe("pages of OData", () => {
  const source = (patience: Patience) => ({
    ...patience,
    url: "https://erp.example.com/api/lines?$filter=x",
    headers: { authorization: "Bearer secret" },
  });

  it("are followed to the end, with numbers as they were written", async () => {
    const company = erp(
      '{"value":[{"unitPrice":9.30}],"@odata.nextLink":"https://erp.example.com/api/lines?$skiptoken=1"}',
      '{"value":[{"unitPrice":9.31}]}',
    );
    expect(await readPages(source(company))).toEqual([
      { unitPrice: new NumberLiteral("9.30") },
      { unitPrice: new NumberLiteral("9.31") },
    ]);
    expect(company.asked.map(({ init }) => new Headers(init.headers).get("authorization"))).toEqual([
      "Bearer secret",
      "Bearer secret",
    ]);
  });

  it("of version 2 are followed as well, by relative links too", async () => {
    const company = erp({ d: { results: [{ a: "1" }], __next: "lines?$skiptoken=1" } }, { d: [{ a: "2" }] });
    expect(await readPages(source(company))).toEqual([{ a: "1" }, { a: "2" }]);
    expect(company.asked[1]?.url).toBe("https://erp.example.com/api/lines?$skiptoken=1");
  });

  it.each([
    ["https://evil.example.com/lines", "Cannot follow https://evil.example.com"],
    ["http://erp.example.com/api/lines", "Cannot follow http://erp.example.com"],
    ["https://erp.example.com/api/lines?$filter=x", "the pages have no end"],
  ])("that go on at %s are refused", async (next, message) => {
    const company = erp({ value: [], "@odata.nextLink": next });
    await expect(readPages(source(company))).rejects.toThrow(message);
    expect(company.asked).toHaveLength(1);
  });

  it("that are no collection are refused", async () => {
    await expect(readPages(source(erp({ error: {} })))).rejects.toThrow("no OData collection");
  });

  it("wait as long as a busy ERP asks, and not for ever", async () => {
    const busy = (after?: string) =>
      new Response("busy", { status: 429, headers: after === undefined ? {} : { "retry-after": after } });
    const company = erp(busy("7"), busy(), busy("999999"), { value: [] });
    expect(await readPages(source(company))).toEqual([]);
    expect(company.waited).toEqual([7000, 2000, 60_000]);
    const never = erp(...Array.from({ length: 5 }, () => busy("1")));
    await expect(readPages(source(never))).rejects.toThrow("after 5 tries: the ERP answered 429");
  });

  it.each([302, 401, 500])("are not asked for again after %s", async (status) => {
    const company = erp(new Response(null, { status }));
    await expect(readPages(source(company))).rejects.toThrow(`the ERP answered ${status}`);
    expect(company.asked[0]?.init.redirect).toBe("manual");
  });

  it("are given up when the ERP is silent", async () => {
    const silent = erp({});
    const fetch = vi.fn<Patience["fetch"]>(
      (_url, { signal }) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener("abort", () => reject(new Error("silent")));
        }),
    );
    await expect(readPages({ ...source(silent), fetch, timeoutMilliseconds: 10 })).rejects.toThrow("silent");
  });
});

function argumentsOf({ init }: Asked): readonly unknown[] {
  if (typeof init.body !== "string") return [];
  const call = JSON.parse(init.body) as { readonly params: { readonly args: readonly unknown[] } };
  return call.params.args;
}

describe("Odoo's models", () => {
  const source = (patience: Patience) => ({
    ...patience,
    url: "https://erp.example.com",
    database: "main",
    user: 2,
    apiKey: "secret",
  });
  const page = (from: number, length: number) => ({
    jsonrpc: "2.0",
    id: 1,
    result: Array.from({ length }, (_, index) => ({ id: from + index })),
  });

  it("are read from after the last id", async () => {
    const company = erp(page(1, 1000), page(5000, 3));
    expect(await readModel("res.partner", ["name"], source(company))).toHaveLength(1003);
    const calls = company.asked.map(argumentsOf);
    expect(calls[0]?.slice(3, 5)).toEqual(["res.partner", "search_read"]);
    expect(calls.map((call) => call[5])).toEqual([[[["id", ">", 0]]], [[["id", ">", 1000]]]]);
    expect(calls[0]?.[6]).toEqual({
      fields: ["id", "name"],
      limit: 1000,
      order: "id",
      context: { active_test: false },
    });
  });

  it("say what Odoo says when it refuses", async () => {
    const refusal = { error: { message: "Odoo Server Error", data: { message: "Access Denied" } } };
    await expect(readModel("res.partner", [], source(erp(refusal)))).rejects.toThrow("Access Denied");
  });

  it("that come out of order are refused", async () => {
    await expect(readModel("res.partner", [], source(erp(page(2, 1000), page(1, 1000))))).rejects.toThrow(
      "not in order",
    );
  });
});

describe("ERPNext's doctypes", () => {
  const source = (patience: Patience) => ({
    ...patience,
    url: "https://erp.example.com",
    apiKey: "key",
    apiSecret: "secret",
  });

  it("are read from after the last name", async () => {
    const names = Array.from({ length: 500 }, (_, index) => ({ name: `N${index}` }));
    const company = erp({ data: names }, { data: [{ name: "O" }] });
    expect(await readDoctype("Item Price", ["price_list_rate"], source(company))).toHaveLength(501);
    const [first, second] = company.asked.map(({ url }) => new URL(url));
    expect(first?.pathname).toBe("/api/resource/Item%20Price");
    expect(first?.searchParams.get("filters")).toBe("[]");
    expect(first?.searchParams.get("fields")).toBe('["name","price_list_rate"]');
    expect(second?.searchParams.get("filters")).toBe('[["name",">","N499"]]');
    expect(second?.searchParams.get("order_by")).toBe("name asc");
    expect(new Headers(company.asked[0]?.init.headers).get("authorization")).toBe("token key:secret");
  });

  it("are read one by one where child tables count", async () => {
    const company = erp({ data: [{ name: "A/1" }] }, { data: { name: "A/1", items: [] } });
    expect(await readWholeDocuments("Pricing Rule", source(company))).toEqual([{ name: "A/1", items: [] }]);
    expect(company.asked[1]?.url).toBe("https://erp.example.com/api/resource/Pricing%20Rule/A%2F1");
  });

  it("of which there is one are read by their own name", async () => {
    const company = erp({ data: { currency_precision: "2" } });
    expect(await readSingle("System Settings", source(company))).toEqual([{ currency_precision: "2" }]);
    expect(company.asked[0]?.url).toBe(
      "https://erp.example.com/api/resource/System%20Settings/System%20Settings",
    );
  });
});
