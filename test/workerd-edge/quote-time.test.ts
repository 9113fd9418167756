import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { getTableConfig } from "drizzle-orm/sqlite-core";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { orderOf } from "../../shared/quoting/order-of.ts";
import { listOrders } from "../../workers/queries/list-orders.ts";
import { listQuotes } from "../../workers/queries/list-quotes.ts";
import * as tables from "../../workers/queries/tables.ts";
import { readInboxes } from "../../workers/quotes/inboxes.ts";
import { executeCommand, openQuote } from "../../workers/quotes/open-quote.ts";
import { sweepQuotes } from "../../workers/quotes/sweep.ts";
import { edgeEnv, inboxObject, quoteObject } from "../support/edge-env.ts";
import { withQuoteObject, type QuoteMachine } from "../support/quote-machine.ts";
import {
  approvals,
  approver,
  assessmentOf,
  buyer,
  carryOut,
  life,
  offer,
  opening,
  priced,
  seller,
  type Move,
} from "../support/quote-samples.ts";

const start = Date.parse("2031-01-01T00:00:00.000Z");
const hour = 3_600_000;
const day = 24 * hour;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: start });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Asks the head, reminds them after so many hours, and asks the chief as well after two days. */
const remindedOffer = (remindAfterHours: number): Move => ({
  actor: seller,
  command: {
    command: "offer",
    set: priced([{ offeredPrice: "9.50" }], { validUntil: "2031-01-11T00:00:00Z" }),
    assessment: assessmentOf([[{ role: "head" }]], {
      remindAfterHours,
      escalateAfterHours: 48,
      escalateTo: { role: "chief" },
    }),
  },
});
const submit: Move = { actor: buyer, command: { command: "submit" } };
const asked: readonly Move[] = [submit, remindedOffer(24)];
const loseAlarm = (quote: string) =>
  runInDurableObject(quoteObject(quote), (_object, state) => state.storage.deleteAlarm());

const typesOf = async (machine: QuoteMachine) =>
  (await machine.ask((object) => object.events())).map(({ event }) => event.type);
const rowOf = (quote: string) =>
  edgeEnv.PUBLISHED.prepare("SELECT version, status, due_at FROM quotes WHERE quote = ?")
    .bind(quote)
    .first<{ version: number; status: string; due_at: number | null }>();

describe("time: it promises that…", () => {
  it("reminders, escalations and the expiry come in their order, each once, and everybody is told", async () => {
    await withQuoteObject("in-time", undefined, async (machine) => {
      await machine.ask((object) => object.open(opening("in-time")));
      await machine.ask((object) => carryOut(object, asked));
      const at: [string, number][] = [];
      for (let rings = 0; machine.alarmAt !== null && rings < 20; rings++) {
        const before = (await typesOf(machine)).length;
        await machine.ring();
        for (const type of (await typesOf(machine)).slice(before))
          at.push([type, (Date.now() - start) / hour]);
        if (at.at(-1)?.[0] === "escalated") {
          const waiting = await readInboxes(edgeEnv, ["role/chief"]);
          expect(waiting.map(({ quote }) => quote)).toContain("in-time");
        }
      }
      expect(at).toEqual([
        ["reminded", 24],
        ["escalated", 48],
        ["expired", 240],
      ]);
      expect(await rowOf("in-time")).toMatchObject({ status: "expired" });
      expect(await readInboxes(edgeEnv, ["role/head", "role/chief"])).toEqual([]);
    });
  });

  it("however late an alarm is, and however often it rings, the same has happened in the end", async () => {
    const delays = fc.array(fc.constantFrom(0, 1, hour, day, 3 * day), { minLength: 1, maxLength: 6 });
    let quotes = 0;
    await fc.assert(
      fc.asyncProperty(delays, async (late) => {
        vi.setSystemTime(start);
        const name = `late-${++quotes}`;
        await withQuoteObject(name, undefined, async (machine) => {
          await machine.ask((object) => object.open(opening(name)));
          await machine.ask((object) => carryOut(object, asked));
          for (const delay of late) {
            vi.setSystemTime(Math.max(Date.now(), machine.alarmAt ?? 0) + delay);
            machine.evict();
            await machine.ring();
            await machine.ask((object) => object.alarm());
          }
          vi.setSystemTime(start + 11 * day);
          await machine.ring();
          const types = await typesOf(machine);
          for (const type of ["reminded", "escalated", "expired"]) {
            expect(types.filter((each) => each === type).length).toBeLessThanOrEqual(1);
          }
          expect(types.at(-1)).toBe("expired");
        });
      }),
      { numRuns: 10 },
    );
  });

  it("an issued quote keeps its prices whatever else is published, until it expires; then it can't be accepted or ordered", async () => {
    const stub = quoteObject("locked");
    await openQuote(edgeEnv, opening("locked"), Date.now());
    const sent = await carryOut(stub, life.slice(0, 5));
    const { lines, pin, total } = sent.revisions.at(-1) ?? sent.revisions[0];
    const accept = (key: string) =>
      stub.execute({
        actor: buyer,
        command: { command: "accept", picks: {} },
        expected: sent.version,
        idempotency: { scope: key, digest: "d" },
      });
    for (const jump of [day, 10 * day, 30 * day]) {
      vi.setSystemTime(start + jump);
      await evictDurableObject(stub);
      const now = await stub.read();
      expect(now?.revisions.at(-1)).toMatchObject({ lines, pin, total });
    }
    vi.setSystemTime(Date.parse("2031-01-31T23:59:59.999Z"));
    const other = quoteObject("locked-too");
    await other.open(opening("locked-too"));
    const { version } = await carryOut(other, life.slice(0, 5));
    expect(version).toBe(sent.version);
    const ordered = await carryOut(other, life.slice(5));
    expect(orderOf(ordered)?.lines).toMatchObject([{ unitPrice: "9.50", lineTotal: "95.00" }]);

    // From this instant on, whether or not its alarm has rung.
    vi.setSystemTime(Date.parse("2031-02-01T00:00:00.000Z"));
    expect(await accept("k1")).toEqual({ kind: "refused", refusal: { reason: "expired" } });
    await stub.wake();
    expect(await stub.read()).toMatchObject({ status: "expired" });
    expect((await accept("k2")).kind).toBe("stale");
    expect(await listOrders(edgeEnv.PUBLISHED, { limit: 100 })).not.toContainEqual(
      expect.objectContaining({ quote: "locked" }),
    );
  });
});

describe("the sweep: it promises that…", () => {
  it("a quote whose alarm was lost is found, whatever was due", async () => {
    await withQuoteObject("lost-alarm", undefined, async (machine) => {
      await machine.ask((object) => object.open(opening("lost-alarm")));
      await machine.ask((object) => carryOut(object, [submit, remindedOffer(2)]));
      await machine.ring();
    });
    // Its alarm was the machine's. The object itself has been there since before it was opened.
    await evictDurableObject(quoteObject("lost-alarm"));
    for (const [hours, version] of [
      [1, 4],
      [3, 5],
      [3.5, 5],
      [49, 6],
    ] as const) {
      vi.setSystemTime(start + hours * hour);
      await sweepQuotes(edgeEnv, Date.now());
      expect(await rowOf("lost-alarm")).toMatchObject({ status: "awaiting_approval", version });
      await loseAlarm("lost-alarm");
    }
    vi.setSystemTime(start + 11 * day);
    await sweepQuotes(edgeEnv, Date.now());
    expect(await rowOf("lost-alarm")).toMatchObject({ status: "expired" });
  });

  it("one that was opened, and of which nobody was told, is found", async () => {
    await openQuote(edgeEnv, opening("untold"), Date.now());
    expect(await rowOf("untold")).toMatchObject({ version: 0 });
    const listed = await listQuotes(edgeEnv.PUBLISHED, { side: "seller", customers: null, limit: 100 });
    expect(listed.map(({ quote }) => quote)).not.toContain("untold");
    vi.setSystemTime(start + hour);
    await sweepQuotes(edgeEnv, Date.now());
    expect(await rowOf("untold")).toMatchObject({ version: 1, status: "draft" });
  });

  it("one that was never opened is forgotten", async () => {
    const lost = {
      ...edgeEnv,
      QUOTES: { getByName: () => ({ open: () => Promise.reject(new Error("lost")) }) },
    };
    await openQuote(lost as never, opening("stillborn"), Date.now()).catch(() => undefined);
    expect(await rowOf("stillborn")).toMatchObject({ version: 0 });
    vi.setSystemTime(start + hour);
    await sweepQuotes(edgeEnv, Date.now());
    expect(await rowOf("stillborn")).toBeNull();
  });

  it("nobody looks after what is over", async () => {
    const stub = quoteObject("over");
    await stub.open(opening("over"));
    await carryOut(stub, [{ actor: buyer, command: { command: "withdraw" } }]);
    await stub.wake();
    expect(await rowOf("over")).toMatchObject({ status: "withdrawn", due_at: null });
    const alarm = await runInDurableObject(stub, (_object, state) => state.storage.getAlarm());
    expect(alarm).toBeNull();
  });
});

interface Column {
  readonly name: string;
  readonly type: string;
  readonly notnull: number;
}

describe("lists, inboxes and pins: they promise that…", () => {
  it.each(Object.values(tables).map(getTableConfig))(
    "drizzle reads $name as its migration made it",
    async ({ name, columns, indexes }) => {
      const table = edgeEnv.PUBLISHED.prepare("SELECT * FROM pragma_table_info(?)").bind(name);
      const made = (await table.all<Column>()).results.map((column) => [
        column.name,
        column.type.toLowerCase(),
        column.notnull === 1,
      ]);
      expect(made).toEqual(columns.map((column) => [column.name, column.getSQLType(), column.notNull]));
      const found = await edgeEnv.PUBLISHED.prepare(
        "SELECT name FROM pragma_index_list(?) WHERE origin = 'c' ORDER BY name",
      )
        .bind(name)
        .all<{ name: string }>();
      expect(found.results.map((index) => index.name)).toEqual(
        indexes.map(({ config }) => config.name).sort(),
      );
    },
  );

  it("a buyer's list shows what the buyer may see, and a seller's all", async () => {
    const stub = quoteObject("listed");
    await openQuote(edgeEnv, opening("listed", { customer: "LISTED" }), Date.now());
    await carryOut(stub, life.slice(0, 2));
    await stub.wake();
    const list = async (side: "buyer" | "seller", customers: readonly string[] | null) =>
      listQuotes(edgeEnv.PUBLISHED, { side, customers, customer: "LISTED", limit: 10 });
    expect(await list("buyer", ["LISTED"])).toMatchObject([
      { quote: "listed", revision: 1, total: "90.00", discount: null },
    ]);
    expect(await list("seller", null)).toMatchObject([
      { quote: "listed", revision: 2, total: "95.00", discount: "5.00" },
    ]);
    expect(await list("buyer", ["C1"])).toEqual([]);

    await openQuote(edgeEnv, opening("hidden", { customer: "LISTED", actor: seller }), Date.now());
    await quoteObject("hidden").wake();
    expect((await list("buyer", null)).map(({ quote }) => quote)).toEqual(["listed"]);
    expect((await list("seller", null)).map(({ quote }) => quote)).toEqual(["listed", "hidden"]);
  });

  it("a page goes on where the one before ended", async () => {
    for (let number = 1; number <= 5; number++) {
      vi.setSystemTime(start + Math.floor(number / 2) * 1000);
      await openQuote(edgeEnv, opening(`page-${number}`, { customer: "PAGED" }), Date.now());
      await quoteObject(`page-${number}`).wake();
    }
    const found: string[] = [];
    for (let before: { changedAt: string; quote: string } | undefined; ;) {
      const page = await listQuotes(edgeEnv.PUBLISHED, {
        side: "seller",
        customers: ["PAGED"],
        before,
        limit: 2,
      });
      found.push(...page.map(({ quote }) => quote));
      before = page.at(-1);
      if (before === undefined) break;
    }
    expect(found).toEqual(["page-5", "page-4", "page-3", "page-2", "page-1"]);
    const drafts = await listQuotes(edgeEnv.PUBLISHED, {
      side: "seller",
      customers: ["PAGED"],
      statuses: ["sent", "accepted"],
      limit: 9,
    });
    expect(drafts).toEqual([]);
  });

  it("an inbox that was deleted is made again from the quotes, and each addressee's is its own", async () => {
    const ids = ["in-1", "in-2", "in-3"];
    for (const id of ids) {
      await quoteObject(id).open(opening(id));
      await carryOut(quoteObject(id), life.slice(0, 2));
      await quoteObject(id).wake();
    }
    await carryOut(quoteObject("in-2"), approvals.slice(0, 1));
    await quoteObject("in-2").wake();
    const inboxes = async () => ({
      head: (await readInboxes(edgeEnv, ["role/head"])).map(({ quote }) => quote),
      chief: (await readInboxes(edgeEnv, ["role/chief"])).map(({ quote }) => quote),
    });
    const own = async () => {
      const { head, chief } = await inboxes();
      return { head: head.filter((id) => ids.includes(id)), chief: chief.filter((id) => ids.includes(id)) };
    };
    expect(await own()).toEqual({ head: ["in-1", "in-3"], chief: ["in-2"] });
    for (const addressee of ["role/head", "role/chief"]) {
      await runInDurableObject(inboxObject(addressee), (_object, state) => state.storage.deleteAll());
      await evictDurableObject(inboxObject(addressee));
    }
    expect(await own()).toEqual({ head: ["in-1", "in-3"], chief: ["in-2"] });
    expect(await readInboxes(edgeEnv, ["role/head"])).toContainEqual(
      expect.objectContaining({
        quote: "in-1",
        tier: 1,
        total: "95.00",
        causes: [expect.objectContaining({ policy: "tier-1" })],
      }),
    );
  });

  it("an inbox keeps what it was told over evictions, and a message that comes late undoes nothing", async () => {
    const addressee = "person/Zoë Ünal";
    const inbox = inboxObject(addressee);
    const note = (version: number, isAsked: boolean) =>
      inbox.note({ addressee, quote: "q", version, isAsked });
    await note(3, true);
    await evictDurableObject(inbox);
    expect(await inbox.quotes(addressee)).toEqual(["q"]);
    await note(7, false);
    await evictDurableObject(inbox);
    await note(3, true);
    expect(await inbox.quotes(addressee)).toEqual([]);
    await note(9, true);
    await note(7, false);
    expect(await inbox.quotes(addressee)).toEqual(["q"]);
  });

  it("a quote holds the snapshot of its newest revision for as long as that can be ordered, and no other", async () => {
    const pins = async () => {
      const { results } = await edgeEnv.PUBLISHED.prepare(
        "SELECT snapshot, until IS NULL AS kept FROM pins WHERE holder = 'quote/pins' ORDER BY snapshot",
      ).all();
      return results.map(({ snapshot, kept }) => `${String(snapshot)}${kept === 1 ? "" : " for now"}`);
    };
    await openQuote(edgeEnv, opening("pins"), Date.now());
    expect(await pins()).toEqual(["s1 for now"]);
    const stub = quoteObject("pins");
    await stub.wake();
    expect(await pins()).toEqual(["s1"]);
    const revise: Move = {
      actor: buyer,
      command: { command: "revise", set: priced([{}], { snapshot: "s2" }) },
    };
    const execution = { ...revise, expected: 1, idempotency: { scope: "k", digest: "d" } };
    await executeCommand(edgeEnv, { quote: "pins", execution, now: Date.now() });
    expect(await pins()).toEqual(["s1", "s2 for now"]);
    await stub.wake();
    expect(await pins()).toEqual(["s2"]);
    await carryOut(stub, [{ actor: buyer, command: { command: "withdraw" } }]);
    await stub.wake();
    expect(await pins()).toEqual([]);
  });

  it("whom an approval was handed on to finds it in their inbox, and who handed it on does not", async () => {
    const id = "delegated";
    const stub = quoteObject(id);
    await stub.open(opening(id));
    const personal: Move = {
      ...offer,
      command: { command: "offer", assessment: assessmentOf([[{ person: "anna-d" }]]) },
    };
    const delegate: Move = {
      actor: approver("anna-d"),
      command: {
        command: "delegate",
        authority: { person: "anna-d", roles: [], standsInFor: [] },
        to: "dora-d",
      },
    };
    await carryOut(stub, [{ actor: buyer, command: { command: "submit" } }, personal]);
    await stub.wake();
    const inboxes = () =>
      Promise.all(
        ["person/anna-d", "person/dora-d"].map(async (each) => (await readInboxes(edgeEnv, [each])).length),
      );
    expect(await inboxes()).toEqual([1, 0]);
    await carryOut(stub, [delegate]);
    await stub.wake();
    expect(await inboxes()).toEqual([0, 1]);
    // Not only since D1 does not confirm it.
    expect(await inboxObject("person/anna-d").quotes("person/anna-d")).toEqual([]);
  });
});
