import fc from "fast-check";
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import type { Retention } from "../../control-plane/prune/retention.ts";
import { beginSweep, deleteSegments, endSweep } from "../../control-plane/prune/sweep.ts";
import { copyToKv, storedOf } from "../../control-plane/publish/segment-store.ts";
import { contentHash } from "../../shared/snapshot/hash.ts";
import { segmentKey } from "../../shared/snapshot/keys.ts";
import { emptyCatalog, ErpFeed } from "../support/erp-feed.ts";
import { withPublisher, type Fate, type PublisherMachine } from "../support/publisher-machine.ts";
import { namesOf } from "../support/snapshot-names.ts";

/** What is kept of snapshots and segments, whatever happens while the others are deleted. */

const feed = new ErpFeed(env.CATALOG);
// Each call of a pruning, or each step of a history, is followed by publishes.
const timeoutMilliseconds = 240_000;
const price = (id: string, sku: string, amount: string, more: object = {}) => ({
  type: "price",
  id,
  sku,
  currency: "EUR",
  amount,
  ...more,
});
const company = [
  { type: "category", id: "right" },
  { type: "rule", id: "half", rank: 1, what: { categories: ["right"] }, effect: { percentOff: "50" } },
  { type: "product", id: "A", name: "A", unit: "EA" },
  { type: "product", id: "B", name: "B", unit: "EA", category: "right" },
  { type: "customer", id: "C1", name: "C1" },
  { type: "customer", id: "C2", name: "C2" },
];
/** Prices that are others with each version: two buckets, a customer's own, and so its page. */
const pricesOf = (version: number) => [
  price("a", "A", `${1000 + version}.00`),
  price("b", "B", `${4000 - 2 * version}.00`),
  price("own", "A", `${500 + version}.00`, { customer: "C2", allowDiscount: false }),
];

beforeEach(async () => {
  await emptyCatalog(env.CATALOG);
  for (const table of ["snapshots", "segments", "pins", "sweep"])
    await env.PUBLISHED.exec(`DELETE FROM ${table}`);
  for (const key of await keysInKv()) await env.SNAPSHOTS.delete(key);
  await feed.push(company);
});

async function keysInKv(): Promise<string[]> {
  const { keys } = await env.SNAPSHOTS.list({ prefix: segmentKey("") });
  return keys.map(({ name }) => name);
}

async function publish(machine: PublisherMachine, version: number, hold = false): Promise<string> {
  await feed.push(pricesOf(version));
  const outcome = await machine.run((publisher) =>
    publisher.publish({ note: undefined, hold, confirmed: true }),
  );
  if (outcome.kind === "crashed") throw new Error("Nothing was to go wrong");
  await ringUntilMade(machine, outcome.value);
  return outcome.value;
}

/** Rings until the snapshot is made, and no further: a pruning that was underway still is. */
async function ringUntilMade(machine: PublisherMachine, id: string): Promise<void> {
  for (let rings = 0; rings < 100; rings++) {
    if ((await rowOf(id)).status !== "compiling") return;
    await machine.ring();
  }
  throw new Error("The snapshot was not made");
}

/** As if all that was done were so many days ago. */
async function age(machine: PublisherMachine, days: number): Promise<void> {
  const earlier = (column: string) =>
    `${column} = strftime('%Y-%m-%dT%H:%M:%fZ', ${column}, '-${days} days')`;
  await runInDurableObject(machine.head, (_object, { storage }) => {
    storage.sql.exec(`UPDATE heads SET ${earlier("moved_at")}`);
  });
  await env.PUBLISHED.exec(
    `UPDATE snapshots SET ${earlier("created_at")}, ${earlier("live_at")}, ${earlier("pruned_at")}`,
  );
}

interface Row {
  readonly id: string;
  readonly sequence: number;
  readonly status: string;
  readonly manifest: string | null;
  readonly created_at: string;
  readonly live_at: string | null;
  readonly pruned_at: string | null;
}

async function rows(): Promise<Row[]> {
  return (await env.PUBLISHED.prepare("SELECT * FROM snapshots ORDER BY number").all<Row>()).results;
}

async function rowOf(id: string): Promise<Row> {
  const row = (await rows()).find((one) => one.id === id);
  if (row === undefined) throw new Error(`There is no snapshot ${id}`);
  return row;
}

/** What the publisher of this name would reuse without writing it again, or is about to copy. */
function rememberedBy(name: string): Promise<Set<string>> {
  return runInDurableObject(env.PUBLISHER.getByName(name), (_object, { storage }) => {
    const column = (sql: string) => storage.sql.exec<{ value: string }>(sql).toArray();
    const buckets = column("SELECT names AS value FROM compiled").flatMap(({ value }) =>
      Object.values((JSON.parse(value) as { segments: Record<string, string> }).segments),
    );
    const overlays = column("SELECT names AS value FROM overlay").flatMap(({ value }) =>
      (JSON.parse(value) as [string, Record<string, string>][]).flatMap(([, names]) => Object.values(names)),
    );
    const underway = column("SELECT hash AS value FROM outgoing UNION ALL SELECT hash FROM late");
    return new Set([...buckets, ...overlays, ...underway.map(({ value }) => value)]);
  });
}

/** Lets a pruning be due, and takes all of its steps. */
async function prune(machine: PublisherMachine, name: string): Promise<void> {
  await makeDue(name);
  await machine.run((publisher) => publisher.tidy());
  await machine.runAlarms();
}

function makeDue(name: string): Promise<void> {
  return runInDurableObject(env.PUBLISHER.getByName(name), (_object, { storage }) => {
    storage.sql.exec("DELETE FROM pruning WHERE name = 'endedAt'");
  });
}

/** Expects that every snapshot that is kept is whole. Returns what they need. */
async function expectKeptWhole(): Promise<Set<string>> {
  const needed = new Set<string>();
  for (const { manifest, pruned_at } of await rows()) {
    if (manifest === null || pruned_at !== null) continue;
    for (const hash of await namesOf(env.PUBLISHED, manifest)) needed.add(hash);
  }
  return needed;
}

/** Expects that there is nothing but what is kept, in either store. */
async function expectNothingElse(name: string): Promise<void> {
  const wanted = new Set([...(await expectKeptWhole()), ...(await rememberedBy(name))]);
  const { results } = await env.PUBLISHED.prepare("SELECT DISTINCT hash FROM segments").all<{
    hash: string;
  }>();
  expect(results.map(({ hash }) => hash).filter((hash) => !wanted.has(hash))).toEqual([]);
  const keys = new Set([...wanted].map(segmentKey));
  expect((await keysInKv()).filter((key) => !keys.has(key))).toEqual([]);
}

async function setRetention(machine: PublisherMachine, retention: Retention): Promise<void> {
  await machine.run(async (publisher) => publisher.setRetention(retention));
}

const prunedIds = async () => (await rows()).filter((row) => row.pruned_at !== null).map(({ id }) => id);

describe("pruning: it promises that…", () => {
  it("what is kept is whole, what is not is gone, and says so", async () => {
    await withPublisher("prune", async (machine) => {
      const ids: string[] = [];
      for (const version of [1, 2, 3, 4]) ids.push(await publish(machine, version));
      await age(machine, 40);
      const [last, newest] = [await publish(machine, 5), await publish(machine, 6)];
      await setRetention(machine, { days: 30, heads: 1 });
      const before = (await keysInKv()).length;
      await prune(machine, "prune");
      // The fourth was live until the fifth was, which is a moment ago.
      expect(await prunedIds()).toEqual(ids.slice(0, 3));
      await expectNothingElse("prune");
      expect((await keysInKv()).length).toBeLessThan(before);
      const outcomes = [];
      for (const id of [ids[0], ids[3], last, newest]) {
        outcomes.push(await machine.run((publisher) => publisher.activate(id ?? "")));
      }
      expect(outcomes).toMatchObject([
        { value: { kind: "pruned" } },
        ...[ids[3], last, newest].map((snapshot) => ({ value: { kind: "activated", head: { snapshot } } })),
      ]);
      // What comes again is written again, and copied again.
      const again = await publish(machine, 1);
      for (const hash of await namesOf(env.PUBLISHED, (await rowOf(again)).manifest ?? "")) {
        expect(
          contentHash(new Uint8Array((await env.SNAPSHOTS.get(segmentKey(hash), "arrayBuffer")) ?? [])),
        ).toBe(hash);
      }
    });
  });

  it("it begins once a day, and nothing is pruned before anything is live", async () => {
    await withPublisher("prune-daily", async (machine) => {
      await prune(machine, "prune-daily");
      await publish(machine, 1);
      const garbage = new TextEncoder().encode("of a publish that failed");
      const hash = contentHash(garbage);
      await env.PUBLISHED.prepare("INSERT INTO segments (hash, part, parts, bytes) VALUES (?, 0, 1, ?)")
        .bind(hash, garbage)
        .run();
      await copyToKv(env.SNAPSHOTS, hash, garbage);
      await machine.run((publisher) => publisher.tidy());
      await machine.runAlarms();
      expect(await storedOf(env.PUBLISHED, [hash])).toEqual(new Set([hash]));
      await prune(machine, "prune-daily");
      expect(await storedOf(env.PUBLISHED, [hash])).toEqual(new Set());
      expect(await keysInKv()).not.toContain(segmentKey(hash));
      await expectNothingElse("prune-daily");
    });
  });

  it.each<[string, string | null, boolean]>([
    ["without an end", null, true],
    ["until later", "2090-01-01T00:00:00+02:00", true],
    ["until earlier", "2020-01-01T00:00:00Z", false],
  ])("a snapshot that is pinned %s is kept as long", async (name, until, isKept) => {
    await withPublisher(`prune pin ${name}`, async (machine) => {
      const pinned = await publish(machine, 1);
      await publish(machine, 2);
      await publish(machine, 3);
      await age(machine, 40);
      await env.PUBLISHED.prepare("INSERT INTO pins (snapshot, holder, until) VALUES (?, 'quote/1', ?)")
        .bind(pinned, until)
        .run();
      await setRetention(machine, { days: 30, heads: 1 });
      await prune(machine, `prune pin ${name}`);
      expect((await prunedIds()).includes(pinned)).toBe(!isKept);
      await expectNothingElse(`prune pin ${name}`);
      await env.PUBLISHED.exec("DELETE FROM pins");
      await prune(machine, `prune pin ${name}`);
      expect(await prunedIds()).toContain(pinned);
      await expectNothingElse(`prune pin ${name}`);
    });
  });

  it("what is held is kept until something newer is live and the retention is over", async () => {
    await withPublisher("prune-held", async (machine) => {
      await publish(machine, 1);
      const superseded = await publish(machine, 2, true);
      await publish(machine, 3);
      const waiting = await publish(machine, 4, true);
      await setRetention(machine, { days: 30, heads: 1 });
      await age(machine, 20);
      await prune(machine, "prune-held");
      expect(await prunedIds()).toEqual([]);
      await age(machine, 20);
      await prune(machine, "prune-held");
      const ids = await prunedIds();
      expect([ids.includes(superseded), ids.includes(waiting)]).toEqual([true, false]);
      await expectNothingElse("prune-held");
      await machine.run((publisher) => publisher.activate(waiting));
      expect((await machine.head.current())?.snapshot).toBe(waiting);
    });
  });

  it("a kept snapshot that is not whole stops it, since nobody can tell what it needs", async () => {
    await withPublisher("prune-damaged", async (machine) => {
      const first = await publish(machine, 1);
      await publish(machine, 2);
      await env.PUBLISHED.prepare("DELETE FROM segments WHERE hash = ?")
        .bind((await rowOf(first)).manifest)
        .run();
      const count = async () =>
        env.PUBLISHED.prepare("SELECT count(*) AS count FROM segments").first("count");
      const before = await count();
      await prune(machine, "prune-damaged");
      expect(await count()).toBe(before);
      expect(await prunedIds()).toEqual([]);
    });
  });

  it("a deletion that is late deletes nothing that a publish may count on", async () => {
    await withPublisher("prune-late", async (machine) => {
      const bytes = new TextEncoder().encode("to be needed again");
      const hash = contentHash(bytes);
      await env.PUBLISHED.prepare("INSERT INTO segments (hash, part, parts, bytes) VALUES (?, 0, 1, ?)")
        .bind(hash, bytes)
        .run();
      const stores = { kv: env.SNAPSHOTS, published: env.PUBLISHED };
      await beginSweep(env.PUBLISHED, "late");
      await endSweep(env.PUBLISHED);
      await deleteSegments([hash], "late", stores);
      expect(await storedOf(env.PUBLISHED, [hash])).toEqual(new Set([hash]));
      // The publisher does so when it begins to compile, if it was deleting when it died.
      await publish(machine, 1);
      await makeDue("prune-late");
      await machine.run((publisher) => publisher.tidy());
      let deletions = 0;
      machine.setFates((call) => (call === "kv.delete" && ++deletions === 1 ? "dies" : "works"));
      await machine.runAlarms();
      const sweeps = async () =>
        (await env.PUBLISHED.prepare("SELECT id FROM sweep").all<{ id: string }>()).results;
      const [sweep] = await sweeps();
      machine.setFates();
      await publish(machine, 2);
      expect([sweep === undefined, await sweeps()]).toEqual([false, []]);
    });
  });

  it.each(["dies", "diesAfter", "fails", "lost"] as const)(
    "whenever a call %s, every kept snapshot is whole, and the next pruning finishes the work",
    async (fate) => {
      const name = `prune-${fate}`;
      await withPublisher(name, async (machine) => {
        await setRetention(machine, { days: 30, heads: 1 });
        await publish(machine, 1);
        for (let at = 1; ; at++) {
          // What was live before is to be deleted.
          await publish(machine, at + 1);
          await age(machine, 40);
          await makeDue(name);
          machine.setFates((_call, number): Fate => (number === at ? fate : "works"));
          await machine.run((publisher) => publisher.tidy()).catch(() => undefined);
          await machine.runAlarms();
          const count = machine.calls.length;
          machine.setFates();
          await expectKeptWhole();
          // Just what was being deleted is needed again.
          const { manifest } = await rowOf(await publish(machine, at));
          for (const hash of await namesOf(env.PUBLISHED, manifest ?? "")) {
            expect([at, await env.SNAPSHOTS.get(segmentKey(hash), "text")]).not.toEqual([at, null]);
          }
          await machine.runAlarms();
          if (count >= at) continue;
          expect(at).toBeGreaterThan(12);
          break;
        }
        await prune(machine, name);
        await expectNothingElse(name);
      });
    },
    timeoutMilliseconds,
  );
});

type Step =
  | { readonly kind: "publish"; readonly version: number; readonly hold: boolean }
  | { readonly kind: "activate" | "pin" | "unpin"; readonly which: number }
  | { readonly kind: "age"; readonly days: number }
  | { readonly kind: "prune"; readonly rings: number }
  | { readonly kind: "restart" };

const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("publish" as const),
      version: fc.nat(4),
      hold: fc.constantFrom(false, false, false, true),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom("activate" as const, "activate" as const, "pin" as const, "unpin" as const),
      which: fc.nat(20),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("age" as const), days: fc.constantFrom(3, 9, 25) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("prune" as const), rings: fc.constantFrom(1, 2, 3, 100) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("restart" as const) }) },
);

/** Which snapshots are to be kept, worked out from the log of heads. */
async function keptBy(machine: PublisherMachine, { days, heads }: Retention): Promise<Set<string>> {
  const log = await runInDurableObject(machine.head, (_object, { storage }) =>
    storage.sql
      .exec<{ snapshot: string; sequence: number; moved_at: string }>("SELECT * FROM heads ORDER BY number")
      .toArray(),
  );
  const since = Date.now() - days * 86_400_000;
  const kept = new Set<string>();
  log.forEach(({ snapshot }, index) => {
    const next = log[index + 1];
    const isRecent = next === undefined || Date.parse(next.moved_at) > since;
    if (isRecent || index >= log.length - heads) kept.add(snapshot);
  });
  const through = Math.max(0, ...log.map(({ sequence }) => sequence));
  for (const { id, live_at, sequence, created_at } of await rows()) {
    if (live_at === null && sequence > through) kept.add(id);
    if (Date.parse(created_at) > since) kept.add(id);
  }
  const pins = await env.PUBLISHED.prepare("SELECT snapshot FROM pins").all<{ snapshot: string }>();
  for (const { snapshot } of pins.results) kept.add(snapshot);
  return kept;
}

describe("any history of publishes, activations, pins and prunings: it promises that…", () => {
  it(
    "no segment is lost that a kept snapshot needs, and every one is deleted that nothing needs",
    async () => {
      const seed = Number(env.RANDOM_SEED || Math.floor(Math.random() * 2 ** 31));
      const histories = fc.sample(fc.array(stepArbitrary, { minLength: 12, maxLength: 24, size: "max" }), {
        numRuns: Number(env.RANDOM_RUNS || 4),
        seed,
      });
      const retention = { days: 30, heads: 2 };
      for (const [number, steps] of histories.entries()) {
        const name = `prune-history-${number}`;
        await env.PUBLISHED.exec("DELETE FROM snapshots");
        await env.PUBLISHED.exec("DELETE FROM pins");
        await withPublisher(name, async (machine) => {
          await setRetention(machine, retention);
          for (const [index, step] of steps.entries()) {
            await take(step, machine, name);
            const context = { seed, number, index, step };
            try {
              await expectKeptWhole();
            } catch (cause) {
              throw new Error(`A kept snapshot is not whole: ${JSON.stringify(context)}`, { cause });
            }
          }
          await machine.runAlarms();
          const pruned = new Set(await prunedIds());
          const kept = await keptBy(machine, retention);
          await prune(machine, name);
          if ((await machine.head.current()) === undefined) return;
          const expected = (await rows()).map(({ id }) => [id, !pruned.has(id) && kept.has(id)]);
          expect([seed, number, (await rows()).map(({ id, pruned_at }) => [id, pruned_at === null])]).toEqual(
            [seed, number, expected],
          );
          await expectNothingElse(name);
        });
      }
    },
    timeoutMilliseconds,
  );

  async function take(step: Step, machine: PublisherMachine, name: string): Promise<void> {
    const ids = (await rows()).map(({ id }) => id);
    switch (step.kind) {
      case "publish":
        await publish(machine, step.version, step.hold);
        return;
      case "age":
        await age(machine, step.days);
        return;
      case "restart":
        machine.restart();
        return;
      case "prune":
        await makeDue(name);
        await machine.run((publisher) => publisher.tidy());
        for (let rings = 0; rings < step.rings; rings++) await machine.ring();
        return;
      case "activate":
      case "pin":
      case "unpin": {
        const id = ids[step.which % Math.max(1, ids.length)];
        if (id === undefined || (await rowOf(id)).pruned_at !== null) return;
        if (step.kind === "activate") await machine.run((publisher) => publisher.activate(id));
        else if (step.kind === "pin") {
          await env.PUBLISHED.prepare("INSERT OR IGNORE INTO pins (snapshot, holder) VALUES (?, 'quote')")
            .bind(id)
            .run();
        } else await env.PUBLISHED.prepare("DELETE FROM pins WHERE snapshot = ?").bind(id).run();
      }
    }
  }
});
