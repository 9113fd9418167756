import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { guardDefaults } from "../../control-plane/guard/guard-settings.ts";
import type { GuardReport } from "../../control-plane/guard/verdict.ts";
import { emptyCatalog, ErpFeed } from "../support/erp-feed.ts";
import { withPublisher, type PublisherMachine } from "../support/publisher-machine.ts";

/** What becomes of a publish that looks like an accident, and of those that come after it. */

const feed = new ErpFeed(env.CATALOG);
const numbers = Array.from({ length: 12 }, (_, index) => index);
const sku = (number: number) => `P${String(number).padStart(2, "0")}`;

const price = (id: string, number: number, amount: string, more: object = {}) => ({
  type: "price",
  id,
  sku: sku(number),
  currency: "EUR",
  amount,
  ...more,
});
const company = [
  { type: "category", id: "left" },
  { type: "customerGroup", id: "resellers" },
  { type: "priceList", id: "L", currency: "EUR" },
  ...numbers.map((number) => ({
    type: "product",
    id: sku(number),
    name: "a product",
    unit: "EA",
    ...(number % 2 === 0 ? { category: "left" } : {}),
  })),
  { type: "customer", id: "ONE", name: "One", groups: ["resellers"] },
  { type: "customer", id: "TWO", name: "Two", lists: ["L"] },
  { type: "customer", id: "THREE", name: "Three" },
];
const prices = (amount: (number: number) => string) =>
  numbers.map((number) => price(`all${number}`, number, amount(number)));
const usual = prices((number) => `${10 + number}.00`);
const withoutPoint = prices((number) => `${10 + number}00`);
const raised = prices((number) => `${11 + number}.00`);
const contracts = (amount: string) =>
  numbers.map((number) => price(`own${number}`, number, amount, { customer: "THREE" }));
const listed = (amount: string) =>
  numbers.map((number) => price(`list${number}`, number, amount, { list: "L" }));
const discount = (percentOff: string, more: object = {}) => ({
  type: "rule",
  id: "discount",
  rank: 1,
  who: { groups: ["resellers"] },
  effect: { percentOff },
  ...more,
});
const gone = (records: readonly { readonly type: string; readonly id: string }[]) =>
  records.map(({ type, id }) => ({ type, id, op: "delete" }));

beforeEach(async () => {
  await emptyCatalog(env.CATALOG);
  await env.PUBLISHED.exec("DELETE FROM snapshots");
  await feed.push(company);
});

interface Made {
  readonly id: string;
  readonly status: string;
  readonly isLive: boolean;
  readonly guard: GuardReport | null;
}

async function made(machine: PublisherMachine, id: string): Promise<Made> {
  const row = await env.PUBLISHED.prepare("SELECT status, guard FROM snapshots WHERE id = ?")
    .bind(id)
    .first<{ status: string; guard: string | null }>();
  return {
    id,
    status: row?.status ?? "",
    isLive: (await machine.head.current())?.snapshot === id,
    guard: JSON.parse(row?.guard ?? "null") as GuardReport | null,
  };
}

async function publish(machine: PublisherMachine, confirmed = false): Promise<Made> {
  const outcome = await machine.run((publisher) =>
    publisher.publish({ note: undefined, hold: false, confirmed }),
  );
  if (outcome.kind === "crashed") throw new Error("Nothing was to go wrong");
  await machine.runAlarms();
  return made(machine, outcome.value);
}

const checksOf = ({ guard }: Made) => guard?.checks.map(({ check, prices, of }) => [check, prices, of]);

describe("the guard: it promises that…", () => {
  it("prices that lost their decimal point are held, and say what they would have become", async () => {
    await withPublisher("guard-point", async (machine) => {
      await feed.push(usual);
      const before = await publish(machine);
      expect(before).toMatchObject({ status: "complete", isLive: true, guard: null });
      await feed.push(withoutPoint);
      const held = await publish(machine);
      expect(held).toMatchObject({ status: "complete", isLive: false, guard: { live: before.id } });
      expect(checksOf(held)).toEqual([["jumped", 12, 12]]);
      expect(held.guard?.checks[0]?.examples).toHaveLength(5);
      expect(held.guard?.checks[0]?.examples).toContainEqual({
        sku: "P00",
        currency: "EUR",
        before: { unitPrice: "10.00", per: "1" },
        after: { unitPrice: "1000.00", per: "1" },
      });
      expect((await machine.head.current())?.snapshot).toBe(before.id);
    });
  });

  it("a later publish that repairs it goes live, and one that does not is held too", async () => {
    await withPublisher("guard-later", async (machine) => {
      await feed.push(usual);
      const first = await publish(machine);
      await feed.push(withoutPoint);
      await publish(machine);
      await feed.push([{ type: "product", id: "NEW", name: "New", unit: "EA" }]);
      const still = await publish(machine);
      expect(still).toMatchObject({ isLive: false, guard: { live: first.id } });
      await feed.push(raised);
      expect(await publish(machine)).toMatchObject({ isLive: true, guard: null });
    });
  });

  it("what is held goes live when it is activated, and is what later ones are compared with", async () => {
    await withPublisher("guard-activated", async (machine) => {
      await feed.push(usual);
      const before = await publish(machine);
      await feed.push(withoutPoint);
      const held = await publish(machine);
      await machine.run((publisher) => publisher.activate(held.id));
      expect(await made(machine, held.id)).toMatchObject({ isLive: true });
      // Going back is the same size of change, and is never judged.
      await machine.run((publisher) => publisher.activate(before.id));
      expect(await made(machine, before.id)).toMatchObject({ isLive: true });
      await machine.run((publisher) => publisher.activate(held.id));
      await feed.push([price("all0", 0, "1010")]);
      expect(await publish(machine)).toMatchObject({ isLive: true });
      await feed.push(usual);
      expect(await publish(machine)).toMatchObject({ isLive: false });
    });
  });

  it("what is confirmed up front, or turned off, is not judged", async () => {
    await withPublisher("guard-confirmed", async (machine) => {
      await feed.push(usual);
      await publish(machine);
      await feed.push(withoutPoint);
      expect(await publish(machine, true)).toMatchObject({ isLive: true, guard: null });
      await machine.run((publisher) => publisher.setGuard({ ...guardDefaults, on: false }));
      await feed.push(usual);
      expect(await publish(machine)).toMatchObject({ isLive: true, guard: null });
    });
  });

  it("the clock does not publish again what is held, until the settings are others", async () => {
    await withPublisher("guard-clock", async (machine) => {
      await feed.push(usual);
      await publish(machine);
      await feed.push(withoutPoint);
      const held = await publish(machine);
      await machine.run((publisher) => publisher.catchUp());
      await machine.runAlarms();
      const count = await env.PUBLISHED.prepare("SELECT count(*) AS count FROM snapshots").first("count");
      expect(count).toBe(2);
      await machine.run((publisher) => publisher.setGuard({ ...guardDefaults, factor: 1000 }));
      await machine.runAlarms();
      const { isLive } = await made(machine, held.id);
      expect([isLive, (await machine.head.current())?.number]).toEqual([false, 2]);
    });
  });

  it.each(["dies", "diesAfter", "fails", "lost"] as const)(
    "whenever a call %s, what looks like an accident is held, once, and never live",
    async (fate) => {
      await withPublisher(`guard-${fate}`, async (machine) => {
        await feed.push(usual);
        const before = await publish(machine);
        for (let at = 1; ; at++) {
          const { sequence } = await feed.push(prices((number) => `${10 + number}0${at}`));
          machine.setFates((_call, number) => (number === at ? fate : "works"));
          await machine
            .run((publisher) => publisher.publish({ note: undefined, hold: false }))
            .catch(() => undefined);
          await machine.runAlarms();
          const count = machine.calls.length;
          machine.setFates();
          await machine.runAlarms();
          await machine.run((publisher) => publisher.catchUp());
          await machine.runAlarms();
          const { results } = await env.PUBLISHED.prepare(
            "SELECT status, guard IS NOT NULL AS guarded FROM snapshots WHERE sequence = ?",
          )
            .bind(sequence)
            .all();
          expect([at, results]).toEqual([at, [{ status: "complete", guarded: 1 }]]);
          expect((await machine.head.current())?.snapshot).toBe(before.id);
          if (count < at) break;
        }
        await feed.push(raised);
        expect(await publish(machine)).toMatchObject({ isLive: true });
      });
    },
    240_000,
  );

  it("one that is activated while another is judged is what that one is compared with", async () => {
    await withPublisher("guard-overtaken", async (machine) => {
      await feed.push(usual);
      await publish(machine);
      await feed.push(withoutPoint);
      const held = await publish(machine);
      // Whatever was found when the head is about to move, a manager confirms the held one just then.
      await feed.push(raised);
      let isActivated = false;
      machine.setFates((call) => {
        if (call !== "head.move" || isActivated) return "works";
        isActivated = true;
        return "fails";
      });
      const outcome = await machine.run((publisher) => publisher.publish({ note: undefined, hold: false }));
      while (!isActivated) await machine.ring();
      machine.setFates();
      await machine.run((publisher) => publisher.activate(held.id));
      await machine.runAlarms();
      if (outcome.kind === "crashed") throw new Error("Nothing was to go wrong");
      expect(await made(machine, outcome.value)).toMatchObject({ isLive: false, guard: { live: held.id } });
    });
  });

  // Each: what is live, what is pushed then, and the checks that fire.
  it.each<[string, readonly object[], readonly object[], unknown]>([
    ["a small change of all prices", usual, raised, undefined],
    ["a jump of nine products", usual, withoutPoint.slice(0, 9), undefined],
    ["a jump of ten products", usual, withoutPoint.slice(0, 10), [["jumped", 10, 10]]],
    ["a fall to a hundredth", withoutPoint, usual, [["jumped", 12, 12]]],
    ["a jump of contracts", [...usual, ...contracts("9.00")], contracts("900"), [["jumped", 12, 12]]],
    ["contracts that are far from what was paid", usual, contracts("0.10"), [["jumped", 12, 12]]],
    ["contracts that come", usual, contracts("9.00"), undefined],
    ["contracts that are gone", [...usual, ...contracts("9.00")], gone(contracts("9")), [["gone", 12, 24]]],
    ["a list's jump", [...usual, ...listed("9.00")], listed("900"), [["jumped", 12, 12]]],
    ["a list far below everyone's prices", usual, listed("0.09"), [["jumped", 12, 12]]],
    ["prices that are gone", usual, gone(usual.slice(0, 10)), [["gone", 10, 12]]],
    ["products that are gone", usual, gone(company.slice(3, 13)), [["gone", 10, 12]]],
    ["a discount that comes", usual, [discount("10")], undefined],
    ["a discount that goes", [...usual, discount("10")], gone([discount("10")]), undefined],
    ["a discount that is another", [...usual, discount("10")], [discount("12")], undefined],
    ["a discount of everything", [...usual, discount("10")], [discount("100")], [["zero", 12, 12]]],
    [
      "a discount for a category, which moves products",
      usual,
      [discount("10", { what: { categories: ["left"] } })],
      undefined,
    ],
    [
      "a jump together with what moves products",
      usual,
      [discount("10", { what: { categories: ["left"] } }), ...withoutPoint],
      [["jumped", 18, 18]],
    ],
    ["prices for free", usual, prices(() => "0").map((one) => ({ ...one, free: true })), [["zero", 12, 12]]],
    [
      "a price that jumps in time",
      usual,
      prices((number) => `${10 + number}00`).map((one) => ({
        ...one,
        id: `${one.id}-then`,
        from: "2090-01-01",
      })),
      [["jumped", 12, 12]],
    ],
    [
      "tiers that come",
      usual,
      usual.map((one) => ({ ...one, id: `${one.id}-ten`, minQuantity: "10" })),
      undefined,
    ],
    [
      "a jump of tiers",
      usual,
      withoutPoint.map((one) => ({ ...one, id: `${one.id}-ten`, minQuantity: "10" })),
      [["jumped", 12, 12]],
    ],
    ["the same per hundred", usual, withoutPoint.map((one) => ({ ...one, per: "100" })), undefined],
    [
      "prices that are over",
      usual,
      usual.map((one) => ({ ...one, until: "2020-01-01" })),
      [["gone", 12, 12]],
    ],
    [
      "other currency's prices",
      usual,
      usual.map((one) => ({ ...one, id: `${one.id}-usd`, currency: "USD" })),
      undefined,
    ],
  ])("%s", async (name, live, pushed, checks) => {
    await withPublisher(`guard ${name}`, async (machine) => {
      expect((await feed.push(live)).counts).toMatchObject({ invalid: 0, parked: 0 });
      await publish(machine);
      expect((await feed.push(pushed)).counts).toMatchObject({ invalid: 0, parked: 0 });
      const outcome = await publish(machine);
      expect(checksOf(outcome)).toEqual(checks);
      expect(outcome).toMatchObject({ status: "complete", isLive: checks === undefined });
    });
  });
});
