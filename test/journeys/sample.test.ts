import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ControlEnv } from "../../control-plane/env.ts";
import { recordOf } from "../../control-plane/publish/load-plan.ts";
import type { StoredRecord } from "../../control-plane/queries/read-records.ts";
import { companyTypes } from "../../shared/pricing/company.ts";
import { parseInstant } from "../../shared/pricing/instant.ts";
import type { Customer, Price, PricingRecord } from "../../shared/pricing/records.ts";
import { referencePrice } from "../../shared/pricing/reference/reference-price.ts";
import { findCustomer } from "../../shared/snapshot/placed.ts";
import { companyOfSample, testedInstants } from "../sample/company.ts";
import { sampleFeed, sampleRecords } from "../sample/feed.ts";
import { compileInMemory, type CompiledCompany } from "../support/compile-in-memory.ts";
import { publish, push } from "../support/erp.ts";
import { startPlanes, type Planes } from "../support/planes.ts";

const now = new Date("2026-11-23T12:00:00Z");
const quantities = ["1", "11", "25", "61"];
const linesMax = 500;
const requestsAtOnce = 4;

let planes: Planes;
let token: string;
/** The live snapshot's manifest, and the records that it is of, compiled in Node. */
let live: string | undefined;
let compiled: CompiledCompany;

beforeAll(async () => {
  planes = await startPlanes();
  const { received, counts } = await push(planes, sampleFeed(now));
  expect(counts["applied"]).toBe(received);
  ({ token } = await publish(planes));
  const { CATALOG, PUBLISHED } = (await planes.workers.control.getEnv()) as ControlEnv;
  const row = await PUBLISHED.prepare(
    "SELECT sequence, manifest FROM snapshots WHERE status = 'complete' ORDER BY number DESC LIMIT 1",
  ).first<{ sequence: number; manifest: string }>();
  const { results } = await CATALOG.prepare(
    "SELECT type, id, body FROM records WHERE until IS NULL AND deleted = 0",
  ).all<StoredRecord>();
  live = row?.manifest;
  compiled = compileInMemory(
    results.map((stored) => recordOf<PricingRecord>(stored)),
    row?.sequence,
  );
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

interface Question {
  readonly customer: string;
  readonly at: string;
  readonly lines: readonly Line[];
}

async function askEdge({ customer, at, lines }: Question): Promise<readonly string[]> {
  const response = await planes.edge.fetch("/v1/prices", {
    method: "POST",
    headers: { Authorization: `Bearer ${planes.keys.storefront.key}`, "Content-Type": "application/json" },
    body: JSON.stringify({ customer, at, atLeast: token, lines }),
  });
  expect(response.status).toBe(200);
  return (await response.json<{ lines: EdgeLine[] }>()).lines.map(edgeTold);
}

/** All of a customer that its answers follow from, at the edge. */
async function pageOf(customer: string): Promise<string> {
  return JSON.stringify(await findCustomer(customer, compiled.manifest, compiled.reader));
}

function instantOf(at: string): number {
  const instant = parseInstant(at);
  if (instant === undefined) throw new Error(`Not an instant: ${at}`);
  return instant;
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

const sharedTypes: readonly string[] = companyTypes.filter((type) => type !== "customer");
/** What no price of the sample can follow from: no record refers to a store, and teams are for quotes. */
const unasked = { id: undefined, name: undefined, team: undefined };

/**
 * The reference evaluator over the records that can concern a question, which it would otherwise read through
 * one by one. Customers whose records are the same but for their names are asked for once.
 */
class Reference {
  readonly #shared: readonly PricingRecord[];
  readonly #products: ReadonlyMap<string, PricingRecord>;
  readonly #prices: ReadonlyMap<string, readonly Price[]>;
  readonly #customers: ReadonlyMap<string, Customer>;
  readonly #areAttributesAsked: boolean;
  readonly #withPrices: ReadonlySet<string | undefined>;
  readonly #kinds = new Map<string, string>();
  readonly #answers = new Map<readonly Line[], Map<string, readonly string[]>>();
  readonly #known = new Map<string, string>();

  constructor(records: readonly PricingRecord[]) {
    this.#shared = records.filter(({ type }) => sharedTypes.includes(type));
    this.#areAttributesAsked = records.some(
      (record) => "who" in record && record.who?.attributes !== undefined,
    );
    this.#products = new Map(
      records.flatMap((record) => (record.type === "product" ? [[record.id, record]] : [])),
    );
    this.#customers = new Map(
      records.flatMap((record) => (record.type === "customer" ? [[record.id, record]] : [])),
    );
    const prices = records.filter((record): record is Price => record.type === "price");
    this.#prices = Map.groupBy(prices, ({ sku }) => sku);
    this.#withPrices = new Set(prices.map(({ customer }) => customer));
  }

  answers({ customer, at, lines }: Question): readonly string[] {
    const ofLines = this.#answers.get(lines) ?? new Map<string, readonly string[]>();
    this.#answers.set(lines, ofLines);
    const key = `${at} ${this.kindOf(customer)}`;
    const known = ofLines.get(key) ?? lines.map((line) => this.#told(customer, at, line));
    ofLines.set(key, known);
    return known;
  }

  /** Equal for customers without prices of their own whose records say the same. */
  kindOf(customerId: string): string {
    return this.#withPrices.has(customerId) ? customerId : this.#recordOf(customerId);
  }

  #told(customerId: string, at: string, line: Line): string {
    const prices = this.#prices.get(line.sku) ?? [];
    const own = prices.filter(({ customer }) => customer === customerId);
    const whose = own.length === 0 ? this.#recordOf(customerId) : customerId;
    const key = `${whose} ${at} ${line.quantity} ${line.sku}`;
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
      at: instantOf(at),
    });
    const text = told(line, "unavailable" in answer ? answer.unavailable : answer);
    this.#known.set(key, text);
    return text;
  }

  #recordOf(customerId: string): string {
    const known = this.#kinds.get(customerId);
    if (known !== undefined) return known;
    const { attributes, ...record } = { ...this.#customers.get(customerId), ...unasked };
    const kind = JSON.stringify(this.#areAttributesAsked ? { ...record, attributes } : record);
    this.#kinds.set(customerId, kind);
    return kind;
  }
}

describe("the sample company", () => {
  it("has the same snapshot, byte for byte, when it is compiled in Node", () => {
    expect(compiled.manifestHash).toBe(live);
  });

  it("has the reference evaluator's price at the edge: all stores, all products, four quantities, three dates", async () => {
    const { storeIds, skus } = companyOfSample(sampleRecords(now));
    const reference = new Reference(sampleRecords(now) as unknown as PricingRecord[]);
    const all = skus.flatMap((sku) => quantities.map((quantity) => ({ sku, quantity })));
    const baskets = Array.from({ length: Math.ceil(all.length / linesMax) }, (_, index) =>
      all.slice(index * linesMax, (index + 1) * linesMax),
    );
    const asked = testedInstants(now).flatMap((at) => baskets.map((lines) => ({ at, lines })));
    // Stores that are the same to the reference, and have the same page at the edge, have the same answers: one of
    // them is asked for everything, and each of the others for something.
    const differing = new Map<string, string>();
    for (const id of storeIds) differing.set(`${reference.kindOf(id)} ${await pageOf(id)}`, id);
    const fully = new Set(differing.values());
    const questions = storeIds.flatMap((customer, index) =>
      asked
        .filter((_, number) => fully.has(customer) || number === index % asked.length)
        .map((question) => ({ customer, ...question })),
    );
    let compared = 0;
    const priced = new Set<string>();
    const work = questions.values();
    const askAll = async () => {
      for (const question of work) {
        const answered = await askEdge(question);
        const expected = reference.answers(question);
        // Nearly a million lines: the test's own comparison, which can show a difference, is for those that differ.
        if (answered.join() !== expected.join()) {
          expect({ ...question, lines: answered }).toEqual({ ...question, lines: expected });
        }
        compared += answered.length;
        for (const text of answered) if (text.includes("each")) priced.add(text);
      }
    };
    await Promise.all(Array.from({ length: requestsAtOnce }, askAll));
    const everything = skus.length * quantities.length * testedInstants(now).length;
    expect(compared).toBeGreaterThan(fully.size * everything);
    // Not all the same, nor all unavailable.
    expect(fully.size).toBeGreaterThan(60);
    expect(priced.size).toBeGreaterThan(2_000);
  }, 600_000);
});
