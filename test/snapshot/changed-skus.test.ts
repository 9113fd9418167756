import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  readChangeCursor,
  signChangeCursor,
  type ChangeCursor,
} from "../../shared/snapshot/change-cursor.ts";
import { changedSkus, firstPosition } from "../../shared/snapshot/changed-skus.ts";
import type { PricingRecord } from "../../shared/pricing/records.ts";
import { compareSnapshots } from "../../control-plane/comparison/compare-snapshots.ts";
import { collectChanges } from "../../workers/snapshots/collect-changes.ts";
import { compileInMemory, type CompiledCompany } from "../support/compile-in-memory.ts";
import { companyArbitrary } from "../support/generate-company.ts";

const secret = "a secret of the tests, 32 characters at least";
const instants = ["2020-01-01", "2026-06-15", "2026-12-31", "2040-01-01"].map((day) => Date.parse(day));

/** Two companies of which the second is the first with some records exchanged. */
const change = fc
  .tuple(companyArbitrary(), companyArbitrary(), fc.infiniteStream(fc.nat(3)))
  .map(([before, other, choices]) => {
    const key = ({ type, id }: PricingRecord) => `${type}/${id}`;
    const merged = new Map(before.map((record) => [key(record), record]));
    for (const record of other) if (choices.next().value === 0) merged.set(key(record), record);
    for (const record of before)
      if (choices.next().value === 0 && record.type !== "product") merged.delete(key(record));
    return [compileInMemory(before), compileInMemory([...merged.values()], 2)] as const;
  });

/** All pages, as a reader with this limit gets them. */
async function allPages(
  before: CompiledCompany,
  after: CompiledCompany,
  { limit, customers = null }: { limit: number; customers?: readonly string[] | null },
): Promise<string[]> {
  const found: string[] = [];
  let from: typeof firstPosition | undefined = firstPosition;
  while (from !== undefined) {
    const page: Awaited<ReturnType<typeof collectChanges>> = await collectChanges(before, after, {
      customers,
      limit,
      from,
    });
    const own = [...page.found].flatMap(([customer, skus]) => skus.map((sku) => `${customer} ${sku}`));
    expect(own.length).toBeLessThanOrEqual(limit);
    found.push(...own);
    from = page.position;
  }
  return found;
}

describe("the changes between two snapshots: it promises that…", () => {
  it("every price that differs at some time is among them, and none is told twice", async () => {
    await fc.assert(
      fc.asyncProperty(change, async ([before, after]) => {
        const found = await allPages(before, after, { limit: 1000 });
        expect(new Set(found).size).toBe(found.length);
        for (const at of instants) {
          for await (const { customer, sku } of compareSnapshots(before, after, at)) {
            expect(found).toContain(`${customer} ${sku}`);
          }
        }
      }),
      { numRuns: 150 },
    );
  }, 120_000);

  it("pages of any size have the same changes in the same order, and a customer's own are the same alone", async () => {
    await fc.assert(
      fc.asyncProperty(change, fc.integer({ min: 1, max: 5 }), async ([before, after], limit) => {
        const whole = await allPages(before, after, { limit: 1000 });
        expect(await allPages(before, after, { limit })).toEqual(whole);
        for (const customer of new Set(whole.map((one) => one.split(" ")[0] ?? ""))) {
          expect(await allPages(before, after, { limit, customers: [customer] })).toEqual(
            whole.filter((one) => one.startsWith(`${customer} `)),
          );
        }
      }),
      { numRuns: 60 },
    );
  }, 120_000);

  it("nothing is read of a snapshot that is compared with itself", async () => {
    const [records] = fc.sample(companyArbitrary(), { numRuns: 1, seed: 1 });
    const compiled = compileInMemory(records ?? []);
    const refuse = () => Promise.reject(new Error("A segment was read"));
    const silent = { ...compiled, reader: { prices: refuse, products: refuse, customers: refuse } };
    const found: unknown[] = [];
    for await (const step of changedSkus(silent, silent, null, firstPosition)) found.push(step);
    expect(found).toEqual([]);
  });
});

describe("the work for a page of changes: it promises that…", () => {
  const customers = [...Array(300).keys()].map((index) => `C${index}`);
  const company = (amountOf: (index: number) => string): PricingRecord[] => [
    { type: "product", id: "A", name: "A", unit: "EA" },
    ...customers.map((id): PricingRecord => ({ type: "customer", id, name: id, currency: "EUR" })),
    ...customers.map((customer, index): PricingRecord => ({
      type: "price",
      id: `p${index}`,
      customer,
      sku: "A",
      currency: "EUR",
      amount: amountOf(index),
    })),
  ];
  const before = compileInMemory(company((index) => `1.${index}`));

  /** How many segments each page reads, and all that they tell. */
  async function workOf(after: CompiledCompany): Promise<{ found: string[]; reads: number[] }> {
    const found: string[] = [];
    const reads: number[] = [];
    for (let from: typeof firstPosition | undefined = firstPosition; from !== undefined;) {
      const read = new Set<string>();
      const counted = ({ manifest, reader }: CompiledCompany) => ({
        manifest,
        reader: {
          prices: (hash: string) => reader.prices((read.add(hash), hash)),
          products: (hash: string) => reader.products((read.add(hash), hash)),
          customers: (hash: string) => reader.customers((read.add(hash), hash)),
        },
      });
      const page: Awaited<ReturnType<typeof collectChanges>> = await collectChanges(
        counted(before),
        counted(after),
        { customers: null, limit: 1000, from },
      );
      found.push(...page.found.keys());
      reads.push(read.size);
      from = page.position;
    }
    return { found, reads };
  }

  it("one customer's price among many is found in a few reads", async () => {
    const { found, reads } = await workOf(
      compileInMemory(
        company((index) => (index === 7 ? "2" : `1.${index}`)),
        2,
      ),
    );
    expect(found).toEqual(["C7"]);
    expect(reads.length).toBe(1);
    expect(reads[0]).toBeLessThan(10);
  });

  it("however much differs, a page reads no more than a request may, and all of it is told in the end", async () => {
    const { found, reads } = await workOf(
      compileInMemory(
        company((index) => `2.${index}`),
        2,
      ),
    );
    expect(found.toSorted()).toEqual(customers.toSorted());
    expect(reads.length).toBeGreaterThan(2);
    expect(Math.max(...reads)).toBeLessThan(250);
  });
});

describe("a cursor of changes: it promises that…", () => {
  const cursor: ChangeCursor = {
    seen: { number: 7, manifest: "A".repeat(22) },
    toward: {
      head: { number: 9, manifest: "B".repeat(22), snapshot: crypto.randomUUID(), sequence: 12 },
      position: { shard: 3, customer: "Müller & Söhne/ß ☃", unit: 2, candidate: 1 },
    },
  };

  it("it is read as it was signed, and a query string carries it as it is", () => {
    for (const one of [cursor, { seen: cursor.seen }]) {
      const text = signChangeCursor(one, secret);
      expect(encodeURIComponent(text)).toBe(text);
      expect(readChangeCursor(text, secret)).toEqual(one);
    }
  });

  it("what was damaged, or signed with another secret, is none", () => {
    const text = signChangeCursor(cursor, secret);
    for (let index = 0; index < text.length; index++) {
      const other = text[index] === "A" ? "B" : "A";
      expect(readChangeCursor(text.slice(0, index) + other + text.slice(index + 1), secret)).toBeUndefined();
    }
    for (const bad of ["", "pwc1..", text.slice(0, -1), `${text}A`, text.replace("pwc1", "pwt1")]) {
      expect(readChangeCursor(bad, secret)).toBeUndefined();
    }
    expect(readChangeCursor(text, `${secret}, another`)).toBeUndefined();
  });
});
