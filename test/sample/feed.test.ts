import { describe, expect, it } from "vitest";
import { parseExactJson } from "../../shared/api/exact-json.ts";
import { isRecordType, recordSchemas } from "../../shared/api/records/record.ts";
import { compare, multiply, parseDecimal } from "../../shared/pricing/fraction.ts";
import { isInForce, periodOf } from "../../shared/pricing/period.ts";
import type { Price, Product } from "../../shared/pricing/records.ts";
import { companyOfSample, offersBegin, testedInstants } from "./company.ts";
import { sampleFeed, sampleRecords, type SampleRecord } from "./feed.ts";

const now = new Date("2026-11-23T10:00:00Z");
const leapDays = [new Date("2027-02-28T10:00:00Z"), new Date("2028-02-29T10:00:00Z")];
const records = sampleRecords(now);
const zone = "America/Los_Angeles";

function ofType<Type extends SampleRecord["type"]>(type: Type, from = records) {
  return from.filter((record): record is Extract<SampleRecord, { type: Type }> => record.type === type);
}

function isContract(price: Price): boolean {
  return price.customer !== undefined;
}

describe("the sample company's feed", () => {
  it("has the source's products, stores, prices, offers and stock", () => {
    const counts = Object.groupBy(records, ({ type }) => type);
    expect(Object.fromEntries(Object.entries(counts).map(([type, found]) => [type, found.length]))).toEqual({
      policy: 1,
      category: 41,
      customerGroup: 5,
      company: 1,
      person: 15,
      approvalPolicy: 3,
      customer: 701,
      product: 504,
      price: 395 + 6365,
      rule: 14,
      inventory: 487,
    });
  });

  it("holds one JSON object a line, in the order of the records", () => {
    const lines = sampleFeed(now).split("\n");
    expect(lines.pop()).toBe("");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(records);
  });

  it.each([now, ...leapDays])("is valid by the contract, at %s", (date) => {
    const refused = sampleFeed(date)
      .trimEnd()
      .split("\n")
      .filter((line) => {
        const value = parseExactJson(line) as { type: unknown };
        return !isRecordType(value.type) || !recordSchemas[value.type].safeParse(value).success;
      });
    expect(refused).toEqual([]);
  });

  it("names each record once", () => {
    const names = records.map(({ type, id }) => `${type} ${id}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it("refers only to records that stand before", () => {
    const seen = new Set<string>();
    const missing: string[] = [];
    for (const record of records) {
      missing.push(...referencesOf(record).filter((name) => !seen.has(name)));
      seen.add(`${record.type} ${record.id}`);
    }
    expect(missing).toEqual([]);
  });

  it("is the same throughout a year, and names the same records in the next", () => {
    expect(sampleFeed(new Date("2026-01-01T00:00:00Z"))).toBe(sampleFeed(now));
    expect(sampleFeed(new Date("2026-12-31T23:59:59Z"))).toBe(sampleFeed(now));
    const names = (date: Date) => sampleRecords(date).map(({ type, id }) => `${type} ${id}`);
    expect(names(new Date("2027-06-01T00:00:00Z"))).toEqual(names(now));
  });

  it("writes no percentage and no amount with the noise of a binary float", () => {
    const percentages = ofType("rule").map(({ effect }) =>
      "percentOff" in effect ? effect.percentOff : "none",
    );
    expect(percentages).toEqual([
      "2",
      "5",
      "10",
      "15",
      "35",
      "10",
      "30",
      "50",
      "15",
      "35",
      "15",
      "20",
      "50",
      "40",
    ]);
    const amounts = [
      ...ofType("price").map(({ amount }) => amount),
      ...ofType("product").flatMap(({ cost, listPrice }) =>
        [cost?.amount ?? [], listPrice?.amount ?? []].flat(),
      ),
    ];
    expect(amounts.filter((amount) => !/^(0|[1-9]\d*)\.\d{2,4}$/.test(amount))).toEqual([]);
  });
});

describe("its products", () => {
  it("have a list price as long as they are sold, and components have none", () => {
    const products = ofType("product");
    const count = (test: (product: Product) => boolean) => products.filter(test).length;
    expect(count(({ cost, listPrice }) => cost === undefined && listPrice === undefined)).toBe(200);
    expect(count(({ listPrice }) => listPrice !== undefined)).toBe(206);
    expect(count(({ status }) => status === "discontinued")).toBe(29);
    expect(products.find(({ id }) => id === "BK-M68B-38")).toEqual({
      type: "product",
      id: "BK-M68B-38",
      name: "Mountain-200 Black, 38",
      unit: "EA",
      multiple: "1",
      category: "mountain-bikes",
      cost: { amount: "1251.9813", currency: "USD" },
      listPrice: { amount: "2294.99", currency: "USD" },
      attributes: { colour: "Black", line: "Mountain", class: "High", style: "Universal", size: "38" },
    });
  });

  it.each([now, ...leapDays])(
    "have at most one price for everyone at a time, without gaps, at %s",
    (date) => {
      const prices = ofType("price", sampleRecords(date)).filter((price) => !isContract(price));
      for (const history of Object.values(Object.groupBy(prices, ({ sku }) => sku))) {
        const periods = (history ?? []).map((price) => periodOf(price, zone)).sort((a, b) => a.from - b.from);
        expect(periods.slice(1).map(({ from }) => from)).toEqual(
          periods.slice(0, -1).map(({ until }) => until),
        );
      }
    },
  );

  it.each([now, ...leapDays])("have a price at %s unless their sale has ended", (date) => {
    const all = sampleRecords(date);
    const live = new Set(liveAt(date, ofType("price", all)).map(({ sku }) => sku));
    const unpriced = ofType("product", all).filter(
      ({ id, cost, listPrice, status }) =>
        cost !== undefined && status === undefined && listPrice === undefined && !live.has(id),
    );
    const saleHasEnded = date.toISOString().slice(5) > "05-29";
    expect(unpriced).toHaveLength(saleHasEnded ? 69 : 0);
  });
});

describe("its offers", () => {
  it.each([now, ...leapDays])("give stores all volume discounts at %s", (date) => {
    const bands = liveAt(date, ofType("rule", sampleRecords(date)))
      .filter(({ id }) => id.includes("volume-discount"))
      .map(({ minQuantity, maxQuantity, who, effect }) => ({ minQuantity, maxQuantity, who, effect }));
    const who = { groups: ["reseller"] };
    expect(bands).toEqual([
      { minQuantity: "11", maxQuantity: "14", who, effect: { percentOff: "2" } },
      { minQuantity: "15", maxQuantity: "24", who, effect: { percentOff: "5" } },
      { minQuantity: "25", maxQuantity: "40", who, effect: { percentOff: "10" } },
      { minQuantity: "41", maxQuantity: "60", who, effect: { percentOff: "15" } },
    ]);
  });

  it("keep offers for private buyers from stores", () => {
    const retail = ofType("rule").filter(({ who }) => who?.groups?.includes("retail") === true);
    expect(retail.map(({ id }) => id)).toEqual([
      "offer-10-mountain-tire-sale",
      "offer-15-half-price-pedal-sale",
    ]);
  });

  it("begin with the year's list prices at a midnight in the company's zone", () => {
    const begin = Date.parse(offersBegin(now));
    const touring = ofType("rule").find(({ id }) => id === "offer-13-touring-3000-promotion");
    const helmet = ofType("price").find(({ id }) => id === "list-HL-U509-R-3");
    expect([touring, helmet].map((record) => periodOf(record ?? {}, zone).from)).toEqual([begin, begin]);
    expect(touring?.until).toBe("2026-08-28");
  });
});

describe("its contracts", () => {
  const contracts = ofType("price").filter(isContract);
  const products = new Map(ofType("product").map((product) => [product.id, product]));

  it("cost at least 5 % more than the product and at least 3 % less than its list price", () => {
    const outside = contracts.filter(({ sku, amount }) => {
      const { cost, listPrice } = products.get(sku) ?? {};
      if (cost === undefined || listPrice === undefined) return true;
      const price = parseDecimal(amount);
      return (
        compare(price, multiply(parseDecimal(cost.amount), parseDecimal("1.05"))) < 0 ||
        compare(price, multiply(parseDecimal(listPrice.amount), parseDecimal("0.97"))) > 0
      );
    });
    expect(outside).toEqual([]);
    expect(contracts.filter(({ amount }) => !/^\d+\.\d{2}$/.test(amount))).toEqual([]);
  });

  it("say by their ids that they are generated", () => {
    expect(contracts.filter(({ id, customer }) => !id.startsWith(`contract-${customer}-`))).toEqual([]);
  });

  it("are 60 stores', each for 20 to 60 products", () => {
    const byStore = Object.values(Object.groupBy(contracts, ({ customer }) => customer ?? ""));
    expect(byStore).toHaveLength(60);
    const sizes = byStore.map((prices) => new Set((prices ?? []).map(({ sku }) => sku)).size);
    expect(sizes.filter((size) => size < 20 || size > 60)).toEqual([]);
  });

  it("never ask more for more", () => {
    const amounts = new Map(contracts.map(({ id, amount }) => [id, parseDecimal(amount)]));
    const tiered = contracts.filter(({ minQuantity }) => minQuantity !== undefined);
    const rising = tiered.filter(({ id, amount, minQuantity }) => {
      const below = amounts.get(id.replace(/-from-\d+$/, minQuantity === "25" ? "-from-10" : "-from-1"));
      return below === undefined || compare(parseDecimal(amount), below) > 0;
    });
    expect(rising).toEqual([]);
    expect(new Set(tiered.map(({ minQuantity }) => minQuantity))).toEqual(new Set(["10", "25"]));
  });

  it("hold through the year, renewed in its middle, or in winter only", () => {
    const holders = (instant: string) =>
      new Set(liveAt(new Date(instant), contracts).map(({ customer }) => customer)).size;
    expect(holders("2026-01-15T20:00:00Z")).toBe(60);
    expect(holders("2026-06-30T20:00:00Z")).toBe(50);
    expect(holders("2026-07-01T20:00:00Z")).toBe(50);
    expect(holders("2026-12-31T20:00:00Z")).toBe(60);
  });

  it("allow no discount in five stores", () => {
    const net = contracts.filter(({ allowDiscount }) => allowDiscount === false);
    expect(new Set(net.map(({ customer }) => customer)).size).toBe(5);
  });
});

describe("its helpers for tests", () => {
  it("know the stores, the products and the instants to ask for", () => {
    const company = companyOfSample(records);
    expect(Object.entries(company).map(([name, ids]) => [name, ids.length])).toEqual([
      ["storeIds", 701],
      ["contractStoreIds", 60],
      ["skus", 504],
      ["pricedSkus", 206],
      ["offeredSkus", 138],
    ]);
    expect(company.storeIds).toContain("AW00000676");
    expect(testedInstants(now)).toEqual([
      "2026-01-15T20:00:00Z",
      "2026-05-29T07:00:00Z",
      "2026-11-23T20:00:00Z",
    ]);
  });
});

function liveAt<Dated extends { from?: string | undefined; until?: string | undefined }>(
  date: Date,
  dated: readonly Dated[],
): readonly Dated[] {
  return dated.filter((record) => isInForce(periodOf(record, zone), date.getTime()));
}

function referencesOf(record: SampleRecord): readonly string[] {
  switch (record.type) {
    case "category":
    case "customerGroup":
      return record.parent === undefined ? [] : [`${record.type} ${record.parent}`];
    case "customer":
      return [
        ...(record.groups ?? []).map((group) => `customerGroup ${group}`),
        ...(record.team ?? []).map(({ person }) => `person ${person}`),
      ];
    case "approvalPolicy":
      return [...record.needs.flatMap(({ of }) => of), record.escalateTo ?? {}].flatMap((asked) =>
        "person" in asked ? [`person ${String(asked.person)}`] : [],
      );
    case "product":
      return record.category === undefined ? [] : [`category ${record.category}`];
    case "price":
      return [
        `product ${record.sku}`,
        ...(record.customer === undefined ? [] : [`customer ${record.customer}`]),
      ];
    case "rule":
      return [
        ...(record.who?.groups ?? []).map((group) => `customerGroup ${group}`),
        ...(record.what?.skus ?? []).map((sku) => `product ${sku}`),
      ];
    case "inventory":
      return [`product ${record.sku}`];
    case "policy":
    case "company":
    case "person":
      return [];
  }
}
