import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ControlEnv } from "../../control-plane/env.ts";
import { recordOf } from "../../control-plane/publish/load-plan.ts";
import type { StoredRecord } from "../../control-plane/queries/read-records.ts";
import { parseInstant } from "../../shared/pricing/instant.ts";
import type { Customer, Price, PricingRecord } from "../../shared/pricing/records.ts";
import { referencePrice } from "../../shared/pricing/reference/reference-price.ts";
import { companyOfSample, testedInstants } from "../sample/company.ts";
import { sampleFeed, sampleRecords } from "../sample/feed.ts";
import { compileInMemory } from "../support/compile-in-memory.ts";
import { publish, push } from "../support/erp.ts";
import { startPlanes, type Planes } from "../support/planes.ts";

const now = new Date("2026-11-23T12:00:00Z");
const quantities = ["1", "11", "25", "61"];
const linesMax = 500;
const requestsAtOnce = 4;

let planes: Planes;
let token: string;

beforeAll(async () => {
  planes = await startPlanes();
  const { received, counts } = await push(planes, sampleFeed(now));
  expect(counts["applied"]).toBe(received);
  ({ token } = await publish(planes));
});

afterAll(async () => {
  await planes.close();
});

interface Line {
  readonly sku: string;
  readonly quantity: string;
}

interface EdgeLine extends Line {
  readonly unitPrice?: string;
  readonly lineTotal?: string;
  readonly unavailable?: { readonly code: string };
}

async function askEdge(customer: string, at: string, lines: readonly Line[]): Promise<readonly EdgeLine[]> {
  const response = await planes.edge.fetch("/v1/prices", {
    method: "POST",
    headers: { Authorization: `Bearer ${planes.keys.storefront.key}`, "Content-Type": "application/json" },
    body: JSON.stringify({ customer, at, atLeast: token, lines }),
  });
  expect(response.status).toBe(200);
  return (await response.json<{ lines: EdgeLine[] }>()).lines;
}

/** One text for what either side says of a line, so that they compare exactly. */
function told({ sku, quantity }: Line, answer: { unitPrice: string; lineTotal: string } | string): string {
  const price = typeof answer === "string" ? answer : `${answer.unitPrice} each, ${answer.lineTotal}`;
  return `${quantity} of ${sku}: ${price}`;
}

function edgeTold(line: EdgeLine): string {
  const { unitPrice = "", lineTotal = "", unavailable } = line;
  return told(line, unavailable?.code ?? { unitPrice, lineTotal });
}

/**
 * The reference evaluator over the records that can concern a question, which it would otherwise read through
 * one by one. Customers whose records are the same but for their names are asked for once.
 */
class Reference {
  readonly #shared: readonly PricingRecord[];
  readonly #products: ReadonlyMap<string, PricingRecord>;
  readonly #prices: ReadonlyMap<string, readonly Price[]>;
  readonly #customers: ReadonlyMap<string, Customer>;
  readonly #kinds = new Map<string, string>();
  readonly #known = new Map<string, string>();

  constructor(records: readonly PricingRecord[]) {
    const isOwn = ({ type }: PricingRecord) => ["product", "price", "customer"].includes(type);
    this.#shared = records.filter((record) => !isOwn(record));
    this.#products = new Map(
      records.flatMap((record) => (record.type === "product" ? [[record.id, record]] : [])),
    );
    this.#customers = new Map(
      records.flatMap((record) => (record.type === "customer" ? [[record.id, record]] : [])),
    );
    this.#prices = Map.groupBy(
      records.filter((record): record is Price => record.type === "price"),
      ({ sku }) => sku,
    );
  }

  told(customerId: string, at: string, line: Line): string {
    const prices = this.#prices.get(line.sku) ?? [];
    const own = prices.filter(({ customer }) => customer === customerId);
    const key = `${own.length === 0 ? this.#kindOf(customerId) : customerId} ${at} ${line.quantity} ${line.sku}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const customer = this.#customers.get(customerId);
    const product = this.#products.get(line.sku);
    if (customer === undefined || product === undefined)
      throw new Error("The sample has no such customer or SKU");
    const everyones = prices.filter((price) => price.customer === undefined);
    const answer = referencePrice([...this.#shared, customer, product, ...everyones, ...own], {
      ...line,
      customer: customerId,
      currency: "USD",
      at: parseInstant(at) ?? 0,
    });
    const text = told(line, "unavailable" in answer ? answer.unavailable : answer);
    this.#known.set(key, text);
    return text;
  }

  /** All of a customer's record but its names, which no record of the sample refers to. */
  #kindOf(customerId: string): string {
    const known = this.#kinds.get(customerId);
    if (known !== undefined) return known;
    const kind = JSON.stringify({ ...this.#customers.get(customerId), id: undefined, name: undefined });
    this.#kinds.set(customerId, kind);
    return kind;
  }
}

describe("the sample company", () => {
  it("has the same snapshot, byte for byte, when it is compiled in Node", async () => {
    const { CATALOG, PUBLISHED } = (await planes.workers.control.getEnv()) as ControlEnv;
    const live = await PUBLISHED.prepare(
      "SELECT sequence, manifest FROM snapshots WHERE status = 'complete' ORDER BY number DESC LIMIT 1",
    ).first<{ sequence: number; manifest: string }>();
    const { results } = await CATALOG.prepare(
      "SELECT type, id, body FROM records WHERE until IS NULL AND deleted = 0",
    ).all<StoredRecord>();
    const records = results.map((row) => recordOf<PricingRecord>(row));
    expect(compileInMemory(records, live?.sequence).manifestHash).toBe(live?.manifest);
  });

  it("has the reference evaluator's price at the edge: all stores, all products, four quantities, three dates", async () => {
    const records = sampleRecords(now) as unknown as PricingRecord[];
    const reference = new Reference(records);
    const { storeIds, skus } = companyOfSample(sampleRecords(now));
    const lines = skus.flatMap((sku) => quantities.map((quantity) => ({ sku, quantity })));
    const baskets = Array.from({ length: Math.ceil(lines.length / linesMax) }, (_, index) =>
      lines.slice(index * linesMax, (index + 1) * linesMax),
    );
    const questions = testedInstants(now).flatMap((at) =>
      storeIds.flatMap((customer) => baskets.map((basket) => ({ customer, at, basket }))),
    );
    let compared = 0;
    const priced = new Set<string>();
    const work = questions[Symbol.iterator]();
    const askAll = async () => {
      for (const { customer, at, basket } of work) {
        const answered = (await askEdge(customer, at, basket)).map(edgeTold);
        const expected = basket.map((line) => reference.told(customer, at, line));
        // Millions of lines: the test's own comparison, which can show a difference, is for those that differ.
        if (answered.join() !== expected.join()) {
          expect({ customer, at, lines: answered }).toEqual({ customer, at, lines: expected });
        }
        compared += answered.length;
        for (const text of answered) if (text.includes("each")) priced.add(text);
      }
    };
    await Promise.all(Array.from({ length: requestsAtOnce }, askAll));
    expect(compared).toBe(storeIds.length * skus.length * quantities.length * testedInstants(now).length);
    // Not all the same, nor all unavailable.
    expect(priced.size).toBeGreaterThan(2_000);
  }, 600_000);
});
