import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { push } from "../support/erp.ts";
import { startPlanes, type Planes } from "../support/planes.ts";
import type { Role } from "../../shared/api/callers.ts";

/** What a manager sees of a publish that looks like an accident, and what a shop does not see. */

let planes: Planes;

beforeAll(async () => {
  planes = await startPlanes();
});

afterAll(async () => {
  await planes.close();
});

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown> & { readonly id: string };
}

async function control(method: string, path: string, body?: object, role: Role = "manager"): Promise<Answer> {
  const response = await planes.control.fetch(path, {
    method,
    headers: { Authorization: `Bearer ${planes.keys[role].key}`, "Content-Type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Answer["body"] };
}

async function priceOf(sku: string, atLeast?: string): Promise<string> {
  const response = await planes.edge.fetch("/v1/prices", {
    method: "POST",
    headers: {
      Authorization: `Bearer ${planes.keys.storefront.key}`,
      "Content-Type": "application/json",
    },
    body: JSON.stringify({
      customer: "C",
      ...(atLeast === undefined ? {} : { atLeast }),
      lines: [{ sku, quantity: "1" }],
    }),
  });
  const body = (await response.json()) as { code?: string; lines?: { unitPrice?: string }[] };
  return body.code ?? body.lines?.[0]?.unitPrice ?? "none";
}

const numbers = Array.from({ length: 12 }, (_, index) => index);
const prices = (amount: (number: number) => string, more: object = {}) =>
  numbers.map((number) => ({
    type: "price",
    id: `p${number}`,
    sku: `S${number}`,
    currency: "EUR",
    amount: amount(number),
    ...more,
  }));
const company = [
  { type: "customer", id: "C", name: "C" },
  ...numbers.map((number) => ({ type: "product", id: `S${number}`, name: "a product", unit: "EA" })),
  ...prices((number) => `${10 + number}.50`),
];

async function newest(): Promise<Record<string, unknown>> {
  const { body } = await control("GET", "/v1/snapshots?limit=1");
  return (body["snapshots"] as Record<string, unknown>[])[0] ?? {};
}

describe("a batch that lost its decimal points", () => {
  it("is made but not live, says why without naming a customer, and goes live when a manager confirms", async () => {
    await push(planes, company);
    await expect.poll(() => priceOf("S0"), { timeout: 10_000 }).toBe("10.50");
    const { sequence, token } = await push(
      planes,
      prices((number) => `${10 + number}50`),
    );
    await expect
      .poll(
        async () => {
          const { sequence: own, status } = await newest();
          return [own, status];
        },
        { timeout: 10_000 },
      )
      .toEqual([sequence, "held"]);
    const held = await newest();
    expect(held["guard"]).toMatchObject({
      checks: [
        {
          check: "jumped",
          prices: 12,
          of: 12,
        },
      ],
    });
    const [example] =
      (held["guard"] as { checks: { examples: Record<string, unknown>[] }[] }).checks[0]?.examples ?? [];
    expect(example).toMatchObject({ currency: "EUR", before: { per: "1" }, after: { per: "1" } });
    expect(Object.keys(example ?? {})).toEqual(["sku", "currency", "before", "after"]);
    expect(JSON.stringify(held["guard"])).not.toContain('"C"');
    expect(await priceOf("S0")).toBe("10.50");
    expect(await priceOf("S0", token)).toBe("not_ready");

    // Who waits for a publish is told so, and an ERP can't confirm.
    const waited = await control("POST", "/v1/snapshots", { wait: true }, "erp");
    expect(waited.body).toMatchObject({ status: "held", guard: { checks: [{ check: "jumped" }] } });
    const asErp = await control("POST", "/v1/snapshots", { confirmed: true }, "erp");
    expect([asErp.status, asErp.body["code"]]).toEqual([403, "forbidden"]);
    expect((await control("POST", `/v1/snapshots/${held["id"]}/activate`, {}, "erp")).status).toBe(403);

    const activated = await control("POST", `/v1/snapshots/${held["id"]}/activate`);
    expect(activated.body).toMatchObject({ status: "live" });
    await expect.poll(() => priceOf("S0", token), { timeout: 10_000 }).toBe("1050.00");
    await control("POST", "/v1/snapshots", { confirmed: true, wait: true });
  });

  it("is superseded by the batch that repairs it, which goes live by itself", async () => {
    const held = await push(
      planes,
      prices((number) => `${10 + number}.50`),
    );
    await expect.poll(async () => (await newest())["status"], { timeout: 10_000 }).toBe("held");
    const repaired = await push(
      planes,
      prices((number) => `${11 + number}50`),
    );
    await expect.poll(() => priceOf("S0", repaired.token), { timeout: 10_000 }).toBe("1150.00");
    // What was promised with the held batch is kept by the one after it.
    expect(await priceOf("S0", held.token)).toBe("1150.00");
  });
});

describe("a draft that looks like an accident", () => {
  const rule = { type: "rule", id: "sale", rank: 1, effect: { percentOff: "95" } };

  async function publishDraft(body: object): Promise<string> {
    const { body: draft } = await control("POST", "/v1/drafts", { name: "Sale" });
    await planes.control.fetch(`/v1/drafts/${draft.id}/records`, {
      method: "POST",
      headers: {
        Authorization: `Bearer ${planes.keys.manager.key}`,
        "Content-Type": "application/x-ndjson",
      },
      body: JSON.stringify(rule),
    });
    const published = await control("POST", `/v1/drafts/${draft.id}/publish`, body);
    expect(published.body).toMatchObject({ state: "published" });
    return draft.id;
  }
  const statusOf = async (draft: string) =>
    (await control("GET", `/v1/drafts/${draft}`)).body["snapshotStatus"];

  it("is applied and held, and says so; activating its snapshot publishes it", async () => {
    const draft = await publishDraft({});
    await expect.poll(() => statusOf(draft), { timeout: 10_000 }).toBe("held");
    const { body } = await control("GET", `/v1/drafts/${draft}`);
    await control("POST", `/v1/snapshots/${String(body["snapshot"])}/activate`);
    expect(await statusOf(draft)).toBe("live");
    await expect.poll(() => priceOf("S0"), { timeout: 10_000 }).toBe("57.50");
  });

  it("goes live at once when it is confirmed", async () => {
    rule.effect.percentOff = "0";
    const draft = await publishDraft({ confirmed: true });
    await expect.poll(() => statusOf(draft), { timeout: 10_000 }).toBe("live");
  });
});

describe("the guard's settings", () => {
  it("are a manager's to change one by one, and what they turn off is published", async () => {
    const { body } = await control("GET", "/v1/publishing");
    expect(body).toMatchObject({ autoPublish: true, guard: { on: true, productsMin: 10, factor: 10 } });
    const { token } = await push(
      planes,
      prices(() => "1.00"),
    );
    await expect.poll(async () => (await newest())["status"], { timeout: 10_000 }).toBe("held");
    expect((await control("PUT", "/v1/publishing", { guard: { on: false } }, "erp")).status).toBe(403);
    const refused = await control("PUT", "/v1/publishing", { guard: { factor: 1 } });
    expect([refused.status, refused.body["pointer"]]).toEqual([400, "/guard/factor"]);
    const changed = await control("PUT", "/v1/publishing", { guard: { on: false, gonePercent: 30 } });
    expect(changed.body).toMatchObject({
      autoPublish: true,
      guard: { on: false, factor: 10, gonePercent: 30 },
    });
    await expect.poll(() => priceOf("S0", token), { timeout: 10_000 }).toBe("1.00");
  });
});
