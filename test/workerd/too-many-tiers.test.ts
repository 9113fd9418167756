import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import type { SnapshotProgress } from "../../control-plane/tables/snapshots.ts";
import { priceLines } from "../../shared/snapshot/price-lines.ts";
import { d1Store } from "../../workers/snapshots/d1-store.ts";
import { SegmentCache } from "../../workers/snapshots/segment-cache.ts";
import { emptyCatalog, ErpFeed } from "../support/erp-feed.ts";
import { withPublisher, type PublisherMachine } from "../support/publisher-machine.ts";

/** What becomes of products whose prices are more than can be published, and of the others beside them. */

const feed = new ErpFeed(env.CATALOG);
const company = [
  { type: "priceList", id: "L", currency: "EUR" },
  ...["HEALTHY", "SICK"].map((id) => ({ type: "product", id, name: id, unit: "EA" })),
  { type: "customer", id: "LISTED", name: "Listed", lists: ["L"] },
  { type: "customer", id: "OWN", name: "Own" },
  { type: "customer", id: "OTHER", name: "Other" },
  ...["HEALTHY", "SICK"].map((sku) => price(`all-${sku}`, sku, "9.00")),
];

function price(id: string, sku: string, amount: string, more: object = {}) {
  return { type: "price", id, sku, currency: "EUR", amount, ...more };
}

const firstDay = Date.parse("2026-01-01");
const day = (number: number) => new Date(firstDay + number * 86_400_000).toISOString().slice(0, 10);

/** Prices that each begin on a day and from a quantity of their own. */
function daysTimesMinimums(count: number, whose: object, amount = "1") {
  return Array.from({ length: count }, (_, index) =>
    price(`${JSON.stringify(whose)}-${index}`, "SICK", `${amount}.${1000 + index}`, {
      ...whose,
      from: day(index),
      minQuantity: String(index + 2),
    }),
  );
}

beforeEach(async () => {
  await emptyCatalog(env.CATALOG);
  await env.PUBLISHED.exec("DELETE FROM snapshots");
  expect((await feed.push(company)).counts).toMatchObject({ invalid: 0, parked: 0 });
});

async function publish(machine: PublisherMachine) {
  const outcome = await machine.run((publisher) =>
    publisher.publish({ note: undefined, hold: false, confirmed: true }),
  );
  if (outcome.kind === "crashed") throw new Error("Nothing was to go wrong");
  await machine.runAlarms();
  const row = await env.PUBLISHED.prepare("SELECT status, progress FROM snapshots WHERE id = ?")
    .bind(outcome.value)
    .first<{ status: string; progress: string }>();
  const { unpriced } = JSON.parse(row?.progress ?? "{}") as Partial<SnapshotProgress>;
  return { status: row?.status, unpriced };
}

/** What the edge answers from the live snapshot for ten of either product. */
async function answers(machine: PublisherMachine, customer: string): Promise<readonly string[]> {
  const reader = new SegmentCache(100_000_000).reader(d1Store(env.PUBLISHED));
  const manifest = await reader.manifest((await machine.head.current())?.manifest ?? "");
  const lines = ["HEALTHY", "SICK"].map((sku) => ({ sku, quantity: "10" }));
  const at = Date.parse("2026-11-23T10:00:00Z");
  const answer = await priceLines({ customer, currency: "EUR", at, lines }, manifest, reader);
  if (answer.kind !== "answered") throw new Error(`${customer}: ${answer.kind}`);
  return answer.lines.map((line) => ("unitPrice" in line ? line.unitPrice : line.unavailable));
}

const sick = { count: 1, skus: ["SICK"] };
const none = { count: 0, skus: [] };

describe("a product with too many tiers: it promises that…", () => {
  it.each([
    ["a list's", "LISTED", { list: "L" }],
    ["a customer's own", "OWN", { customer: "OWN" }],
  ])(
    "%s are unavailable and named, until they are fewer, and all else is live",
    async (_name, whose, scope) => {
      await withPublisher(`tiers of ${whose}`, async (machine) => {
        await feed.push(daysTimesMinimums(1_500, scope));
        expect(await publish(machine)).toEqual({ status: "complete", unpriced: sick });
        expect(await answers(machine, whose)).toEqual(["9.00", "too_many_tiers"]);
        expect(await answers(machine, "OTHER")).toEqual(["9.00", "9.00"]);
        // What is not compiled again is named again.
        await feed.push([{ type: "customer", id: "NEW", name: "New" }]);
        expect(await publish(machine)).toEqual({ status: "complete", unpriced: sick });

        const gone = daysTimesMinimums(1_500, scope).slice(20);
        await feed.push(gone.map(({ type, id }) => ({ type, id, op: "delete" })));
        expect(await publish(machine)).toEqual({ status: "complete", unpriced: none });
        expect(await answers(machine, whose)).toEqual(["9.00", "1.1008"]);
      });
    },
    240_000,
  );

  it("a customer's own prices of more than a row's two megabytes are live", async () => {
    await withPublisher("tiers in parts", async (machine) => {
      await feed.push(daysTimesMinimums(300, { customer: "OWN" }));
      expect(await publish(machine)).toEqual({ status: "complete", unpriced: none });
      expect(await answers(machine, "OWN")).toEqual(["9.00", "1.1008"]);
    });
    // What is local takes longer rows.
    const { all, longest } = await runInDurableObject(
      env.PUBLISHER.getByName("tiers in parts"),
      (_object, { storage }) =>
        storage.sql
          .exec<{ all: number; longest: number }>(
            'SELECT sum(octet_length(text)) AS "all", max(octet_length(text)) AS longest FROM fragment_part',
          )
          .one(),
    );
    expect(all).toBeGreaterThan(2_000_000);
    expect(longest).toBeLessThan(2_000_000);
  }, 120_000);
});
