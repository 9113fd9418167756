import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { publish, push } from "../support/erp.ts";
import { startPlanes, type Planes } from "../support/planes.ts";
import { WebhookReceiver } from "../support/webhook-receiver.ts";

/** From a publish to a shop that is told of it, and reads what changed. */

interface Webhook {
  readonly id: string;
  readonly secret: string;
  readonly enabled: boolean;
  readonly disabledBecause: string | null;
  readonly previousSecretUntil: string | null;
  readonly events: readonly string[];
}

interface Delivery {
  readonly id: string;
  readonly event: { readonly id: string; readonly type: string };
  readonly state: string;
  readonly attempts: number;
  readonly lastAttempt: { readonly status: number | null; readonly failure: string | null } | null;
}

let planes: Planes;
let receiver: WebhookReceiver;
let amount = 100;

beforeAll(async () => {
  planes = await startPlanes({ WEBHOOK_LOCAL_TARGETS: "allowed" });
  await control("PUT", "/v1/publishing", { autoPublish: false });
  await push(planes, [
    { type: "product", id: "A", name: "A", unit: "EA" },
    { type: "customer", id: "C1", name: "C1", currency: "EUR" },
    { type: "price", id: "p", customer: "C1", sku: "A", currency: "EUR", amount: "1.00" },
  ]);
  await publish(planes);
  receiver = await WebhookReceiver.open();
});
afterAll(async () => {
  receiver.close();
  await planes.close();
});
beforeEach(async () => {
  receiver.messages.length = 0;
  receiver.answers = [];
  const { webhooks } = (await control<{ webhooks: Webhook[] }>("GET", "/v1/webhooks")).body;
  for (const { id } of webhooks) await control("DELETE", `/v1/webhooks/${id}`);
});

async function control<Body = { code: string; reason?: string; pointer?: string }>(
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number; body: Body }> {
  const response = await planes.control.fetch(path, {
    method,
    headers: { Authorization: `Bearer ${planes.keys.manager.key}`, "Content-Type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: JSON.parse(text === "" ? "null" : text) as Body };
}

async function makeWebhook(events?: string[]): Promise<Webhook> {
  const asked = { url: receiver.url, ...(events === undefined ? {} : { events }) };
  const { status, body } = await control<Webhook>("POST", "/v1/webhooks", asked);
  expect(status).toBe(201);
  receiver.secrets.push(body.secret);
  return body;
}

async function publishChange() {
  amount++;
  await push(planes, [
    { type: "price", id: "p", customer: "C1", sku: "A", currency: "EUR", amount: `${amount}.00` },
  ]);
  return publish(planes);
}

async function deliveriesOf({ id }: Webhook, query = ""): Promise<Delivery[]> {
  const path = `/v1/webhooks/${id}/deliveries${query}`;
  return (await control<{ deliveries: Delivery[] }>("GET", path)).body.deliveries;
}

describe("a webhook: it promises that…", () => {
  it("a publish is told, and what it carries leads to whose prices changed", async () => {
    const webhook = await makeWebhook();
    const live = await publishChange();
    const [message] = await receiver.wait(1);
    expect(message).toMatchObject({
      type: "snapshot.activated",
      data: { snapshot: { id: live.id, sequence: live.sequence } },
    });
    const { after, token } = message?.data ?? {};
    const query = new URLSearchParams({ after: after ?? "", atLeast: token ?? "" }).toString();
    const response = await planes.edge.fetch(`/v1/changes?${query}`, {
      headers: { Authorization: `Bearer ${planes.keys.storefront.key}` },
    });
    expect(await response.json()).toMatchObject({
      snapshot: { id: live.id },
      changes: [{ customer: "C1", skus: ["A"] }],
      more: false,
    });
    await expect.poll(async () => (await deliveriesOf(webhook))[0]?.state).toBe("delivered");
    expect(await deliveriesOf(webhook)).toMatchObject([
      { event: { id: message?.id, type: "snapshot.activated" }, attempts: 1, lastAttempt: { status: 204 } },
    ]);
  });

  it("a message that was refused comes again, under the same id", async () => {
    const webhook = await makeWebhook();
    receiver.answers = [500];
    await publishChange();
    const messages = await receiver.wait(2);
    expect(new Set(messages.map(({ id }) => id)).size).toBe(1);
    await expect
      .poll(async () => (await deliveriesOf(webhook))[0])
      .toMatchObject({
        state: "delivered",
        attempts: 2,
      });
  });

  it("one that is gone is disabled; enabled again, its dead letters can be replayed", async () => {
    const webhook = await makeWebhook();
    const path = `/v1/webhooks/${webhook.id}`;
    receiver.answers = [410];
    await publishChange();
    await receiver.wait(1);
    await expect
      .poll(async () => (await control<Webhook>("GET", path)).body)
      .toMatchObject({ enabled: false, disabledBecause: "gone" });
    expect(await control("POST", `${path}/replay`)).toMatchObject({
      status: 409,
      body: { code: "wrong_state" },
    });
    const letters = await control<{ deliveries: Delivery[] }>("GET", `${path}/dead-letters`);
    expect(letters.body.deliveries).toMatchObject([{ state: "dead", lastAttempt: { status: 410 } }]);

    expect((await control<Webhook>("PATCH", path, { enabled: true })).body).toMatchObject({
      enabled: true,
      disabledBecause: null,
    });
    const ids = letters.body.deliveries.map(({ id }) => id);
    const replayed = await control("POST", `${path}/replay`, { deliveries: ids });
    expect(replayed).toEqual({ status: 200, body: { replayed: 1 } });
    const messages = await receiver.wait(2);
    expect(new Set(messages.map(({ id }) => id)).size).toBe(1);
    await expect.poll(() => deliveriesOf(webhook, "?state=delivered")).toHaveLength(1);
  });

  it("a held snapshot is told to who wants to know, and a new secret signs at once", async () => {
    receiver.secrets = [];
    const webhook = await makeWebhook(["snapshot.held", "snapshot.held"]);
    expect(webhook.events).toEqual(["snapshot.held"]);
    const rotated = await control<Webhook>("POST", `/v1/webhooks/${webhook.id}/secret`);
    expect(rotated.body.secret).not.toBe(webhook.secret);
    expect(Date.parse(rotated.body.previousSecretUntil ?? "")).toBeGreaterThan(Date.now());
    receiver.secrets = [rotated.body.secret];
    await publishChange();
    const held = await control<{ id: string }>("POST", "/v1/snapshots", { hold: true, wait: true });
    const [message] = await receiver.wait(1);
    expect(message).toMatchObject({ type: "snapshot.held", data: { snapshot: { id: held.body.id } } });
  });

  it("its secret is shown when it is made or changed, and never again", async () => {
    const webhook = await makeWebhook();
    const path = `/v1/webhooks/${webhook.id}`;
    for (const shown of [
      await control("GET", "/v1/webhooks"),
      await control("GET", path),
      await control("PATCH", path, { description: "The shop" }),
      await control("GET", `${path}/deliveries`),
    ]) {
      expect(shown.status).toBe(200);
      expect(JSON.stringify(shown.body)).not.toContain("whsec_");
    }
    expect(planes.takeLogs().join("\n")).not.toContain("whsec_");
  });

  it("it leads nowhere inside, neither when it is made nor when it is changed", async () => {
    const webhook = await makeWebhook();
    for (const url of [
      "https://169.254.169.254/latest",
      "https://metadata.google.internal/",
      "http://10.0.0.1/",
    ]) {
      for (const [method, path] of [
        ["POST", "/v1/webhooks"],
        ["PATCH", `/v1/webhooks/${webhook.id}`],
      ] as const) {
        expect(await control(method, path, { url })).toMatchObject({
          status: 422,
          body: { code: "target_not_allowed", pointer: "/url" },
        });
      }
    }
  });

  it("there are twenty at most, and one that was deleted is unknown", async () => {
    const made: Webhook[] = [];
    for (let index = 0; index < 20; index++) made.push(await makeWebhook());
    expect(await control("POST", "/v1/webhooks", { url: receiver.url })).toMatchObject({
      status: 409,
      body: { code: "wrong_state" },
    });
    const path = `/v1/webhooks/${made[0]?.id}`;
    expect((await control("DELETE", path)).status).toBe(204);
    for (const [method, of] of [
      ["GET", ""],
      ["PATCH", ""],
      ["DELETE", ""],
      ["GET", "/deliveries"],
      ["GET", "/dead-letters"],
      ["POST", "/secret"],
      ["POST", "/replay"],
    ] as const) {
      const body = method === "PATCH" || of === "/replay" ? {} : undefined;
      expect([method, of, (await control(method, path + of, body)).status]).toEqual([method, of, 404]);
    }
  });
});
