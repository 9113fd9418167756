import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signChangeCursor } from "../../shared/snapshot/change-cursor.ts";
import { publish, push, type Published } from "../support/erp.ts";
import { startPlanes, type Planes } from "../support/planes.ts";

/** What is told of a snapshot that is not kept any more. */

const secret = "a secret of the tests, 32 characters at least";
let planes: Planes;
const made: Published[] = [];

const company = (amount: string) => [
  { type: "product", id: "A", name: "A", unit: "EA" },
  { type: "customer", id: "C", name: "C" },
  { type: "price", id: "a", sku: "A", currency: "EUR", amount },
];

beforeAll(async () => {
  planes = await startPlanes();
  for (const amount of ["1.00", "2.00", "3.00"]) {
    await push(planes, company(amount));
    made.push(await publish(planes));
  }
  await control("PUT", "/v1/publishing", { retention: { days: 30, heads: 1 } });
});
afterAll(() => planes.close());

async function control(
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await planes.control.fetch(path, {
    method,
    headers: { Authorization: `Bearer ${planes.keys.manager.key}`, "Content-Type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function edge(path: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await planes.edge.fetch(path, {
    headers: { Authorization: `Bearer ${planes.keys.storefront.key}` },
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** As if all of it were 40 days ago; then what the clock does every few minutes. */
async function letTimePass(): Promise<void> {
  const earlier = (column: string) => `${column} = strftime('%Y-%m-%dT%H:%M:%fZ', ${column}, '-40 days')`;
  const { PUBLISHED } = await planes.controlEnv();
  await PUBLISHED.exec(`UPDATE snapshots SET ${earlier("created_at")}, ${earlier("live_at")}`);
  const heads = await planes.workers.control.getDurableObjectStorage("HEAD", { name: "head" });
  await heads.exec(`UPDATE heads SET ${earlier("moved_at")}`);
  await planes.workers.control.scheduled({ cron: "*/5 * * * *", scheduledTime: new Date() });
}

describe("a snapshot that is not kept any more", () => {
  it("says so to who looks at it, compares it or wants to go back to it; the live one is whole", async () => {
    await letTimePass();
    const [first, , live] = made;
    await expect
      .poll(async () => (await control("GET", `/v1/snapshots/${first?.id}`)).body["status"], {
        timeout: 20_000,
      })
      .toBe("pruned");
    for (const [method, path] of [
      ["POST", `/v1/snapshots/${first?.id}/activate`],
      ["GET", `/v1/snapshots/${first?.id}/diff/${live?.id}`],
    ] as const) {
      const { status, body } = await control(method, path);
      expect([path, status, body["code"]]).toEqual([path, 410, "snapshot_pruned"]);
    }
    expect((await control("GET", `/v1/snapshots/${live?.id}`)).body["status"]).toBe("live");
    const answer = await edge("/v1/prices/A?customer=C&quantity=1");
    expect([answer.status, JSON.stringify(answer.body)]).toEqual([200, expect.stringContaining('"3.00"')]);
  });

  it("ends a cursor of the feed of changes that has seen it", async () => {
    const { PUBLISHED } = await planes.controlEnv();
    const manifest = await PUBLISHED.prepare("SELECT manifest FROM snapshots WHERE id = ?")
      .bind(made[0]?.id)
      .first<string>("manifest");
    await expect
      .poll(
        () =>
          PUBLISHED.prepare("SELECT count(*) AS count FROM segments WHERE hash = ?")
            .bind(manifest)
            .first("count"),
        { timeout: 20_000 },
      )
      .toBe(0);
    const cursor = signChangeCursor({ seen: { number: 1, manifest: manifest ?? "" } }, secret);
    const { status, body } = await edge(`/v1/changes?after=${encodeURIComponent(cursor)}`);
    expect([status, body["code"]]).toEqual([410, "cursor_expired"]);
  });
});
