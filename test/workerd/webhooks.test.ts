import { env } from "cloudflare:workers";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { webhooksName } from "../../control-plane/webhook-object.ts";
import { signatureHeaders } from "../../control-plane/webhooks/sign-message.ts";
import { tidyOutbox } from "../../control-plane/webhooks/outbox.ts";
import {
  changeSecret,
  changeWebhook,
  deleteWebhook,
  findWebhook,
  replayDeadLetters,
} from "../../control-plane/webhooks/webhook-log.ts";
import { deliveriesOf, WebhookWorld, type Answer } from "../support/webhook-world.ts";

const day = 86_400_000;
let world: WebhookWorld;

beforeEach(async () => {
  world = await WebhookWorld.make();
});

const statesOf = async (webhook: string) => (await deliveriesOf(webhook)).map(({ state }) => state);
const typesOf = (received: readonly { body: string }[]) =>
  received.map(({ body }) => (JSON.parse(body) as { type: string }).type);

/** The catalogue, whose batches do their work and yet seem to fail, this many times. */
function losing(times: number): D1Database {
  let left = times;
  return new Proxy(env.CATALOG, {
    get(target, name) {
      if (name !== "batch") {
        const value: unknown = Reflect.get(target, name);
        return typeof value === "function" ? value.bind(target) : value;
      }
      return async (statements: D1PreparedStatement[]) => {
        const result = await target.batch(statements);
        if (left-- > 0) throw new Error("The answer was lost");
        return result;
      };
    },
  });
}

/** The same, whose batches fail before they do anything. */
function failing(times: number): D1Database {
  let left = times;
  return new Proxy(env.CATALOG, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (name === "batch" && left-- > 0) return () => Promise.reject(new Error("The store is away"));
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

describe("the outbox: it promises that…", () => {
  it("every move of the head is told once to each webhook, however often and over whatever failure it is looked for", async () => {
    await world.webhook("a");
    await world.webhook("b");
    const live: string[] = [];
    for (const catalog of [env.CATALOG, losing(1), failing(1), losing(1), env.CATALOG]) {
      for (let move = 0; move < 3; move++) live.push(await world.activate());
      world.catalog = catalog;
      await world.note().catch(() => undefined);
    }
    world.catalog = env.CATALOG;
    await world.settle();
    for (const name of ["a", "b"]) {
      const bodies = world.receivedBy(name).map(({ body }) => JSON.parse(body) as Message);
      expect(bodies.map(({ data }) => data.snapshot.id)).toEqual(live);
      expect(bodies.map(({ type }) => type)).toEqual(live.map(() => "snapshot.activated"));
      expect(bodies.map(({ data }) => data.after === null)).toEqual(live.map((_id, index) => index === 0));
    }
    expect(new Set(world.received.map(({ id }) => id)).size).toBe(live.length);
  });

  it("more moves than a page holds are all told", async () => {
    await world.webhook("a");
    for (let move = 0; move < 230; move++) await world.activate();
    await world.settle();
    expect(world.receivedBy("a")).toHaveLength(230);
  }, 120_000);

  it("what fails or is held is told once, also when an earlier snapshot takes longer", async () => {
    await world.webhook("a");
    await world.webhook("failures", () => 200, ["publish.failed"]);
    const slow = await world.begun();
    await world.end(await world.begun(), "failed");
    await world.settle();
    await world.end(await world.begun(), "held");
    await world.settle();
    await world.settle();
    await world.end(slow, "failed");
    await world.settle();
    await world.settle();
    expect(typesOf(world.receivedBy("a"))).toEqual(["publish.failed", "snapshot.held", "publish.failed"]);
    expect(typesOf(world.receivedBy("failures"))).toEqual(["publish.failed", "publish.failed"]);
  });

  it("what happened before there was a webhook is not told to it", async () => {
    await world.activate();
    world.now += 1000;
    await world.webhook("late");
    await world.settle();
    expect(world.received).toEqual([]);
  });

  it("what came to an end days ago is no news to the first webhook", async () => {
    await world.end(await world.begun(), "failed");
    await world.end(await world.begun(), "held");
    world.now += 2 * day;
    await world.webhook("first");
    await world.end(await world.begun(), "failed");
    await world.settle();
    expect(typesOf(world.receivedBy("first"))).toEqual(["publish.failed"]);
  });

  it("what is a month old is forgotten, but for what still waits", async () => {
    await world.webhook("a");
    await world.webhook("silent", () => "unreachable");
    await world.activate();
    await world.note();
    await world.deliver();
    await tidyOutbox(env.CATALOG, world.now + 29 * day);
    expect(await statesOf("a")).toEqual(["delivered"]);
    await tidyOutbox(env.CATALOG, world.now + 31 * day);
    expect(await statesOf("a")).toEqual([]);
    expect(await statesOf("silent")).toEqual(["pending"]);
    await deleteWebhook(env.CATALOG, "silent");
    await tidyOutbox(env.CATALOG, world.now + 31 * day);
    const kept = await env.CATALOG.prepare("SELECT count(*) AS count FROM webhook_events").first("count");
    expect(kept).toBe(0);
  });
});

interface Message {
  readonly type: string;
  readonly data: { readonly snapshot: { readonly id: string }; readonly after?: string | null };
}

describe("delivery: it promises that…", () => {
  it.each([0, 1, 2, 9])(
    "a receiver that fails %i times gets the message then, always as the same",
    async (failures) => {
      await world.webhook("a", (nth) => (nth <= failures ? 503 : 204));
      await world.activate();
      await world.settle();
      const received = world.receivedBy("a");
      expect(received).toHaveLength(failures + 1);
      expect(new Set(received.map(({ id, body }) => `${id} ${body}`)).size).toBe(1);
      expect(received.map(({ timestamp }) => timestamp)).toEqual(
        received.map(({ at }) => Math.floor(at / 1000)),
      );
      expect(await deliveriesOf("a")).toMatchObject([
        { state: "delivered", attempts: failures + 1, status: 204, failure: null },
      ]);
    },
  );

  it("after ten attempts in about three days a message is a dead letter, which is sent again when it is replayed", async () => {
    let isUp = false;
    await world.webhook("a", () => (isUp ? 200 : 500));
    await world.activate();
    const began = world.now;
    await world.settle();
    expect(world.receivedBy("a")).toHaveLength(10);
    expect((world.now - began) / day).toBeGreaterThan(2.5);
    expect((world.now - began) / day).toBeLessThan(4);
    expect(await deliveriesOf("a")).toMatchObject([{ state: "dead", attempts: 10, status: 500 }]);
    const [{ number } = { number: 0 }] = await deliveriesOf("a");

    expect(await replayDeadLetters(env.CATALOG, "a", { numbers: [number + 1], now: world.now })).toBe(0);
    expect(await replayDeadLetters(env.CATALOG, "b", { numbers: undefined, now: world.now })).toBe(0);
    isUp = true;
    expect(await replayDeadLetters(env.CATALOG, "a", { numbers: [number], now: world.now })).toBe(1);
    await world.settle();
    expect(await deliveriesOf("a")).toMatchObject([{ state: "delivered", attempts: 1, status: 200 }]);
    expect(new Set(world.receivedBy("a").map(({ id }) => id)).size).toBe(1);
    expect(await replayDeadLetters(env.CATALOG, "a", { numbers: undefined, now: world.now })).toBe(0);
  });

  it("who dies between sending and noting it sends it again, under the same id", async () => {
    await world.webhook("a");
    await world.activate();
    await world.note();
    world.catalog = failing(1);
    await expect(world.deliver()).rejects.toThrow("away");
    world.catalog = env.CATALOG;
    await world.settle();
    expect(world.receivedBy("a")).toHaveLength(2);
    expect(new Set(world.receivedBy("a").map(({ id }) => id)).size).toBe(1);
    expect(await statesOf("a")).toEqual(["delivered"]);
  });

  it("whatever receivers answer, every message ends delivered or dead, in no more than ten attempts, as one id", async () => {
    const answer = fc.constantFrom<Answer>(200, 204, 301, 404, 500, 503, "unreachable");
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(answer, { maxLength: 12 }), { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 4 }),
        async (receivers, moves) => {
          world = await WebhookWorld.make();
          for (const [index, answers] of receivers.entries()) {
            await world.webhook(`r${index}`, (nth) => answers[nth - 1] ?? 200);
          }
          for (let move = 0; move < moves; move++) await world.activate();
          await world.settle();
          for (const index of receivers.keys()) {
            const deliveries = await deliveriesOf(`r${index}`);
            expect(deliveries).toHaveLength(moves);
            for (const { event, state, attempts } of deliveries) {
              const own = world.receivedBy(`r${index}`).filter(({ id }) => id === event);
              expect(own).toHaveLength(attempts);
              expect(attempts).toBeLessThanOrEqual(10);
              expect(["delivered", "dead"]).toContain(state);
              expect(new Set(own.map(({ body }) => body)).size).toBe(1);
              if (state === "dead") expect(attempts).toBe(10);
            }
          }
        },
      ),
      { numRuns: 15 },
    );
  }, 120_000);

  it("one that is down holds up no other, and is not pressed", async () => {
    await world.webhook("down", () => "unreachable");
    await world.webhook("up");
    for (let move = 0; move < 50; move++) await world.activate();
    await world.note();
    await world.deliver();
    expect(world.receivedBy("up")).toHaveLength(50);
    expect(world.receivedBy("down")).toHaveLength(1);
    for (let second = 0; second < 120; second++) {
      world.now += 1000;
      await world.deliver();
    }
    expect(world.receivedBy("down").length).toBeLessThan(10);
  });

  it("one that keeps us waiting holds up no other, nor what happens meanwhile", async () => {
    await world.webhook("silent", () => "silent");
    await world.webhook("up");
    await world.activate();
    const delivered = world.deliver();
    await expect.poll(() => world.receivedBy("up").length).toBe(1);
    world.now += 5_000;
    await world.activate();
    await expect.poll(() => world.receivedBy("up").length, { timeout: 5_000 }).toBe(2);
    expect(world.receivedBy("silent")).toHaveLength(1);
    world.silence.resolve(new Response(null, { status: 204 }));
    await delivered;
    expect(await statesOf("up")).toEqual(["delivered", "delivered"]);
    expect((await statesOf("silent"))[0]).toBe("delivered");
  });

  it("one that is gone, or never succeeds for five days, is disabled, and its messages are dead letters", async () => {
    await world.webhook("gone", () => 410);
    await world.activate();
    await world.activate();
    await world.settle();
    expect(world.receivedBy("gone")).toHaveLength(1);
    expect((await findWebhook(env.CATALOG, "gone"))?.disabled).toBe("gone");
    expect(await statesOf("gone")).toEqual(["dead", "dead"]);

    await world.webhook("failing", () => 500);
    await world.activate();
    await world.settle();
    expect((await findWebhook(env.CATALOG, "failing"))?.disabled).toBeNull();
    world.now += 2 * day;
    await world.activate();
    await world.settle();
    expect((await findWebhook(env.CATALOG, "failing"))?.disabled).toBe("failing");
    expect(await statesOf("failing")).toEqual(["dead", "dead"]);
    await world.activate();
    await world.settle();
    expect(await statesOf("failing")).toEqual(["dead", "dead"]);

    world.answers.set("https://failing.acme.com/", () => 200);
    await changeWebhook(env.CATALOG, "failing", { enabled: true });
    await replayDeadLetters(env.CATALOG, "failing", { numbers: undefined, now: world.now });
    await world.activate();
    await world.settle();
    expect(await statesOf("failing")).toEqual(["delivered", "delivered", "delivered"]);
    expect((await findWebhook(env.CATALOG, "failing"))?.failingSince).toBeNull();
  });

  it("a success in between starts the five days anew", async () => {
    let isUp = false;
    await world.webhook("a", () => (isUp ? 200 : 500));
    for (let turn = 0; turn < 4; turn++) {
      isUp = turn % 2 === 1;
      await world.activate();
      await world.settle();
      world.now += 2 * day;
    }
    expect((await findWebhook(env.CATALOG, "a"))?.disabled).toBeNull();
  });

  it("for as long as was said a message is signed with both secrets, and then with the new one alone", async () => {
    const { secret: old } = await world.webhook("a");
    const secret = "whsec_bmV3IG5ldyBuZXcgbmV3IG5ldyBuZXcgbmV3IG5ldw==";
    await changeSecret(env.CATALOG, "a", { secret, previousUntil: world.now + day });
    for (const secrets of [[secret, old], [secret]]) {
      await world.activate();
      await world.settle();
      const { id, timestamp, body, signatures } = world.receivedBy("a").at(-1) ?? { signatures: [] };
      const headers = signatureHeaders(
        { id: id ?? "", timestamp: timestamp ?? 0, body: body ?? "" },
        secrets,
      );
      expect(signatures.join(" ")).toBe(headers["webhook-signature"]);
      world.now += day;
      await tidyOutbox(env.CATALOG, world.now);
    }
    expect(await findWebhook(env.CATALOG, "a")).toMatchObject({ secret, previousSecret: null });
  });
});

describe("the webhooks' own object: it promises that…", () => {
  it("when nobody told it, the clock has it find what happened; and a target is checked again before it is sent to", async () => {
    await world.webhook("a");
    await env.CATALOG.prepare("UPDATE webhooks SET url = 'http://127.0.0.1:9/'").run();
    world.now = Date.now();
    await world.end(await world.begun(), "held");
    await env.WEBHOOKS.getByName(webhooksName).tidy();
    await expect
      .poll(() => deliveriesOf("a"))
      .toMatchObject([
        { state: "pending", attempts: 1, status: null, failure: "The target is not allowed: not_https" },
      ]);
    await deleteWebhook(env.CATALOG, "a");
  });
});
