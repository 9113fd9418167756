import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { findDraft, insertDraft, type DraftRow } from "../../control-plane/drafts/draft-log.ts";
import { putRecords } from "../../control-plane/drafts/put-records.ts";
import type { Line } from "../../control-plane/ingest/lines.ts";
import { currentSequence } from "../../control-plane/queries/read-records.ts";
import { emptyCatalog, ErpFeed } from "../support/erp-feed.ts";
import { withDraftObject, type DraftMachine } from "../support/draft-machine.ts";

/** What a draft's publication promises when its object dies, or a store fails, at any of its calls. */

const erp = new ErpFeed(env.CATALOG);
let amount = 100;

beforeAll(async () => {
  await emptyCatalog(env.CATALOG);
  await erp.push([{ type: "product", id: "A", name: "A", unit: "EA" }]);
});

async function* lines(records: readonly object[]): AsyncGenerator<Line> {
  for (const [index, record] of records.entries()) yield { number: index + 1, text: JSON.stringify(record) };
}

async function makeDraft(): Promise<number> {
  const { number } = await insertDraft(env.CATALOG, { name: "Crash", note: undefined, now: Date.now() });
  const records = ["a", "b"].map((id) => ({
    type: "price",
    id,
    sku: "A",
    currency: "EUR",
    amount: String(++amount),
  }));
  const { counts } = await putRecords(env.CATALOG, `d${number}`, {
    lines: lines(records),
    expected: undefined,
    now: Date.now(),
  });
  expect(counts).toEqual({ put: 2, invalid: 0 });
  return number;
}

async function rowOf(number: number): Promise<DraftRow> {
  const row = await findDraft(env.CATALOG, number);
  if (row === undefined) throw new Error("The draft is gone");
  return row;
}

const schedule = (number: number, at: number) =>
  env.CATALOG.prepare("UPDATE drafts SET state = 'scheduled', publish_at = ?2 WHERE number = ?1")
    .bind(number, at)
    .run();

/** Expects that the draft was applied and published once, after this sequence. */
async function expectOnce(number: number, before: number): Promise<void> {
  const row = await rowOf(number);
  expect([row.state, row.sequence]).toEqual(["published", before + 1]);
  expect(await currentSequence(env.CATALOG)).toBe(before + 1);
  const batches = await env.CATALOG.prepare(
    "SELECT number FROM batches WHERE key_id = ? AND state = 'applied'",
  )
    .bind(`draft:d${number}`)
    .all<{ number: number }>();
  expect(batches.results).toEqual([{ number: row.batch }]);
  const made = await env.PUBLISHED.prepare("SELECT id FROM snapshots WHERE note = ?")
    .bind(`d${number}: Crash`)
    .all<{ id: string }>();
  expect(made.results).toEqual([{ id: row.snapshot }]);
  const staged = await env.CATALOG.prepare("SELECT count(*) AS count FROM staged").first("count");
  expect(staged).toBe(0);
}

/** Publishes a draft again and again, each time with this fate at the next one of the calls. */
async function atEachCall(
  machine: DraftMachine,
  fate: "dies" | "diesAfter" | "fails" | "lost",
  publish: (number: number) => Promise<unknown>,
  check: (number: number, before: number) => Promise<void>,
): Promise<number> {
  for (let at = 1; ; at++) {
    const before = await currentSequence(env.CATALOG);
    const number = await makeDraft();
    machine.setFates((_call, count) => (count === at ? fate : "works"));
    await publish(number).catch(() => undefined);
    const { length } = machine.calls;
    machine.setFates();
    await check(number, before);
    if (length < at) return at - 1;
  }
}

describe("a draft's object: it promises that…", () => {
  it.each(["dies", "diesAfter", "fails", "lost"] as const)(
    "when a call %s, the draft is untouched or gets published by itself, and asking again gives one answer",
    async (fate) => {
      await withDraftObject(`now-${fate}`, async (machine) => {
        const ask = (number: number) => machine.run((object) => object.publish(number, { force: false }));
        const found: Record<string, number> = {};
        const calls = await atEachCall(machine, fate, ask, async (number, before) => {
          const { state } = await rowOf(number);
          found[state] = (found[state] ?? 0) + 1;
          if (state === "applied") expect(machine.isAlarmSet).toBe(true);
          machine.evict();
          await machine.ring();
          const after = await rowOf(number);
          expect(after.state).toBe(state === "open" ? "open" : "published");
          expect(await currentSequence(env.CATALOG)).toBe(state === "open" ? before : before + 1);
          expect(await ask(number)).toEqual({ kind: "done", value: { kind: "done" } });
          await expectOnce(number, before);
          const once = await rowOf(number);
          await ask(number);
          expect(await rowOf(number)).toEqual(once);
        });
        expect(calls).toBeGreaterThan(8);
        expect(Object.keys(found).sort()).toEqual(["applied", "open", "published"]);
      });
    },
  );

  it.each(["dies", "diesAfter", "fails", "lost"] as const)(
    "when a call of an alarm %s, the next one publishes the draft",
    async (fate) => {
      await withDraftObject(`alarm-${fate}`, async (machine) => {
        const calls = await atEachCall(
          machine,
          fate,
          async (number) => {
            const later = { at: Date.now() + 60_000, force: false };
            await machine.run((object) => object.publish(number, later)).catch(() => undefined);
            await schedule(number, Date.now() - 1);
            await machine.ring();
          },
          async (number, before) => {
            if ((await rowOf(number)).state !== "published") {
              machine.evict();
              await machine.ring();
              // What the clock does for an alarm that is lost.
              await machine.run((object) => object.goOn(number));
            }
            await expectOnce(number, before);
          },
        );
        expect(calls).toBeGreaterThan(12);
      });
    },
  );

  it("two that publish one draft at the same time apply it once", async () => {
    const before = await currentSequence(env.CATALOG);
    const number = await makeDraft();
    const object = env.DRAFTS.getByName(`d${number}`);
    const both = await Promise.all([1, 2].map(() => object.publish(number, { force: false })));
    expect(both).toEqual([{ kind: "done" }, { kind: "done" }]);
    await expectOnce(number, before);
  });

  it("an object that does not know of another one does not apply its draft again", async () => {
    const before = await currentSequence(env.CATALOG);
    const number = await makeDraft();
    const both = await Promise.all(
      ["one", "other"].map((name) => env.DRAFTS.getByName(name).publish(number, { force: false })),
    );
    expect(both).toContainEqual({ kind: "done" });
    await expectOnce(number, before);
  });
});
