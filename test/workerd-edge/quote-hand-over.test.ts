import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Quote } from "../../shared/quoting/quote.ts";
import { contentHash } from "../../shared/quoting/content-hash.ts";
import { currentRevision } from "../../shared/quoting/quote.ts";
import { readInboxes } from "../../workers/quotes/inboxes.ts";
import { edgeEnv } from "../support/edge-env.ts";
import { FaultyErp, randomFates, type ErpFate } from "../support/faulty-erp.ts";
import type { Fate } from "../support/publisher-machine.ts";
import { withQuoteObject, type QuoteMachine } from "../support/quote-machine.ts";
import { carryOut, life, opening } from "../support/quote-samples.ts";

const start = Date.parse("2031-01-01T00:00:00.000Z");
const day = 86_400_000;
const fates: readonly Fate[] = ["fails", "lost", "dies", "diesAfter"];
let erp: FaultyErp;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: start });
  erp = new FaultyErp({ now: () => Date.now() });
});
afterEach(() => {
  vi.useRealTimers();
});

let quotes = 0;
const named = (name: string) => `${name}-${++quotes}`;

/** Everything heals, and time goes by. */
async function heal(machine: QuoteMachine): Promise<Quote> {
  machine.setFates();
  erp.setFates();
  await machine.settle(Date.now() + day);
  // Long enough for what the ERP may still do of calls that were given up.
  vi.setSystemTime(Date.now() + day);
  const quote = await machine.ask((object) => object.read());
  if (quote === undefined) throw new Error("The quote is gone");
  return quote;
}

/** What D1 and the inboxes say is what the quote is. */
async function expectAllAgree(quote: Quote): Promise<void> {
  const { results } = await edgeEnv.PUBLISHED.prepare(
    "SELECT version, status, total FROM quotes WHERE quote = ?",
  )
    .bind(quote.id)
    .all();
  expect(results).toEqual([
    { version: quote.version, status: quote.status, total: currentRevision(quote).total },
  ]);
  const order = await edgeEnv.PUBLISHED.prepare("SELECT status, erp_order FROM orders WHERE quote = ?")
    .bind(quote.id)
    .first();
  expect(order).toEqual(
    quote.order === undefined
      ? null
      : { status: quote.order.status, erp_order: quote.order.erpOrder ?? null },
  );
  const waiting = await readInboxes(edgeEnv, ["role/head", "role/chief"]);
  expect(waiting.filter(({ quote: id }) => id === quote.id)).toEqual([]);
  const pins = await edgeEnv.PUBLISHED.prepare("SELECT * FROM pins WHERE holder = ? AND until IS NULL")
    .bind(`quote/${quote.id}`)
    .all();
  expect(pins.results).toEqual([]);
}

async function expectOrderedOnce(quote: Quote): Promise<void> {
  expect(quote).toMatchObject({ status: "ordered", order: { status: "placed" } });
  const booked = erp.booked.filter(({ order }) => order.quote === quote.id);
  expect(booked).toHaveLength(1);
  expect(booked[0]?.erpOrder).toBe(quote.order?.erpOrder);
  // What was approved, accepted and handed over is one content.
  const hash = contentHash(currentRevision(quote), quote.currency, quote.customer);
  expect([quote.approval?.contentHash, quote.acceptance?.contentHash, booked[0]?.order.contentHash]).toEqual([
    hash,
    hash,
    hash,
  ]);
  await expectAllAgree(quote);
}

/** From its opening to its acceptance, with an alarm between any two steps. */
async function live(machine: QuoteMachine, id: string): Promise<void> {
  await machine.ask((object) => object.open(opening(id)));
  for (const move of life) {
    await machine.ring();
    await machine.ask((object) => carryOut(object, [move]));
  }
}

describe("an accepted quote: it promises that…", () => {
  it("it becomes one order, and everybody agrees", async () => {
    const id = named("plain");
    await withQuoteObject(id, erp, async (machine) => {
      await live(machine, id);
      await expectOrderedOnce(await heal(machine));
      expect(machine.calls.filter((call) => call === "orders.place")).toHaveLength(1);
      expect(machine.alarmAt).toBeNull();
    });
  });

  it("whatever breaks at whichever call, and whenever, it becomes one order, and everybody agrees", async () => {
    for (const fate of fates) {
      for (let point = 1; point <= 6; point++) {
        erp = new FaultyErp({ now: () => Date.now() });
        const id = named(`${fate}-${point}`);
        await withQuoteObject(id, erp, async (machine) => {
          await live(machine, id);
          machine.setFates((_call, number) => (number === point ? fate : "works"));
          await machine.ring();
          await machine.ring();
          await expectOrderedOnce(await heal(machine));
        });
      }
    }
  });

  it("whatever breaks over and over along its whole life, it becomes one order, and everybody agrees", async () => {
    for (let seed = 1; seed <= 12; seed++) {
      erp = new FaultyErp({ now: () => Date.now(), isUnique: seed % 3 === 0 });
      const id = named(`chaos-${seed}`);
      await withQuoteObject(id, erp, async (machine) => {
        erp.setFates(randomFates(seed, 50));
        machine.setFates((_call, number) => fates[(number * 7 + seed * 3) % 8] ?? "works");
        await machine.ask((object) => object.open(opening(id)));
        for (const move of life) {
          await machine.ring();
          if (seed % 2 === 0) machine.evict();
          await machine.ask((object) => carryOut(object, [move]));
        }
        for (let ring = 0; ring < 6; ring++) await machine.ring();
        await expectOrderedOnce(await heal(machine));
      });
    }
  });

  it.each<[ErpFate, "find" | "place"]>([
    ["down", "find"],
    ["down", "place"],
    ["lost", "place"],
    ["late", "place"],
    ["lost", "find"],
  ])("an ERP that is %s at %s, again and again, books it once", async (fate, at) => {
    const id = named("erp");
    await withQuoteObject(id, erp, async (machine) => {
      await live(machine, id);
      let times = 0;
      erp.setFates((call) => (call === at && times++ < 5 ? fate : "works"));
      await expectOrderedOnce(
        await (async () => {
          await machine.settle(Date.now() + day);
          return heal(machine);
        })(),
      );
    });
  });

  it("an ERP that does not find at once what it has booked, but knows its references, books it once", async () => {
    erp = new FaultyErp({ now: () => Date.now(), isUnique: true });
    const id = named("lags");
    await withQuoteObject(id, erp, async (machine) => {
      await live(machine, id);
      erp.setFates((call, number) =>
        call === "place" && number === 2 ? "lost" : call === "find" && number < 6 ? "lags" : "works",
      );
      await machine.settle(Date.now() + day);
      await expectOrderedOnce(await heal(machine));
    });
  });

  it("between two attempts it waits until the first one must have ended, and longer each time, up to a limit", async () => {
    const id = named("patient");
    await withQuoteObject(id, erp, async (machine) => {
      await live(machine, id);
      const attempts: number[] = [];
      erp.setFates(() => {
        attempts.push(Date.now());
        return "down";
      });
      await machine.settle(Infinity, 14);
      const pauses = attempts.slice(1).map((at, index) => at - (attempts[index] ?? 0));
      expect(Math.min(...pauses)).toBeGreaterThanOrEqual(120_000);
      expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
      expect(Math.max(...pauses)).toBeLessThan(1_200_000);
      expect(machine.alarmAt).not.toBeNull();
      await expectOrderedOnce(await heal(machine));
    });
  });

  it("what the ERP refuses is noted, and not asked again", async () => {
    const id = named("refused");
    await withQuoteObject(id, erp, async (machine) => {
      await live(machine, id);
      erp.setFates((call) => (call === "place" ? "refuses" : "works"));
      await machine.settle(Date.now() + day);
      const quote = await machine.ask((object) => object.read());
      expect(quote).toMatchObject({
        status: "accepted",
        order: { status: "refused", problem: "The customer is blocked" },
      });
      expect(erp.calls).toBe(2);
      if (quote !== undefined) await expectAllAgree(quote);
    });
  });

  it("without somebody who books orders it waits, and is booked once there is", async () => {
    const id = named("waits");
    await withQuoteObject(id, undefined, async (machine) => {
      await live(machine, id);
      await machine.settle(Date.now() + 2 * day, 10);
      expect(await machine.ask((object) => object.read())).toMatchObject({
        status: "accepted",
        order: { status: "pending" },
      });
      expect(machine.alarmAt).not.toBeNull();
    });
    await withQuoteObject(id, erp, async (machine) => {
      vi.setSystemTime(Date.now() + day);
      await machine.ask((object) => object.wake());
      await expectOrderedOnce(await heal(machine));
    });
  });

  it("alarms that ring twice, late or at once change nothing twice", async () => {
    const id = named("rings");
    await withQuoteObject(id, erp, async (machine) => {
      await live(machine, id);
      await Promise.all([
        machine.ask((object) => object.alarm()),
        machine.ask((object) => object.wake()),
        machine.ask((object) => object.alarm()),
      ]);
      await machine.ask((object) => object.alarm());
      await expectOrderedOnce(await heal(machine));
    });
  });

  it("a comment while the order is under way loses neither", async () => {
    const id = named("comment");
    await withQuoteObject(id, erp, async (machine) => {
      await live(machine, id);
      erp.setFates((call) => (call === "place" ? "lost" : "works"));
      await machine.ring();
      await machine.ask((object) =>
        carryOut(object, [
          { actor: opening(id).actor, command: { command: "comment", text: "when?", internal: false } },
        ]),
      );
      const quote = await heal(machine);
      await expectOrderedOnce(quote);
      expect(quote.comments).toHaveLength(1);
    });
  });
});

describe("the lists: they promise that…", () => {
  it("a version that comes late does not bring back the past", async () => {
    const id = named("late");
    let late: (() => Promise<unknown>) | undefined;
    await withQuoteObject(id, erp, async (machine) => {
      await machine.ask((object) => object.open(opening(id)));
      // The first telling leaves, and does not arrive.
      const batch = edgeEnv.PUBLISHED.batch.bind(edgeEnv.PUBLISHED);
      const held = vi.spyOn(edgeEnv.PUBLISHED, "batch").mockImplementationOnce((statements) => {
        late = () => batch(statements);
        return Promise.reject(new Error("Nobody knows"));
      });
      await machine.ring();
      held.mockRestore();
      await machine.ask((object) => carryOut(object, life));
      const quote = await heal(machine);
      await late?.();
      await expectOrderedOnce(quote);
    });
    expect(late).toBeDefined();
  });
});
