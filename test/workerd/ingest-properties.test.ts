import { env } from "cloudflare:workers";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { withAncestors } from "../../shared/pricing/ancestors.ts";
import { emptyCatalog, ErpFeed, standing } from "../support/erp-feed.ts";
import { ModelCatalog, type ModelLine } from "../support/model-catalog.ts";

const db = env.CATALOG;
const erp = new ErpFeed(db);

interface Line {
  readonly record: Record<string, unknown>;
  readonly model: ModelLine;
}

const rev = fc.option(fc.integer({ min: -2, max: 4 }), { nil: undefined });
const word = fc.constantFrom("x", "y", "z");
const number = fc.nat({ max: 3 });

function line(
  type: string,
  id: string,
  {
    content,
    refs,
    version,
    isDelete,
  }: {
    content: Record<string, unknown>;
    refs: string[];
    version: number | undefined;
    isDelete: boolean;
  },
): Line {
  const named = { type, id, ...(version === undefined ? {} : { rev: version }) };
  const model = { key: `${type}/${id}`, rev: version, refs, body: JSON.stringify(content) };
  return isDelete
    ? { record: { ...named, op: "delete" }, model: { ...model, op: "delete" } }
    : { record: { ...named, ...content }, model: { ...model, op: "upsert" } };
}

// Contents are written with sorted keys, so that the model may compare their texts. A category's parent has a
// lower number: cycles have a property of their own.
const anyLine: fc.Arbitrary<Line> = fc
  .record({
    type: fc.constantFrom("category", "product", "price"),
    own: number,
    other: fc.option(number, { nil: undefined }),
    name: word,
    version: rev,
    isDelete: fc.boolean().chain((maybe) => (maybe ? fc.boolean() : fc.constant(false))),
  })
  .map(({ type, own, other, name, version, isDelete }) => {
    const said = (content: Record<string, unknown>, refs: string[]) =>
      line(type, `${type}-${own}`, { content, refs, version, isDelete });
    switch (type) {
      case "category": {
        const parent = other !== undefined && other < own ? `category-${other}` : undefined;
        if (parent === undefined) return said({ name }, []);
        return said({ name, parent }, [`category/${parent}`]);
      }
      case "product": {
        const category = other === undefined ? undefined : `category-${other}`;
        if (category === undefined) return said({ name, unit: "EA" }, []);
        return said({ category, name, unit: "EA" }, [`category/${category}`]);
      }
      default: {
        const sku = `product-${other ?? own}`;
        return said({ amount: "1.50", currency: "EUR", sku, unit: name }, [`product/${sku}`]);
      }
    }
  });

it("any batches leave what taking their lines one by one would leave, and every line is counted", async () => {
  const batches = fc.array(fc.array(anyLine, { minLength: 1, maxLength: 12 }), {
    minLength: 1,
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(batches, async (all) => {
      await emptyCatalog(db);
      const model = new ModelCatalog();
      for (const batch of all) {
        const answer = await erp.push(batch.map(({ record }) => record));
        expect(answer.counts).toEqual(model.push(batch.map((each) => each.model)));
        expect(answer.received).toBe(batch.length);
        expect(answer.problems.length).toBe(answer.counts.invalid + answer.counts.parked);
        expect(await standing(db)).toEqual(standingOf(model));
        expect(await parkedKeys()).toEqual([...model.parked.keys()].sort());
      }
      await expectSoundHistory();
    }),
    { numRuns: 120 },
  );
});

function standingOf(model: ModelCatalog): Record<string, unknown> {
  return Object.fromEntries(
    [...model.stored].map(([key, { rev: stored, body }]) => [
      key,
      [stored === undefined ? null : String(stored), body === null ? null : JSON.parse(body)],
    ]),
  );
}

async function parkedKeys(): Promise<string[]> {
  const { results } = await db
    .prepare("SELECT type || '/' || id AS key FROM parked ORDER BY key")
    .all<{ key: string }>();
  const listed = await db.prepare("SELECT count(*) FROM problems WHERE state = 'parked'").first("count(*)");
  expect(listed).toBe(results.length);
  return results.map(({ key }) => key);
}

/** Versions of a record follow each other without gap, each other than the one before; nothing stays staged. */
async function expectSoundHistory(): Promise<void> {
  const broken = await db
    .prepare(
      `SELECT * FROM (SELECT *, lead(since) OVER record AS next_since, lead(body) OVER record AS next_body
         FROM records WINDOW record AS (PARTITION BY type, id ORDER BY since))
       WHERE until IS NOT next_since OR body IS next_body`,
    )
    .all();
  expect(broken.results).toEqual([]);
  expect(await db.prepare("SELECT count(*) FROM staged").first("count(*)")).toBe(0);
}

it("a versioned delivery log gives the same state in any order, in any batches, with any repetitions", async () => {
  // One content a record and rev, as an ERP has it; references are to what the log brings.
  const version = fc
    .record({
      type: fc.constantFrom("category", "product", "price"),
      own: number,
      version: fc.nat({ max: 4 }),
    })
    .map(({ type, own, version: given }) => {
      const other = (own * 7 + given * 3) % 4;
      const isDelete = given === 3 && own % 2 === 0;
      const contents: Record<string, Record<string, unknown>> = {
        category: { name: `v${given}`, ...(other < own ? { parent: `category-${other}` } : {}) },
        product: { name: `v${given}`, unit: "EA", category: `category-${other}` },
        price: { sku: `product-${other}`, currency: "EUR", amount: `${given + 1}.00` },
      };
      const named = { type, id: `${type}-${own}`, rev: given };
      return isDelete ? { ...named, op: "delete" } : { ...named, ...contents[type] };
    });
  const roots = [0, 1, 2, 3].flatMap((own) => [
    { type: "category", id: `category-${own}`, rev: -1 },
    { type: "product", id: `product-${own}`, rev: -1, name: "first", unit: "EA" },
  ]);
  const deliveries = fc
    .array(version, { maxLength: 15 })
    .map((log) => [...roots, ...log])
    .chain((log) =>
      fc.record({
        log: fc.constant(log),
        // Every line at least once, some again.
        shuffled: fc
          .array(fc.constantFrom(...log), { maxLength: 10 })
          .chain((again) =>
            fc.shuffledSubarray([...log, ...again], { minLength: log.length + again.length }),
          ),
        size: fc.integer({ min: 1, max: 12 }),
      }),
    );
  await fc.assert(
    fc.asyncProperty(deliveries, async ({ log, shuffled, size }) => {
      await emptyCatalog(db);
      await erp.push(log);
      const once = await standing(db);
      await emptyCatalog(db);
      for (let start = 0; start < shuffled.length; start += size)
        await erp.push(shuffled.slice(start, start + size));
      expect(await standing(db)).toEqual(once);
      const again = await erp.push(log);
      expect([again.counts.applied, again.counts.parked, again.counts.invalid]).toEqual([0, 0, 0]);
    }),
    { numRuns: 60 },
  );
});

it("no record ever becomes its own ancestor, and moves that close no circle are never refused", async () => {
  const move = fc.record({
    id: fc.nat({ max: 6 }),
    parent: fc.option(fc.nat({ max: 6 }), { nil: undefined }),
  });
  const batches = fc.array(fc.uniqueArray(move, { selector: ({ id }) => id, minLength: 1 }), {
    minLength: 1,
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(batches, async (all) => {
      await emptyCatalog(db);
      for (const batch of all) {
        const before = await parents("records");
        const waiting = await parents("parked");
        const answer = await erp.push(
          batch.map(({ id, parent }) => ({
            type: "category",
            id: `c${id}`,
            ...(parent === undefined ? {} : { parent: `c${parent}` }),
          })),
        );
        expect(hasNoCircle(await parents("records"))).toBe(true);
        // What waits is not where it asks to be: what stands instead may close the circle.
        const asked = new Map([
          ...before,
          ...batch.map(({ id, parent }): [string, { parent?: string }] => [
            `c${id}`,
            parent === undefined ? {} : { parent: `c${parent}` },
          ]),
        ]);
        const allPlaced = waiting.size === 0 && answer.counts.parked === 0;
        if (allPlaced && hasNoCircle(asked))
          expect(answer.problems.filter(({ code }) => code === "cycle")).toEqual([]);
      }
    }),
    { numRuns: 100 },
  );
});

/** The parent of each category that stands, or of each that is parked. */
async function parents(table: "records" | "parked"): Promise<Map<string, { parent?: string }>> {
  const which = table === "records" ? "until IS NULL AND deleted = 0" : "TRUE";
  const { results } = await db
    .prepare(`SELECT id, parent FROM ${table} WHERE ${which}`)
    .all<{ id: string; parent: string | null }>();
  return new Map(results.map(({ id, parent }) => [id, parent === null ? {} : { parent }]));
}

function hasNoCircle(tree: ReadonlyMap<string, { parent?: string }>): boolean {
  return [...tree.keys()].every((id) => {
    const last = tree.get(withAncestors(id, tree).at(-1) ?? "")?.parent;
    return last === undefined || !tree.has(last);
  });
}
