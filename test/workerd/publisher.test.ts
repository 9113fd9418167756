import fc from "fast-check";
import { abortAllDurableObjects, evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { headName } from "../../control-plane/head-object.ts";
import { publisherName } from "../../control-plane/publisher-object.ts";
import type { Head } from "../../shared/snapshot/head.ts";
import { headKey } from "../../shared/snapshot/keys.ts";
import type { Manifest } from "../../shared/snapshot/manifest.ts";
import type { SegmentReader } from "../../shared/snapshot/placed.ts";
import { priceLines } from "../../shared/snapshot/price-lines.ts";
import { d1Store } from "../../workers/snapshots/d1-store.ts";
import { kvStore } from "../../workers/snapshots/kv-store.ts";
import { IsolateMemory } from "../../workers/snapshots/live-snapshot.ts";
import { SegmentCache } from "../../workers/snapshots/segment-cache.ts";
import { EventualKv } from "../simulation/eventual-kv.ts";
import { SeededRandom } from "../simulation/seeded-random.ts";
import { emptyCatalog, ErpFeed } from "../support/erp-feed.ts";
import { companyArbitrary } from "../support/generate-company.ts";
import { withPublisher, type Fate, type PublisherMachine } from "../support/publisher-machine.ts";

/** What the publisher promises when it dies, or a store fails, at any of its calls. */

const feed = new ErpFeed(env.CATALOG);
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
  { type: "rule", id: "half", rank: 1, what: { categories: ["right"] }, effect: { percentOff: "50" } },
  { type: "product", id: "A", name: "A", unit: "EA", category: "left" },
  { type: "product", id: "B", name: "B", unit: "EA", category: "right" },
  { type: "customer", id: "C1", name: "C1" },
  { type: "customer", id: "C2", name: "C2" },
];

/** Prices that all change together: two buckets, and a customer's own. */
const pricesOf = (version: number) => [
  price("a", "A", `${1000 + version}.00`),
  price("b", "B", `${4000 - 2 * version}.00`),
  price("own", "A", `${500 + version}.00`, { customer: "C2", allowDiscount: false }),
];
const answersOf = (version: number) =>
  [1000 + version, 2000 - version, 500 + version, 2000 - version].map((amount) => `${amount}.00`);

let version = 0;
async function change(): Promise<number> {
  await feed.push(pricesOf(++version));
  return version;
}

beforeEach(async () => {
  await emptyCatalog(env.CATALOG);
  await env.PUBLISHED.exec("DELETE FROM snapshots");
  await feed.push(company);
});

/** What an edge with nothing in memory answers from the head, reading only one of the stores. */
async function answersFrom(store: "kv" | "d1", head: Head): Promise<(string | undefined)[]> {
  const stores = { kv: kvStore(env.SNAPSHOTS), d1: d1Store(env.PUBLISHED) };
  const reader = new SegmentCache(10_000_000).reader(stores[store]);
  return answersOfSnapshot(await reader.manifest(head.manifest), reader);
}

async function answersOfSnapshot(manifest: Manifest, reader: SegmentReader): Promise<(string | undefined)[]> {
  const amounts: (string | undefined)[] = [];
  for (const customer of ["C1", "C2"]) {
    const lines = ["A", "B"].map((sku) => ({ sku, quantity: "1" }));
    const answer = await priceLines({ customer, at: 0, currency: "EUR", lines }, manifest, reader);
    if (answer.kind !== "answered") throw new Error(`${customer}: ${answer.kind}`);
    amounts.push(...answer.lines.map((line) => ("unitPrice" in line ? line.unitPrice : line.unavailable)));
  }
  return amounts;
}

type HasHead = Pick<PublisherMachine, "head">;

async function liveHead({ head }: HasHead): Promise<Head> {
  const live = await head.current();
  if (live === undefined) throw new Error("Nothing is live");
  return live;
}

/** Expects that the live snapshot is whole in both stores, and has these versions' prices, or those. */
async function expectWhole(machine: HasHead, versions: readonly number[]): Promise<Head> {
  const head = await liveHead(machine);
  const answers = await answersFrom("d1", head);
  expect(versions.map(answersOf)).toContainEqual(answers);
  expect(await answersFrom("kv", head)).toEqual(answers);
  return head;
}

/** Publishes what there is, with nothing going wrong. */
async function publishOnce(machine: PublisherMachine, hold = false): Promise<string> {
  machine.setFates();
  const outcome = await machine.run((publisher) => publisher.publish({ note: undefined, hold }));
  await machine.runAlarms();
  if (outcome.kind === "crashed") throw new Error("Nothing was to go wrong");
  return outcome.value;
}

/** What the clock does every few minutes, and the alarms that follow from it. */
async function recover(machine: PublisherMachine): Promise<void> {
  machine.setFates();
  await machine.runAlarms();
  await machine.run((publisher) => publisher.catchUp());
  await machine.runAlarms();
}

async function snapshotRow(id: string): Promise<Record<string, unknown>> {
  const row = await env.PUBLISHED.prepare("SELECT * FROM snapshots WHERE id = ?").bind(id).first();
  return row ?? {};
}

const snapshotsOf = async (sequence: number) =>
  (
    await env.PUBLISHED.prepare("SELECT id, status FROM snapshots WHERE sequence = ?")
      .bind(sequence)
      .all<{ id: string; status: string }>()
  ).results;

/** All heads there ever were, as their object keeps them. */
function headsOf({ head }: HasHead): Promise<{ number: number; snapshot: string }[]> {
  return runInDurableObject(head, (_object, state) =>
    state.storage.sql
      .exec<{ number: number; snapshot: string }>("SELECT number, snapshot FROM heads ORDER BY number")
      .toArray(),
  );
}

async function expectHeadsInOrder(machine: HasHead): Promise<void> {
  const heads = await headsOf(machine);
  expect(heads.map(({ number }) => number)).toEqual(heads.map((_head, index) => index + 1));
  expect(new Set(heads.map(({ snapshot }) => snapshot)).size).toBe(heads.length);
  expect(await env.SNAPSHOTS.get(headKey, "json")).toEqual(await liveHead(machine));
}

/**
 * Publishes a change again and again, each time with this fate at the next one of the calls, until a publish has
 * fewer calls.
 */
async function atEachCall(
  machine: PublisherMachine,
  fate: Fate,
  check: (before: number, after: number, began: "done" | "failed" | "crashed") => Promise<void>,
): Promise<number> {
  for (let at = 1; ; at++) {
    const before = version;
    const after = await change();
    machine.setFates((_call, number) => (number === at ? fate : "works"));
    const began = await machine
      .run((publisher) => publisher.publish({ note: undefined, hold: false }))
      .catch((error: Error) => ({ kind: "failed", error }) as const);
    if (began.kind !== "crashed") await machine.runAlarms();
    const count = machine.calls.length;
    await check(before, after, began.kind);
    if (count < at) return at - 1;
  }
}

describe("the publisher: it promises that…", () => {
  it.each(["dies", "diesAfter"] as const)(
    "whenever it %s, the old snapshot is whole until the new one is",
    async (fate) => {
      await withPublisher(`crash-${fate}`, async (machine) => {
        await change();
        await publishOnce(machine);
        const calls = await atEachCall(machine, fate, async (before, after) => {
          await expectWhole(machine, [before, after]);
          await recover(machine);
          const { sequence } = await expectWhole(machine, [after]);
          const made = await snapshotsOf(sequence);
          expect(made.map(({ status }) => status)).toEqual(["complete"]);
        });
        expect(calls).toBeGreaterThan(20);
        await expectHeadsInOrder(machine);
      });
    },
  );

  it.each(["fails", "lost"] as const)(
    "a call that %s once delays a publish, and nothing else",
    async (fate) => {
      await withPublisher(`fault-${fate}`, async (machine) => {
        await change();
        await publishOnce(machine);
        const calls = await atEachCall(machine, fate, async (before, after, began) => {
          // One that was queued gets through by itself; else who asked was told, and may ask again.
          await expectWhole(machine, began === "done" ? [after] : [before, after]);
          await recover(machine);
          await expectWhole(machine, [after]);
        });
        expect(calls).toBeGreaterThan(20);
        await expectHeadsInOrder(machine);
      });
    },
  );

  it("what a store that is down for long held up is published when it is back", async () => {
    await withPublisher("outages", async (machine) => {
      await change();
      await publishOnce(machine);
      const outages: Record<string, (call: string) => boolean> = {
        KV: (call) => call.startsWith("kv."),
        published: (call) => call.startsWith("published."),
        catalog: (call) => call.startsWith("catalog."),
        "the head": (call) => call.startsWith("head."),
        "KV once the head has moved": (call) => call === "kv.put" && machine.calls.includes("head.move"),
        "published once the head has moved": (call) =>
          call.startsWith("published.") && machine.calls.includes("head.move"),
      };
      for (const [down, isHit] of Object.entries(outages)) {
        const before = version;
        const after = await change();
        machine.setFates((call, number) => (number > 2 && isHit(call) ? "fails" : "works"));
        await machine
          .run((publisher) => publisher.publish({ note: undefined, hold: false }))
          .catch(() => undefined);
        await machine.runAlarms();
        await expectWhole(machine, [before, after]);
        await recover(machine);
        const { sequence } = await expectWhole(machine, [after]);
        const statuses = (await snapshotsOf(sequence)).map(({ status }) => status);
        expect([down, statuses.includes("compiling")]).toEqual([down, false]);
        expect([down, await env.SNAPSHOTS.get(headKey, "json")]).toEqual([down, await liveHead(machine)]);
      }
      await expectHeadsInOrder(machine);
    });
  });

  it("a publish that never got its segments written does not stand in the way of later ones", async () => {
    await withPublisher("given-up", async (machine) => {
      await change();
      await publishOnce(machine);
      await change();
      machine.setFates((call) => (call === "published.batch" ? "fails" : "works"));
      await machine.run((publisher) => publisher.publish({ note: undefined, hold: false }));
      await machine.runAlarms();
      const later = await change();
      await recover(machine);
      await expectWhole(machine, [later]);
    });
  });

  it("a publish that was asked for is made, even if its queueing was interrupted and nothing else publishes", async () => {
    await withPublisher("interrupted", async (machine) => {
      await change();
      await publishOnce(machine);
      await machine.run((publisher) => publisher.setAutoPublish(false));
      const after = await change();
      machine.setFates((call) => (call === "alarm.set" ? "dies" : "works"));
      await machine.run((publisher) => publisher.publish({ note: undefined, hold: false }));
      await recover(machine);
      await expectWhole(machine, [after]);
    });
  });

  it("an activation that dies at any call has happened or not, and can be repeated", async () => {
    await withPublisher("activations", async (machine) => {
      const old = await change();
      const oldId = await publishOnce(machine);
      const current = await change();
      const currentId = await publishOnce(machine);
      for (const fate of ["dies", "diesAfter", "fails", "lost"] as const) {
        for (let at = 1; at < 12; at++) {
          machine.setFates((_call, number) => (number === at ? fate : "works"));
          await machine.run((publisher) => publisher.activate(oldId)).catch(() => undefined);
          await expectWhole(machine, [old, current]);
          machine.setFates();
          await machine.run((publisher) => publisher.activate(oldId));
          const { number } = await expectWhole(machine, [old]);
          await machine.run((publisher) => publisher.activate(oldId));
          expect((await expectWhole(machine, [old])).number).toBe(number);
          await machine.run((publisher) => publisher.activate(currentId));
          expect((await expectWhole(machine, [current])).number).toBe(number + 1);
        }
      }
      const heads = await headsOf(machine);
      expect(heads.map(({ number }) => number)).toEqual(heads.map((_head, index) => index + 1));
      expect(heads.some(({ snapshot }, index) => snapshot === heads[index - 1]?.snapshot)).toBe(false);
    });
  });

  it("an activation whose copy KV refuses has happened, and the copy follows", async () => {
    await withPublisher("refused-activation", async (machine) => {
      const old = await change();
      const oldId = await publishOnce(machine);
      await change();
      await publishOnce(machine);
      let refusals = 0;
      machine.setFates((call) => (call === "kv.put" && ++refusals <= 3 ? "fails" : "works"));
      const outcome = await machine.run((publisher) => publisher.activate(oldId));
      expect(outcome).toMatchObject({ value: { kind: "activated", head: { snapshot: oldId } } });
      expect((await env.SNAPSHOTS.get<Head>(headKey, "json"))?.snapshot).not.toBe(oldId);
      machine.restart();
      await machine.runAlarms();
      expect((await env.SNAPSHOTS.get<Head>(headKey, "json"))?.snapshot).toBe(oldId);
      await expectWhole(machine, [old]);
    });
  });

  it("a publish whose last step is tried again leaves live what somebody went back to meanwhile", async () => {
    await withPublisher("gone-back", async (machine) => {
      const old = await change();
      const oldId = await publishOnce(machine);
      const after = await change();
      machine.setFates((call) => (call === "head.move" ? "diesAfter" : "works"));
      await machine.run((publisher) => publisher.publish({ note: undefined, hold: false }));
      await machine.runAlarms();
      await expectWhole(machine, [after]);
      machine.setFates();
      await machine.run((publisher) => publisher.activate(oldId));
      await recover(machine);
      const { sequence, through } = await expectWhole(machine, [old]);
      expect((await snapshotsOf(through)).map(({ status }) => status)).toEqual(["complete"]);
      expect(sequence).toBeLessThan(through);
    });
  });

  it("a copy that KV refuses once does not make the next publish read the catalogue again", async () => {
    await withPublisher("refused-copy", async (machine) => {
      await change();
      await publishOnce(machine);
      const readsOf = () => machine.calls.filter((call) => call.startsWith("catalog.")).length;
      await change();
      await publishOnce(machine);
      const usual = readsOf();
      await change();
      machine.setFates((call, number) =>
        call === "kv.put" &&
        machine.calls[number - 2] === "published.all" &&
        machine.calls.includes("head.move")
          ? "fails"
          : "works",
      );
      await machine.run((publisher) => publisher.publish({ note: undefined, hold: false }));
      while (!machine.calls.includes("head.move")) await machine.ring();
      const after = await change();
      await publishOnce(machine);
      await expectWhole(machine, [after]);
      expect(readsOf()).toBeLessThanOrEqual(usual);
    });
  });

  it("publishing the same records again writes nothing and compiles nothing", async () => {
    await withPublisher("again", async (machine) => {
      await change();
      const first = await snapshotRow(await publishOnce(machine));
      const second = await snapshotRow(await publishOnce(machine));
      expect(second["manifest"]).toBe(first["manifest"]);
      expect(JSON.parse(String(second["progress"]))).toMatchObject({
        buckets: { compiled: 0, reused: 2 },
        segments: { written: 0 },
        bytesWritten: 0,
      });
    });
  });
});

describe("the platform's own objects and alarms: it promises that…", () => {
  // By a real object: the alarm rings by itself, and rings again after the object was torn down over it.
  it("a publisher that is torn down again and again, after any time, gets its publish done", async () => {
    const here = {
      get head() {
        return env.HEAD.getByName(headName);
      },
    };
    const publisher = () => env.PUBLISHER.getByName(publisherName);
    let before = await change();
    await publisher().publish({ note: undefined, hold: false });
    await expect.poll(() => here.head.current(), { timeout: 10_000 }).toMatchObject({ sequence: 2 });
    for (const milliseconds of [0, 4, 12, 24, 48]) {
      const after = await change();
      await publisher().publish({ note: undefined, hold: false });
      await scheduler.wait(milliseconds);
      await abortAllDurableObjects();
      const { sequence } = await expectWhole(here, [before, after]);
      await expect
        .poll(async () => answersFrom("kv", await liveHead(here)), { timeout: 20_000 })
        .toEqual(answersOf(after));
      expect((await expectWhole(here, [after])).sequence - sequence).toBeLessThanOrEqual(1);
      before = after;
    }
    await expect.poll(() => env.SNAPSHOTS.get(headKey, "json")).toEqual(await liveHead(here));
    await expectHeadsInOrder(here);
  });
});

describe("edges whose KV is a minute behind: it promises that…", () => {
  it("each answers from one snapshot, and with a token from none that is older", async () => {
    let now = Date.parse("2026-11-23T10:00:00Z");
    const kv = new EventualKv(new SeededRandom(7), () => (now += 200));
    await withPublisher(
      "behind",
      async (machine) => {
        const edges = ["north", "south", "west"].map((place) => ({
          memory: new IsolateMemory(),
          env: {
            PUBLISHED: env.PUBLISHED,
            SNAPSHOTS: kv.at(place),
            HEAD: { getByName: () => machine.head },
            SIGNING_SECRET: env.SIGNING_SECRET,
            HEAD_AGE_MAX_SECONDS: "300",
          },
        }));
        const known: (string | undefined)[][] = [];
        let behind = 0;
        for (let round = 0; round < 8; round++) {
          now += 10_000;
          const latest = await change();
          known.push(answersOf(latest));
          await publishOnce(machine);
          const wanted = await liveHead(machine);
          for (const edge of edges) {
            const { manifest, reader } = await edge.memory.open(edge.env, now, undefined);
            const answers = await answersOfSnapshot(manifest, reader);
            expect(known).toContainEqual(answers);
            if (answers.join() !== answersOf(latest).join()) behind++;
            const told = await edge.memory.open(edge.env, now, wanted);
            expect(await answersOfSnapshot(told.manifest, told.reader)).toEqual(answersOf(latest));
          }
        }
        // Else KV was never behind, and nothing was shown.
        expect(behind).toBeGreaterThan(0);
      },
      { SNAPSHOTS: kv.at("control") },
    );
  });

  it("the head outlives every instance of its object", async () => {
    await withPublisher("evicted", async (machine) => {
      await change();
      await publishOnce(machine);
    });
    const head = env.HEAD.getByName("evicted");
    const before = await head.current();
    await evictDurableObject(head);
    expect(await head.current()).toEqual(before);
    expect(before).toMatchObject({ number: 1 });
  });
});

const changes: readonly (readonly object[])[] = [
  [price("a", "A", "11.00")],
  [price("list", "A", "9.00", { list: "L" }), { type: "priceList", id: "L", currency: "EUR" }],
  [{ type: "customer", id: "C1", name: "C1", lists: ["L"] }],
  [{ type: "product", id: "D", name: "D", unit: "EA" }, price("d", "D", "1.00", { customer: "C1" })],
  [price("own", "D", "2.00", { customer: "C2" }), price("d", "D", "1.50", { customer: "C1" })],
  [{ type: "product", id: "D", name: "D", unit: "EA", category: "right" }],
  [
    {
      type: "rule",
      id: "r2",
      rank: 0,
      who: { customers: ["C2"] },
      what: { skus: ["A"] },
      effect: { percentOff: "5" },
    },
  ],
  [{ type: "rule", id: "r3", rank: 0, what: { skus: ["B"] }, effect: { percentOff: "3" } }],
  [{ type: "rule", id: "r3", rank: 0, what: { skus: ["D"] }, effect: { percentOff: "3" } }],
  [{ type: "price", id: "list", op: "delete" }],
  [{ type: "price", id: "d", op: "delete" }],
  [{ type: "product", id: "B", name: "B", unit: "EA", category: "right", status: "discontinued" }],
  [{ type: "customer", id: "C2", name: "C2", status: "blocked" }],
  [{ type: "customer", id: "C2", name: "C2" }, price("dollars", "A", "12.00", { currency: "USD" })],
  [{ type: "policy", id: "default", rounding: { line: { mode: "half-even" } } }],
  [{ type: "rule", id: "half", op: "delete" }],
  [{ type: "product", id: "A", op: "delete" }],
  [{ type: "customer", id: "C1", op: "delete" }],
];

describe("the publisher's snapshots: it promises that…", () => {
  it("each is, byte for byte, what a publisher without a past makes of the same records", async () => {
    await withPublisher("incremental", async (machine) => {
      await change();
      await publishOnce(machine);
      for (const [index, records] of changes.entries()) {
        await feed.push(records);
        const { manifest } = await snapshotRow(await publishOnce(machine));
        await withPublisher(`fresh-${index}`, async (fresh) => {
          const { manifest: freshManifest } = await snapshotRow(await publishOnce(fresh));
          expect([index, manifest]).toEqual([index, freshManifest]);
        });
      }
    });
  });

  it("so are those of a random company that changes at random", async () => {
    const seed = Number(env.RANDOM_SEED || Math.floor(Math.random() * 2 ** 31));
    const histories = fc.sample(historyArbitrary, { numRuns: Number(env.RANDOM_RUNS || 12), seed });
    for (const [number, [company, ...changes]] of histories.entries()) {
      await emptyCatalog(env.CATALOG);
      await withPublisher(`random-${number}`, async (machine) => {
        const pushed: unknown[] = [];
        for (const records of [company, ...changes]) {
          pushed.push(records);
          await feed.push(records ?? []);
          const { manifest } = await snapshotRow(await publishOnce(machine));
          await withPublisher(`random-${number}-${pushed.length}`, async (fresh) => {
            const { manifest: freshManifest } = await snapshotRow(await publishOnce(fresh));
            const found = { seed, number, changes: pushed.slice(1), manifest };
            expect(found).toEqual({ ...found, manifest: freshManifest });
          });
        }
      });
    }
  });

  it("a change compiles only the buckets that it reaches", async () => {
    await feed.push(pricesOf(1));
    await withPublisher("reach", async (machine) => {
      await publishOnce(machine);
      const compiled: [string, number][] = [];
      for (const [name, records] of reaching) {
        await feed.push(records);
        const row = await snapshotRow(await publishOnce(machine));
        compiled.push([name, JSON.parse(String(row["progress"])).buckets.compiled]);
      }
      expect(compiled).toEqual([
        ["a price", 1],
        ["a customer's own price", 1],
        ["a name", 0],
        ["a customer without prices of its own", 0],
        ["a parent of one with them", 1],
        ["a rule about a category", 1],
        ["the order of rules there", 1],
        ["a rule about everything", 2],
        ["a list that nobody has", 2],
        ["a rate", 2],
        ["nothing", 0],
      ]);
    });
  });

  it("what only quotes read moves the live sequence, and nothing is written for it but the manifest", async () => {
    await feed.push(pricesOf(1));
    await withPublisher("quoting", async (machine) => {
      await publishOnce(machine);
      for (const records of forQuotes) {
        const { sequence } = await feed.push(records);
        const row = await snapshotRow(await publishOnce(machine));
        const { buckets, segments } = JSON.parse(String(row["progress"]));
        expect([records, buckets.compiled, segments.written]).toEqual([records, 0, 1]);
        expect(await liveHead(machine)).toMatchObject({ sequence, manifest: row["manifest"] });
      }
    });
  });
});

/** Of C2, which has a price of its own, another team and other terms, and nothing that changes a price. */
const forQuotes: readonly (readonly object[])[] = [
  [{ type: "person", id: "P", name: "Sales manager", roles: ["sales-manager"] }],
  [{ type: "approvalPolicy", id: "all", when: {}, tier: 1, needs: [{ of: [{ person: "P" }] }] }],
  [{ type: "company", id: "default", name: "Company", referenceCurrency: "EUR" }],
  [{ type: "customer", id: "C2", name: "C2", team: [{ person: "P", role: "manager" }] }],
  [{ type: "customer", id: "C2", name: "C2", paymentTerms: "Net 60" }],
];

const reaching: readonly (readonly [string, readonly object[]])[] = [
  ["a price", [price("a", "A", "77.00")]],
  ["a customer's own price", [price("own", "A", "66.00", { customer: "C2", allowDiscount: false })]],
  ["a name", [{ type: "category", id: "left", name: "Left" }]],
  ["a customer without prices of its own", [{ type: "customer", id: "C1", name: "C1", groups: [] }]],
  ["a parent of one with them", [{ type: "customer", id: "C2", name: "C2", parent: "C1" }]],
  [
    "a rule about a category",
    [{ type: "rule", id: "half", rank: 1, what: { categories: ["right"] }, effect: { percentOff: "40" } }],
  ],
  [
    "the order of rules there",
    [{ type: "rule", id: "more", rank: 2, what: { categories: ["right"] }, effect: { percentOff: "4" } }],
  ],
  ["a rule about everything", [{ type: "rule", id: "all", rank: 9, effect: { percentOff: "1" } }]],
  ["a list that nobody has", [{ type: "priceList", id: "NONE", currency: "EUR" }]],
  ["a rate", [{ type: "rate", id: "EUR/USD", rate: "1.1", from: "2026-01-01" }]],
  ["nothing", [{ type: "rate", id: "EUR/USD", rate: "1.1", from: "2026-01-01" }]],
];

/** One record of another random company, of any type alike, as it is there or deleted. Ids are few, and collide. */
const changeArbitrary = companyArbitrary().chain((records) =>
  fc
    .constantFrom(...new Set(records.map(({ type }) => type)))
    .chain((type) => fc.constantFrom(...records.filter((record) => record.type === type)))
    .chain((record) => fc.constantFrom(record, record, { type: record.type, id: record.id, op: "delete" })),
);

/** A random company, and pushes that change it. */
const historyArbitrary = fc
  .tuple(companyArbitrary(), fc.array(changeArbitrary, { minLength: 8, maxLength: 8 }))
  .map(([company, changes]): readonly (readonly object[])[] => [
    company,
    ...changes.map((change) => [change]),
  ]);
