import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import type { ControlEnv } from "../../control-plane/env.ts";
import { takeTasks, type CompileMessage } from "../../control-plane/publish/take-tasks.ts";
import type { PublisherObject } from "../../control-plane/publisher-object.ts";
import { contentHash } from "../../shared/snapshot/hash.ts";
import { segmentKey } from "../../shared/snapshot/keys.ts";
import { emptyCatalog, ErpFeed } from "../support/erp-feed.ts";
import { withPublisher, type PublisherMachine } from "../support/publisher-machine.ts";

/** What becomes of buckets that are handed out over a queue, whose messages come twice, late or never. */

const feed = new ErpFeed(env.CATALOG);
const bucketCount = 20;
const numbers = Array.from({ length: bucketCount }, (_, index) => index);

/** Each product is alone in its pricing class, and so in its bucket. */
const company = [
  ...numbers.map((number) => ({ type: "category", id: `c${number}` })),
  ...numbers.map((number) => ({
    type: "product",
    id: `P${number}`,
    name: "a product",
    unit: "EA",
    category: `c${number}`,
  })),
  ...numbers.map((number) => ({
    type: "rule",
    id: `r${number}`,
    rank: number,
    who: number % 2 === 0 ? { groups: ["g"] } : { channels: ["web"] },
    what: { categories: [`c${number}`] },
    effect: { percentOff: String(number + 1) },
  })),
  { type: "customerGroup", id: "g" },
  { type: "priceList", id: "L", currency: "EUR" },
  { type: "customer", id: "ONE", name: "One", groups: ["g"], lists: ["L"] },
  { type: "customer", id: "TWO", name: "Two", parent: "ONE" },
  { type: "customer", id: "FOUR", name: "Four", groups: ["g"] },
  { type: "customer", id: "THREE", name: "Three", status: "blocked" },
  {
    type: "rule",
    id: "own",
    rank: 99,
    who: { customers: ["ONE"] },
    what: { skus: ["P3"] },
    effect: { percentOff: "50" },
  },
  ...numbers.flatMap((number) => [
    price(`all${number}`, number),
    price(`list${number}`, number, { list: "L" }),
  ]),
  price("group", 8, { group: "g", amount: "3.00" }),
  price("group-who", 4, { amount: "7.00", who: { groups: ["g"] } }),
  price("own-price", 5, { customer: "ONE" }),
  price("who", 6, { who: { customers: ["TWO"], channels: ["web"] } }),
];

function price(id: string, number: number, more: object = {}): object {
  return { type: "price", id, sku: `P${number}`, currency: "EUR", amount: `${100 + number}.00`, ...more };
}

beforeEach(async () => {
  await emptyCatalog(env.CATALOG);
  await env.PUBLISHED.exec("DELETE FROM snapshots");
  await env.PUBLISHED.exec("DELETE FROM segments");
  const { counts } = await feed.push(company);
  expect(counts).toMatchObject({ invalid: 0, parked: 0 });
});

async function publish(machine: PublisherMachine): Promise<string> {
  const outcome = await machine.run((publisher) => publisher.publish({ note: undefined, hold: false }));
  if (outcome.kind === "crashed") throw new Error("Nothing was to go wrong");
  return outcome.value;
}

interface Made {
  readonly manifest: string;
  readonly status: string;
  readonly compiled: number;
}

async function made(snapshot: string): Promise<Made> {
  const row = await env.PUBLISHED.prepare("SELECT manifest, status, progress FROM snapshots WHERE id = ?")
    .bind(snapshot)
    .first<{ manifest: string; status: string; progress: string }>();
  const progress = JSON.parse(row?.progress ?? "null") as { buckets: { compiled: number } } | null;
  return {
    manifest: row?.manifest ?? "",
    status: row?.status ?? "",
    compiled: progress?.buckets.compiled ?? 0,
  };
}

/** Takes the messages as the Worker's queue handler does, and returns how many of them are to come again. */
async function take(
  machine: PublisherMachine,
  messages: readonly CompileMessage[],
  reports: (id: string) => boolean = () => true,
): Promise<number> {
  const stub = {
    taskFor: (...call: Parameters<PublisherObject["taskFor"]>) => asked((one) => one.taskFor(...call)),
    noteOutgoing: (hashes: readonly string[]) => asked(async (one) => one.noteOutgoing(hashes)),
    bucketCompiled: (...call: Parameters<PublisherObject["bucketCompiled"]>) => {
      if (!reports(call[1].id)) throw new Error("The report was lost");
      return asked((one) => one.bucketCompiled(...call));
    },
  };
  async function asked<Result>(work: (publisher: PublisherObject) => Promise<Result>): Promise<Result> {
    const outcome = await machine.run(work);
    if (outcome.kind === "crashed") throw new Error("The publisher died");
    return outcome.value;
  }
  const workerEnv = { ...env, PUBLISHER: { getByName: () => stub } } as unknown as ControlEnv;
  const batch = createMessageBatch<CompileMessage>(
    "pricewright-compile",
    messages.map((body, index) => ({ id: String(index), timestamp: new Date(), attempts: 1, body })),
  );
  await takeTasks(batch, workerEnv);
  const result = await getQueueResult(batch, createExecutionContext());
  expect(result.explicitAcks.length + result.retryMessages.length).toBe(messages.length);
  return result.retryMessages.length;
}

/** What a publisher makes that hears nothing from anybody else. */
async function madeAlone(): Promise<Made> {
  let found: Made | undefined;
  await withPublisher(`alone-${crypto.randomUUID()}`, async (machine) => {
    const snapshot = await publish(machine);
    await machine.runAlarms();
    found = await made(snapshot);
  });
  expect(found).toMatchObject({ status: "complete", compiled: bucketCount });
  return found as Made;
}

describe("buckets that are handed out: it promises that…", () => {
  it("each is named in one message, and others make of them what the publisher would", async () => {
    await withPublisher("handed-out", async (machine) => {
      const snapshot = await publish(machine);
      await machine.ring();
      expect(machine.queued).toHaveLength(bucketCount);
      expect(machine.queued.every((message) => Object.keys(message).join() === "snapshot,bucket")).toBe(true);
      const messages = machine.queued.splice(0);
      // Backwards, in two isolates at once, and each a second time.
      const reversed = messages.toReversed();
      await Promise.all([take(machine, reversed.slice(0, 12)), take(machine, reversed.slice(8))]);
      expect(await take(machine, messages)).toBe(0);
      await machine.runAlarms();
      expect(machine.queued).toEqual([]);
      const found = await made(snapshot);
      expect(found).toEqual(await madeAlone());
    });
  });

  it("those whose messages are lost are compiled by the publisher", async () => {
    await withPublisher("lost-messages", async (machine) => {
      const snapshot = await publish(machine);
      await machine.ring();
      await take(machine, machine.queued.splice(0).slice(0, 9));
      await machine.runAlarms();
      expect(await made(snapshot)).toEqual(await madeAlone());
    });
  });

  it("one whose result is lost comes again", async () => {
    await withPublisher("lost-results", async (machine) => {
      const snapshot = await publish(machine);
      await machine.ring();
      const messages = machine.queued.splice(0);
      expect(await take(machine, messages, (id) => id !== messages[7]?.bucket)).toBe(1);
      expect(await take(machine, messages.slice(7, 8))).toBe(0);
      await machine.runAlarms();
      expect(await made(snapshot)).toEqual(await madeAlone());
    });
  });

  it("a publisher that starts anew sends those that are left, and takes the results of old messages", async () => {
    await withPublisher("restarted", async (machine) => {
      const snapshot = await publish(machine);
      await machine.ring();
      const messages = machine.queued.splice(0);
      await take(machine, messages.slice(0, 3));
      machine.restart();
      // Nobody knows yet which are wanted.
      expect(await take(machine, messages.slice(3, 4))).toBe(0);
      await machine.ring();
      expect(machine.queued).toHaveLength(bucketCount - 3);
      await take(machine, messages.slice(4));
      await take(machine, machine.queued.splice(0));
      await machine.runAlarms();
      const { manifest, status } = await made(snapshot);
      expect({ manifest, status }).toMatchObject({
        manifest: (await madeAlone()).manifest,
        status: "complete",
      });
    });
  });

  it("a message for a snapshot that is done changes nothing", async () => {
    await withPublisher("late", async (machine) => {
      const first = await publish(machine);
      await machine.ring();
      const messages = machine.queued.splice(0);
      await machine.runAlarms();
      await feed.push([price("all1", 1, { amount: "1.00" })]);
      const second = await publish(machine);
      await machine.ring();
      expect(await take(machine, messages)).toBe(0);
      await machine.runAlarms();
      expect(await made(second)).toMatchObject({ status: "complete", compiled: 1 });
      expect((await made(second)).manifest).not.toBe((await made(first)).manifest);
    });
  });

  it("segments of an isolate that was too slow are copied to KV with the next snapshot", async () => {
    await withPublisher("slow", async (machine) => {
      const bytes = new TextEncoder().encode("written when its publish was over");
      const hash = contentHash(bytes);
      await machine.run(async (publisher) => publisher.noteOutgoing([hash]));
      await publish(machine);
      await machine.runAlarms();
      await env.PUBLISHED.prepare("INSERT INTO segments (hash, part, parts, bytes) VALUES (?, 0, 1, ?)")
        .bind(hash, bytes)
        .run();
      await publish(machine);
      await machine.runAlarms();
      expect(await env.SNAPSHOTS.get(segmentKey(hash))).toBe("written when its publish was over");
    });
  });
});
