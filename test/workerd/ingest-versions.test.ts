import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { findRecords } from "../../control-plane/queries/find-records.ts";
import { parkedMilliseconds } from "../../control-plane/ingest/limits.ts";
import { emptyCatalog, ErpFeed, standing } from "../support/erp-feed.ts";

const db = env.CATALOG;
const erp = new ErpFeed(db);
beforeEach(() => emptyCatalog(db));

const category = (id: string, more: Record<string, unknown> = {}) => ({ type: "category", id, ...more });
const deleted = (id: string, more: Record<string, unknown> = {}) => ({
  type: "category",
  id,
  op: "delete",
  ...more,
});

/** What becomes of each of some lines when they are sent one a batch. */
async function outcomes(lines: readonly unknown[]): Promise<string[]> {
  const all: string[] = [];
  for (const line of lines) {
    const { counts, problems } = await erp.push([line]);
    const [outcome = "none"] = Object.entries(counts).flatMap(([name, count]) => (count === 1 ? [name] : []));
    all.push(problems[0]?.code ?? outcome);
  }
  return all;
}

describe("versions", () => {
  it.each<[string, unknown[], string[], unknown]>([
    [
      "an older rev changes nothing",
      [category("a", { name: "9", rev: 9 }), category("a", { name: "7", rev: 7 })],
      ["applied", "stale"],
      ["9", { name: "9" }],
    ],
    [
      "the same rev and content is unchanged, with other content it is a conflict",
      [
        category("a", { name: "x", rev: 1 }),
        category("a", { rev: 1, name: "x" }),
        category("a", { name: "y", rev: 1 }),
      ],
      ["applied", "unchanged", "version_conflict"],
      ["1", { name: "x" }],
    ],
    [
      "the same content with a newer rev raises the rev only",
      [category("a", { rev: 1 }), category("a", { rev: 5 }), category("a", { rev: 4, name: "late" })],
      ["applied", "unchanged", "stale"],
      ["5", {}],
    ],
    [
      "a record without a rev claims to be the newest, and the stored rev stays",
      [category("a", { rev: 5 }), category("a", { name: "x" }), category("a", { name: "y", rev: 4 })],
      ["applied", "applied", "stale"],
      ["5", { name: "x" }],
    ],
    [
      "integers compare as integers, below zero and beyond 2^53 too",
      ["-10", "-9", "9", "10", "9007199254740992", "9007199254740993", "9007199254740992"].map(
        (rev) => `{"type":"category","id":"a","name":"${rev}","rev":${rev}}`,
      ),
      [...Array<string>(6).fill("applied"), "stale"],
      ["9007199254740993", { name: "9007199254740993" }],
    ],
    [
      "instants compare as instants, in any offset and to the nanosecond",
      [
        category("a", { rev: "2026-01-01T01:00:00+02:00" }),
        category("a", { rev: "2025-12-31T22:59:59.999999999Z", name: "x" }),
        category("a", { rev: "2025-12-31t23:00:00.000000001z", name: "y" }),
        category("a", { rev: "2025-12-31T20:00:00.0000000010-03:00", name: "z" }),
      ],
      ["applied", "stale", "applied", "invalid_rev"],
      ["2025-12-31t23:00:00.000000001z", { name: "y" }],
    ],
    [
      "a record keeps to one kind of rev",
      [category("a", { rev: 1 }), category("a", { rev: "2026-01-01T00:00:00Z", name: "x" })],
      ["applied", "rev_kind_mismatch"],
      ["1", {}],
    ],
    [
      "a deletion outlasts older revs and yields to newer ones",
      [
        category("a", { rev: 1 }),
        deleted("a", { rev: 3 }),
        category("a", { rev: 2 }),
        deleted("a", { rev: 2 }),
        category("a", { rev: 3 }),
        category("a", { rev: 4, name: "back" }),
      ],
      ["applied", "applied", "stale", "stale", "version_conflict", "applied"],
      ["4", { name: "back" }],
    ],
    [
      "a deletion that comes before its record counts if it has a rev",
      [deleted("a"), deleted("a", { rev: 3 }), category("a", { rev: 2 })],
      ["unchanged", "applied", "stale"],
      ["3", null],
    ],
    [
      "a deletion without a rev keeps the rev",
      [category("a", { rev: 3 }), deleted("a"), deleted("a"), category("a", { rev: 2 })],
      ["applied", "applied", "unchanged", "stale"],
      ["3", null],
    ],
    [
      "an amount written otherwise is another content",
      [category("a", { name: "1.0" }), category("a", { name: "1.00" })],
      ["applied", "applied"],
      [null, { name: "1.00" }],
    ],
  ])("%s", async (_name, lines, expected, stands) => {
    expect(await outcomes(lines)).toEqual(expected);
    expect((await standing(db))["category/a"]).toEqual(stands);
    await emptyCatalog(db);
    const { counts, received } = await erp.push(lines);
    expect(received).toBe(lines.length);
    expect((await standing(db))["category/a"], "all in one batch").toEqual(stands);
    const tally = (name: string) => expected.filter((outcome) => outcome === name).length;
    expect(counts.applied + counts.unchanged + counts.stale).toBe(
      tally("applied") + tally("unchanged") + tally("stale"),
    );
  });

  it("a batch that changes nothing makes no sequence", async () => {
    expect((await erp.push([category("a", { rev: 1 })])).sequence).toBe(1);
    expect((await erp.push([category("a", { rev: 2 })])).sequence).toBe(1);
    expect((await erp.push([category("b", { parent: "missing" }), "{}"])).sequence).toBe(1);
    expect((await erp.push([category("a", { name: "x" }), category("a")])).sequence).toBe(1);
    expect((await erp.push([category("a", { name: "x" })])).sequence).toBe(2);
  });

  it("what was true at a sequence can still be read", async () => {
    await erp.push([category("a", { name: "1", rev: 1 }), category("b")]);
    await erp.push([category("a", { name: "2", rev: 2 }), deleted("b"), category("c")]);
    await erp.push([deleted("a"), category("b", { name: "back" })]);
    const at = async (sequence: number) =>
      (await findRecords(db, { sequence, limit: 10 })).map(({ id, rev, body }) => [
        id,
        rev,
        JSON.parse(body),
      ]);
    expect(await at(0)).toEqual([]);
    expect(await at(1)).toEqual([
      ["a", "1", { name: "1" }],
      ["b", null, {}],
    ]);
    expect(await at(2)).toEqual([
      ["a", "2", { name: "2" }],
      ["c", null, {}],
    ]);
    expect(await at(3)).toEqual([
      ["b", null, { name: "back" }],
      ["c", null, {}],
    ]);
  });
});

describe("parked records", () => {
  const product = { type: "product", id: "A", name: "a", unit: "EA", category: "c2", taxes: ["t"] };
  const chain = [
    { type: "price", id: "p", sku: "A", list: "l", currency: "EUR", amount: "1" },
    { type: "price", id: "q", sku: "A", customer: "u", currency: "EUR", amount: "1" },
    {
      type: "customer",
      id: "u",
      name: "u",
      groups: ["g"],
      lists: ["l"],
      taxRule: "tr",
      team: [{ person: "h", role: "sales" }],
    },
    {
      type: "approvalPolicy",
      id: "ap",
      when: { customerGroups: ["g"], categories: ["c2"] },
      tier: 1,
      needs: [{ of: [{ role: "r" }, { person: "h" }] }, { of: [{ team: "sales" }] }],
      escalateAfterHours: 24,
      escalateTo: { person: "i" },
    },
    { type: "customerGroup", id: "g", lists: ["l2"] },
    { type: "priceList", id: "l2", parent: "l", currency: "EUR" },
    product,
    category("c2", { parent: "c1" }),
    {
      type: "rule",
      id: "r",
      rank: 1,
      list: "l",
      effect: { percentOff: "1" },
      who: { customers: ["nobody"] },
    },
    { type: "priceList", id: "l", currency: "EUR" },
    {
      type: "person",
      id: "h",
      name: "h",
      absences: [{ from: "2026-01-01", until: "2026-01-02", to: "nobody" }],
    },
    { type: "person", id: "i", name: "i" },
    { type: "tax", id: "t", percent: "19" },
    { type: "taxRule", id: "tr", replace: [{ from: "nothing", to: "else" }] },
    category("c1"),
  ];
  const turned = (by: number) => [...chain.slice(by), ...chain.slice(0, by)];

  it.each(chain.map((_, by) => by))(
    "come in by themselves in any order, beginning with record %i",
    async (by) => {
      const one = await erp.push(turned(by));
      expect([one.counts.applied, one.released]).toEqual([chain.length, 0]);
      const together = await standing(db);
      for (const order of [turned(by), turned(by).toReversed()]) {
        await emptyCatalog(db);
        const answers = [];
        for (const record of order) answers.push(await erp.push([record]));
        expect(await standing(db)).toEqual(together);
        const applied = answers.reduce((sum, { counts, released }) => sum + counts.applied + released, 0);
        expect(applied).toBe(chain.length);
        expect(await db.prepare("SELECT count(*) FROM parked").first("count(*)")).toBe(0);
        expect(await db.prepare("SELECT count(*) FROM problems").first("count(*)")).toBe(0);
      }
    },
  );

  it("say what they wait for, which is the first missing reference", async () => {
    await erp.push([category("c1")]);
    const { problems } = await erp.push([product, category("c2", { parent: "c3" })]);
    expect(problems).toMatchObject([
      { line: 1, code: "unresolved", pointer: "/category" },
      { line: 2, code: "unresolved", pointer: "/parent" },
    ]);
    await erp.push([category("c3")]);
    const left = await db.prepare("SELECT batch, line, pointer, message FROM problems").all();
    expect(left.results).toMatchObject([{ line: 1, pointer: "/taxes/0", message: "There is no tax t yet" }]);
  });

  it("say which part of an approval policy, and which member of a team, they wait for", async () => {
    const policy = { type: "approvalPolicy", id: "ap", when: {}, tier: 1, needs: [{ of: [{ role: "r" }] }] };
    const { problems } = await erp.push([
      { ...policy, when: { customerGroups: ["g"] } },
      { ...policy, id: "b", when: { categories: ["c"] } },
      { ...policy, id: "c", needs: [{ of: [{ role: "r" }, { person: "h" }] }] },
      { ...policy, id: "d", escalateAfterHours: 1, escalateTo: { person: "h" } },
      { type: "customer", id: "u", name: "u", team: [{ person: "h", role: "sales" }] },
    ]);
    expect(problems.map(({ code, pointer }) => [code, pointer])).toEqual([
      ["unresolved", "/when/customerGroups/0"],
      ["unresolved", "/when/categories/0"],
      ["unresolved", "/needs/0/of/1/person"],
      ["unresolved", "/escalateTo/person"],
      ["unresolved", "/team/0/person"],
    ]);
  });

  it("are replaced by a later record of the same id, and kept by an older one", async () => {
    await erp.push([category("a", { parent: "x", rev: 5, name: "five" })]);
    await erp.push([category("a", { rev: 3, name: "three" })]);
    expect((await standing(db))["category/a"]).toEqual(["3", { name: "three" }]);
    expect((await erp.push([category("x")])).released).toBe(1);
    expect((await standing(db))["category/a"]).toEqual(["5", { name: "five", parent: "x" }]);
    await erp.push([category("a", { parent: "y", rev: 6 })]);
    await erp.push([category("a", { rev: 7, name: "seven" })]);
    expect((await erp.push([category("y")])).released).toBe(0);
    expect((await standing(db))["category/a"]).toEqual(["7", { name: "seven" }]);
  });

  it("are refused after 48 hours", async () => {
    const now = Date.now();
    await erp.push([category("a", { parent: "x" })], { now });
    await erp.push([category("b")], { now: now + parkedMilliseconds });
    expect(await db.prepare("SELECT state FROM problems").first("state")).toBe("parked");
    await erp.push([category("x")], { now: now + parkedMilliseconds + 1 });
    expect(Object.keys(await standing(db))).toEqual(["category/b", "category/x"]);
    const { results } = await db.prepare("SELECT state, code, pointer FROM problems").all();
    expect(results).toEqual([{ state: "invalid", code: "unresolved", pointer: "/parent" }]);
  });

  it("do not wait for what was deleted: it was there", async () => {
    await erp.push([category("a"), deleted("a")]);
    expect((await erp.push([category("b", { parent: "a" })])).counts.applied).toBe(1);
  });
});

describe("cycles", () => {
  it.each<[string, unknown[], unknown[]]>([
    ["two new records", [], [category("a", { parent: "b" }), category("b", { parent: "a" })]],
    [
      "a stored record below a new one",
      [category("a")],
      [category("a", { parent: "b" }), category("b", { parent: "a" })],
    ],
    [
      "three stored ones",
      [category("a"), category("b", { parent: "a" }), category("c", { parent: "b" })],
      [category("a", { parent: "c" })],
    ],
    ["a parked record", [category("a", { parent: "b" })], [category("b", { parent: "a" })]],
    [
      "another type of tree",
      [{ type: "customer", id: "a", name: "a" }],
      [
        { type: "customer", id: "b", name: "b", parent: "a" },
        { type: "customer", id: "a", name: "a", parent: "b" },
      ],
    ],
  ])("%s", async (_name, before, lines) => {
    if (before.length > 0) await erp.push(before);
    const { problems, counts } = await erp.push(lines);
    expect(problems.map(({ code }) => code)).toContain("cycle");
    expect(counts.parked).toBe(0);
    expect(await db.prepare("SELECT count(*) FROM parked").first("count(*)")).toBe(0);
  });

  it("a tree may be turned round within a batch", async () => {
    await erp.push([category("a"), category("b", { parent: "a" }), category("c", { parent: "b" })]);
    const { counts } = await erp.push([
      category("a", { parent: "b" }),
      category("b", { parent: "c" }),
      category("c"),
    ]);
    expect(counts.applied).toBe(3);
  });

  it("refuse the move alone: what hangs below is applied", async () => {
    await erp.push([category("a")]);
    const { counts, problems } = await erp.push([
      category("a", { parent: "b" }),
      category("b", { parent: "a" }),
      { type: "product", id: "P", name: "p", unit: "EA", category: "b" },
    ]);
    expect([counts.applied, problems.map(({ line }) => line)]).toEqual([2, [1]]);
  });
});
