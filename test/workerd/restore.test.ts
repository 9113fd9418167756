import fc from "fast-check";
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createControlPlane } from "../../control-plane/app.ts";
import { readSegment } from "../../control-plane/publish/segment-store.ts";
import { encodeManifest, readManifest, type Manifest } from "../../shared/snapshot/manifest.ts";
import { isFreshEnough } from "../../shared/snapshot/token.ts";
import { emptyCatalog, ErpFeed } from "../support/erp-feed.ts";
import { companyArbitrary } from "../support/generate-company.ts";
import { insertKey } from "../support/insert-key.ts";
import { withPublisher, type PublisherMachine } from "../support/publisher-machine.ts";

/** What a backup of the records brings back, and what going back to an older snapshot takes. */

const feed = new ErpFeed(env.CATALOG);
const plane = createControlPlane();
let key = "";

beforeAll(async () => {
  ({ key } = await insertKey(env.PUBLISHED, { role: "erp" }));
});

beforeEach(async () => {
  await emptyCatalog(env.CATALOG);
  await env.PUBLISHED.exec("DELETE FROM snapshots");
});

/** All records as they are, over the route that a backup is made by, a page after the other. */
async function exported(): Promise<object[]> {
  const records: object[] = [];
  for (let after: string | null = ""; after !== null;) {
    const query = new URLSearchParams({ limit: "7", ...(after === "" ? {} : { after }) });
    const response = await plane.fetch(
      new Request(`https://control.test/v1/erp/records?${query}`, {
        headers: { Authorization: `Bearer ${key}` },
      }),
      env,
      createExecutionContext(),
    );
    const page = (await response.json()) as { records: object[]; next: string | null };
    records.push(...page.records);
    after = page.next;
  }
  return records;
}

interface Published {
  readonly id: string;
  readonly manifest: Manifest;
  readonly hash: string;
}

async function publish(machine: PublisherMachine): Promise<Published> {
  const outcome = await machine.run((publisher) =>
    publisher.publish({ note: undefined, hold: false, confirmed: true }),
  );
  if (outcome.kind === "crashed") throw new Error("Nothing was to go wrong");
  await machine.runAlarms();
  const hash = await env.PUBLISHED.prepare("SELECT manifest FROM snapshots WHERE id = ?")
    .bind(outcome.value)
    .first<string>("manifest");
  const bytes = await readSegment(env.PUBLISHED, hash ?? "");
  return { id: outcome.value, manifest: readManifest(bytes), hash: hash ?? "" };
}

// What refers to a record that is deleted stands, and is parked where it is pushed without that record.
const referredToByNone: ReadonlySet<string> = new Set(["price", "rule", "rate"]);

/** A random company, and three pushes of random records of another, some of which are deleted. */
const historyArbitrary = fc
  .tuple(companyArbitrary(), companyArbitrary(), fc.infiniteStream(fc.nat(5)))
  .map(([company, other, choices]) => [
    company,
    ...[0, 1, 2].map(() =>
      other.flatMap((record): object[] => {
        const choice = choices.next().value;
        if (choice === 0 && referredToByNone.has(record.type))
          return [{ type: record.type, id: record.id, op: "delete" }];
        return choice === 1 ? [record] : [];
      }),
    ),
  ]);

describe("a backup: it promises that…", () => {
  it("the exported records, pushed into an empty company, compile to the same bytes but for the sequence", async () => {
    const seed = Number(env.RANDOM_SEED || Math.floor(Math.random() * 2 ** 31));
    const histories = fc.sample(historyArbitrary, { numRuns: Number(env.RANDOM_RUNS || 6), seed });
    for (const [number, pushes] of histories.entries()) {
      await emptyCatalog(env.CATALOG);
      for (const records of pushes) if (records.length > 0) await feed.push(records);
      const records = await exported();
      let original: Published | undefined;
      await withPublisher(`backup-${number}`, async (machine) => {
        original = await publish(machine);
      });

      await emptyCatalog(env.CATALOG);
      const { counts } = await feed.push(records);
      expect([seed, number, counts]).toEqual([
        seed,
        number,
        { applied: records.length, unchanged: 0, stale: 0, invalid: 0, parked: 0 },
      ]);
      expect(await exported()).toEqual(records);
      await withPublisher(`restored-${number}`, async (machine) => {
        const restored = await publish(machine);
        if (original === undefined) throw new Error("The original was not published");
        // Every segment by its hash, the pages within, the rounding, the currencies: all but the sequence.
        const { sequence } = original.manifest;
        expect([seed, number, { ...restored.manifest, sequence }]).toEqual([seed, number, original.manifest]);
        expect(encodeManifest({ ...restored.manifest, sequence }).hash).toBe(original.hash);
      });
    }
  });
});

describe("a backup of records that refer to deleted ones", () => {
  it("tells which they are: they are parked, with what they wait for", async () => {
    await feed.push([
      { type: "customerGroup", id: "G" },
      { type: "customer", id: "C", name: "C", groups: ["G"] },
    ]);
    await feed.push([{ type: "customerGroup", id: "G", op: "delete" }]);
    const records = await exported();
    await emptyCatalog(env.CATALOG);
    const { counts, problems } = await feed.push(records);
    expect(counts).toMatchObject({ applied: 0, parked: 1 });
    expect(problems).toMatchObject([{ type: "customer", id: "C", code: "unresolved" }]);
  });
});

describe("going back: it promises that…", () => {
  const company = (amount: string) => [
    { type: "product", id: "A", name: "A", unit: "EA" },
    { type: "customer", id: "C", name: "C" },
    { type: "price", id: "a", sku: "A", currency: "EUR", amount },
  ];

  it("to any kept snapshot it is one move of the head, writes no segment, and tokens stay satisfied", async () => {
    await withPublisher("going-back", async (machine) => {
      const made: Published[] = [];
      for (const amount of ["1.00", "2.00", "3.00"]) {
        await feed.push(company(amount));
        made.push(await publish(machine));
      }
      const count = () => env.PUBLISHED.prepare("SELECT count(*) AS count FROM segments").first("count");
      const segments = await count();
      let before = await machine.head.current();
      for (const { id, hash, manifest } of [...made, ...made.toReversed()].filter(
        (one, index, all) => one !== all[index - 1],
      )) {
        machine.setFates();
        const outcome = await machine.run((publisher) => publisher.activate(id));
        expect(outcome).toMatchObject({ value: { kind: "activated" } });
        expect(machine.calls.filter((call) => call === "head.move")).toHaveLength(1);
        expect(machine.calls.filter((call) => call === "kv.put")).toHaveLength(2);
        expect(await count()).toBe(segments);
        const head = await machine.head.current();
        expect(head).toMatchObject({ snapshot: id, manifest: hash, sequence: manifest.sequence });
        if (head === undefined || before === undefined) throw new Error("Nothing is live");
        expect(head.number).toBe(before.number + 1);
        expect(isFreshEnough(head, { number: before.number, through: before.through })).toBe(true);
        before = head;
      }
    });
  });
});
