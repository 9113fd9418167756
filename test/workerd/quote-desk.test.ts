import { env, exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import type { AssessedItem, AssessQuestion } from "../../shared/quoting/desk.ts";
import { emptyCatalog, ErpFeed } from "../support/erp-feed.ts";

const feed = new ErpFeed(env.CATALOG);
const desk = exports.QuoteDesk;

// Digits that nothing else here has: where they turn up, a cost got out.
const costOfBike = "613.5791";
const costOfTool = "7193.1573";

const asks = (id: string, when: object, role: string, tier = 1) => ({
  type: "approvalPolicy",
  id,
  when,
  tier,
  needs: [{ of: [{ role }] }],
});

const company = [
  { type: "policy", id: "default", timeZone: "Europe/Berlin" },
  { type: "company", id: "default", name: "Company", address: ["Street 1"], referenceCurrency: "EUR" },
  { type: "rate", id: "EUR/USD", rate: "1.25", from: "2026-01-01" },
  { type: "rate", id: "EUR/USD@2", rate: "1.5", from: "2026-07-01" },
  { type: "category", id: "goods" },
  { type: "category", id: "bikes", parent: "goods" },
  {
    type: "product",
    id: "BIKE",
    name: "Bike",
    unit: "EA",
    units: [{ unit: "PALLET", factor: "6" }],
    category: "bikes",
    cost: { amount: costOfBike, currency: "EUR" },
    listPrice: { amount: "1100.00", currency: "EUR" },
  },
  // Costs are for a thousand.
  {
    type: "product",
    id: "TOOL",
    name: "Tool",
    unit: "EA",
    cost: { amount: costOfTool, currency: "USD", per: "1000" },
  },
  { type: "product", id: "GIFT", name: "Gift", unit: "EA" },
  { type: "customerGroup", id: "trade" },
  { type: "customerGroup", id: "dealers", parent: "trade" },
  {
    type: "person",
    id: "director",
    name: "Sales director",
    roles: ["director"],
    email: "Director@example.com",
  },
  { type: "person", id: "manager", name: "Sales manager", roles: ["manager-north"] },
  {
    type: "customer",
    id: "HEAD",
    name: "Head office",
    team: [{ person: "manager", role: "account-manager" }],
  },
  { type: "customer", id: "C1", name: "Shop", parent: "HEAD", groups: ["dealers"], paymentTerms: "Net 60" },
  { type: "customer", id: "C2", name: "Other shop" },
  { type: "price", id: "p", sku: "BIKE", currency: "EUR", amount: "1000.00", from: "2026-02-01" },
  { type: "price", id: "t", sku: "TOOL", currency: "EUR", amount: "9.00" },
];

const receivedAt = Date.parse("2026-03-01T12:00:00Z");

beforeEach(async () => {
  await emptyCatalog(env.CATALOG);
  const { counts } = await feed.push(company, { now: receivedAt });
  expect(counts).toMatchObject({ applied: company.length });
});

async function sequence(): Promise<number> {
  return (await env.CATALOG.prepare("SELECT sequence FROM catalog_state").first<number>("sequence")) ?? 0;
}

/** A bike at 12 % off. */
const bike: AssessedItem = {
  line: "1",
  item: "0",
  sku: "BIKE",
  quantity: "40",
  unit: "EA",
  per: "1",
  offeredPrice: "880.00",
  lineTotal: "35200.00",
  listedPrice: "1000.00",
  listedTotal: "40000.00",
};
const tool: AssessedItem = {
  line: "2",
  item: "0",
  sku: "TOOL",
  quantity: "10",
  unit: "EA",
  per: "1",
  offeredPrice: "9.00",
  lineTotal: "90.00",
  listedPrice: "9.00",
  listedTotal: "90.00",
};

async function assess(change: Partial<AssessQuestion> = {}) {
  return desk.assess({
    sequence: await sequence(),
    customer: "C1",
    currency: "EUR",
    at: "2026-06-01T10:00:00Z",
    lines: [bike, tool],
    ...change,
  });
}

/** Why, tier by tier. */
async function causes(
  policies: readonly object[],
  change: Partial<AssessQuestion> = {},
): Promise<string[][]> {
  const { problems } = await feed.push(policies);
  expect(problems).toEqual([]);
  const { tiers } = await assess(change);
  return tiers.map((tier) =>
    tier.causes.map(
      ({ policy, line, because }) => `${policy}${line === undefined ? "" : ` ${line}`}: ${because}`,
    ),
  );
}

describe("what people read on a quote: it promises that…", () => {
  it("names, terms and the company are those of the sequence", async () => {
    const before = await sequence();
    await feed.push([
      { type: "product", id: "BIKE", name: "Better bike", unit: "EA" },
      { type: "company", id: "default", name: "Company", terms: "Ours", taxId: "T1", contact: "c" },
    ]);
    const asked = { customer: "C1", skus: ["BIKE", "NONE", "TOOL", "TOOL"] };
    expect(await desk.describe({ ...asked, sequence: before })).toEqual({
      customerName: "Shop",
      paymentTerms: "Net 60",
      productNames: { BIKE: "Bike", TOOL: "Tool" },
      company: { name: "Company", address: ["Street 1"] },
    });
    expect(await desk.describe({ ...asked, sequence: await sequence() })).toMatchObject({
      productNames: { BIKE: "Better bike" },
      company: { name: "Company", address: [], terms: "Ours", taxId: "T1", contact: "c" },
    });
    expect(await desk.describe({ ...asked, customer: "NONE", sequence: before })).toBeUndefined();
  });
});

describe("an assessment: it promises that…", () => {
  it("nobody needs to approve where no policy holds, and the margins are there all the same", async () => {
    expect(await assess()).toEqual({
      sequence: 1,
      tiers: [],
      // (35290 - 40 × 613.5791 - 10 × 7.1931573 ÷ 1.25) ÷ 35290
      margin: { total: "30.29", lines: { 1: "30.28", 2: "36.06" } },
      referenceTotal: { amount: "35290.00", currency: "EUR" },
      discountPercent: "11.98",
    });
  });

  it("a cost in another currency is converted by the rate of the day, and one per thousand is not one each", async () => {
    const { margin } = await assess({ lines: [tool], at: "2026-07-01T10:00:00Z" });
    expect(margin.total).toBe("46.72"); // 1 - 7.1931573 ÷ 1.5 ÷ 9
  });

  it("the cost of a unit is that of the base units which it holds", async () => {
    const pallet = { ...bike, unit: "PALLET", quantity: "1", offeredPrice: "5280.00", lineTotal: "5280.00" };
    const { margin } = await assess({ lines: [pallet] });
    expect(margin.lines).toEqual({ 1: "30.28" });
  });

  it.each<[string, AssessedItem]>([
    ["a product without a cost", { ...tool, sku: "GIFT" }],
    ["an unknown product", { ...tool, sku: "NONE" }],
    ["an unknown unit", { ...tool, unit: "BOX" }],
    ["a gift", { ...tool, offeredPrice: "0", lineTotal: "0.00" }],
  ])("the margin of %s is not known, and counts as below", async (_name, item) => {
    const policies = [asks("floor", { lineMarginBelow: "1" }, "director")];
    expect(await causes(policies, { lines: [bike, item] })).toEqual([
      ["floor 2: margin is not known, which counts as below 1 %"],
    ]);
    expect((await assess({ lines: [bike, item] })).margin.lines).toMatchObject({ 1: "30.28", 2: null });
  });

  it("a whole with an unknown cost has no margin, and counts as below", async () => {
    const policies = [asks("floor", { marginBelow: "1" }, "director")];
    const lines = [bike, { ...tool, sku: "GIFT" }];
    expect(await causes(policies, { lines })).toEqual([
      ["floor: margin is not known, which counts as below 1 %"],
    ]);
    expect((await assess({ lines })).margin.total).toBeNull();
  });

  it("a cost without a rate is not known", async () => {
    const { margin, referenceTotal } = await assess({ currency: "CHF" });
    expect(margin).toEqual({ total: null, lines: { 1: null, 2: null } });
    expect(referenceTotal).toBeNull();
  });

  it("totals are compared in the policy's currency, and limits in the company's", async () => {
    const policies = [
      asks("dollars", { totalAbove: { amount: "44112.49", currency: "USD" } }, "director"),
      asks("euros", { totalAbove: { amount: "35290.00", currency: "EUR" } }, "director"),
      asks("francs", { totalAbove: { amount: "1000000", currency: "CHF" } }, "director"),
    ];
    expect(await causes(policies)).toEqual([
      [
        "dollars: total of 35290.00 EUR, which is 44112.50 USD, is above 44112.49 USD",
        "francs: total of 35290.00 EUR has no rate to CHF, which counts as above 1000000 CHF",
      ],
    ]);
    const { referenceTotal } = await assess({ currency: "USD" });
    expect(referenceTotal).toEqual({ amount: "28232.00", currency: "EUR" });
  });

  it("categories reach what is below them, and groups the customers below them", async () => {
    const policies = [
      asks("goods", { categories: ["goods"], lineDiscountAbove: "10" }, "director"),
      asks("trade", { customerGroups: ["trade"], paymentTerms: ["Net 60"] }, "director", 2),
    ];
    expect(await causes(policies)).toEqual([
      ["goods 1: product is in the category goods and discount of 12.00 % is above 10 %"],
      ["trade: payment terms are Net 60 and customer is in the group trade"],
    ]);
    expect(await causes(policies, { customer: "C2" })).toHaveLength(1);
    expect(await causes(policies, { lines: [tool], paymentTerms: "Net 30" })).toEqual([]);
  });

  it("policies count from and until their days in the company's time zone", async () => {
    await feed.push([{ ...asks("june", {}, "director"), from: "2026-06-01", until: "2026-06-30" }]);
    const tiersAt = async (at: string) => (await assess({ at })).tiers.length;
    expect(await tiersAt("2026-05-31T21:59:59Z")).toBe(0);
    expect(await tiersAt("2026-05-31T22:00:00Z")).toBe(1);
    expect(await tiersAt("2026-06-30T21:59:59Z")).toBe(1);
    expect(await tiersAt("2026-06-30T22:00:00Z")).toBe(0);
  });

  it("policies, people and costs are those of the sequence that is asked for", async () => {
    const before = await sequence();
    await feed.push([asks("all", {}, "director")]);
    expect((await assess({ sequence: before })).tiers).toEqual([]);
    expect((await assess()).tiers).toHaveLength(1);
  });

  it("the account team is the customer's own, else that of the nearest parent account with one", async () => {
    const asksTeam = { ...asks("team", {}, ""), needs: [{ of: [{ team: "account-manager" }] }] };
    await feed.push([asksTeam]);
    expect((await assess()).tiers[0]?.clauses).toEqual([{ atLeast: 1, of: [{ person: "manager" }] }]);
    await feed.push([
      {
        type: "customer",
        id: "C1",
        name: "Shop",
        parent: "HEAD",
        team: [{ person: "director", role: "account-manager" }],
      },
    ]);
    expect((await assess()).tiers[0]?.clauses).toEqual([{ atLeast: 1, of: [{ person: "director" }] }]);
  });

  it("the age of a price is that of its amount, whatever else of the record changed", async () => {
    const policies = [asks("old", { priceOlderThanDays: 30 }, "director")];
    const price = company.find(({ id }) => id === "p");
    // The price says since when it is in force; the tool's came in on 1 March and says nothing.
    const at = "2026-03-04T12:00:00Z";
    expect(await causes(policies, { at })).toEqual([["old 1: price is 31 days old, and older than 30"]]);
    expect(await causes(policies, { at: "2026-04-01T12:00:00Z" })).toEqual([
      ["old 1: price is 59 days old, and older than 30", "old 2: price is 31 days old, and older than 30"],
    ]);
    await feed.push([{ ...price, amount: "1000.0", minQuantity: "2" }], { now: receivedAt + 86_400_000 });
    expect(await causes(policies, { at })).toHaveLength(1);
    await feed.push([{ ...price, amount: "1001.00" }], { now: receivedAt + 2 * 86_400_000 });
    expect(await causes(policies, { at })).toEqual([]);
    await feed.push([{ type: "price", id: "p", op: "delete" }], { now: receivedAt + 3 * 86_400_000 });
    // Now it is the product's list price, of 1 March.
    expect(await causes(policies, { at: "2026-04-01T12:00:00Z", lines: [bike] })).toEqual([
      ["old 1: price is 31 days old, and older than 30"],
    ]);
    expect(await causes(policies, { at, lines: [{ ...tool, sku: "GIFT" }] })).toEqual([
      ["old 2: age of its price is not known, which counts as above 30 days"],
    ]);
  });

  it("no cost is in what it answers", async () => {
    await feed.push([
      asks("a", { lineMarginBelow: "100" }, "director"),
      asks("b", { marginBelow: "100", lineDiscountAbove: "1" }, "nobody"),
    ]);
    const answers = JSON.stringify([
      await assess(),
      await desk.describe({ sequence: await sequence(), customer: "C1", skus: ["BIKE", "TOOL"] }),
    ]);
    for (const cost of [costOfBike, costOfTool, "7.1931573", "24543.16", "57.545"]) {
      expect(answers).not.toContain(cost);
    }
  });
});

describe("what somebody may decide: it promises that…", () => {
  const away = (from: string, until: string, to: string) => ({
    type: "person",
    id: "director",
    name: "Sales director",
    roles: ["director"],
    email: "Director@example.com",
    limit: { total: { amount: "50000", currency: "EUR" }, discountPercent: "25" },
    absences: [{ from, until, to }],
  });

  async function authority(person: string, at: string, roles: readonly string[] = []) {
    return desk.authority({ sequence: await sequence(), person, roles, at });
  }

  it("roles are those of the record and of the key, and an e-mail is its person", async () => {
    const at = "2026-06-01T10:00:00Z";
    expect(await authority("director", at, ["approver"])).toEqual({
      person: "director",
      roles: ["director", "approver"],
      standsInFor: [],
    });
    expect(await authority("director@EXAMPLE.com", at)).toMatchObject({
      person: "director",
      roles: ["director"],
    });
    expect(await authority("key:1", at, ["sales"])).toEqual({
      person: "key:1",
      roles: ["sales"],
      standsInFor: [],
    });
  });

  it("an e-mail that two people have is nobody's", async () => {
    await feed.push([{ type: "person", id: "other", name: "Other", email: "director@example.com" }]);
    expect(await authority("director@example.com", "2026-06-01T10:00:00Z")).toMatchObject({ roles: [] });
  });

  it("who is away is stood in for on each of the days, by whom it named, with its roles and limit", async () => {
    await feed.push([away("2026-08-03", "2026-08-14", "manager")]);
    const standsInFor = async (person: string, at: string) => (await authority(person, at)).standsInFor;
    expect(await standsInFor("manager", "2026-08-02T21:59:59Z")).toEqual([]);
    const absent = [
      {
        person: "director",
        roles: ["director"],
        limit: { total: { amount: "50000", currency: "EUR" }, discountPercent: "25" },
      },
    ];
    expect(await standsInFor("manager", "2026-08-02T22:00:00Z")).toEqual(absent);
    expect(await standsInFor("manager", "2026-08-14T21:59:59Z")).toEqual(absent);
    expect(await standsInFor("manager", "2026-08-14T22:00:00Z")).toEqual([]);
    expect(await standsInFor("director", "2026-08-05T10:00:00Z")).toEqual([]);
  });

  it("a stand-in's stand-in has no say", async () => {
    const days = { from: "2026-08-03", until: "2026-08-14" };
    await feed.push([
      away(days.from, days.until, "manager"),
      { type: "person", id: "manager", name: "Sales manager", absences: [{ ...days, to: "third" }] },
    ]);
    const { standsInFor } = await authority("third", "2026-08-05T10:00:00Z");
    expect(standsInFor.map(({ person }) => person)).toEqual(["manager"]);
  });
});
