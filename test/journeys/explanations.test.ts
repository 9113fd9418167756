import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Considered } from "../../shared/pricing/considered.ts";
import { publish, push } from "../support/erp.ts";
import { startPlanes, type Planes } from "../support/planes.ts";
import { customerToken, Shop } from "../support/price-questions.ts";

let planes: Planes;
let shop: Shop;

const price = (id: string, amount: string, more: object = {}) => ({
  type: "price",
  id,
  sku: "A",
  currency: "EUR",
  amount,
  ...more,
});
const rule = (id: string, rank: number, more: object) => ({ type: "rule", id, rank, ...more });

beforeAll(async () => {
  planes = await startPlanes();
  shop = new Shop(planes);
  await push(planes, [
    { type: "policy", id: "default", timeZone: "Europe/Berlin", rules: "stack" },
    { type: "priceList", id: "L", currency: "EUR" },
    { type: "priceList", id: "OLD", currency: "EUR", until: "2025-12-31" },
    {
      type: "product",
      id: "A",
      name: "A",
      unit: "EA",
      units: [{ unit: "BOX", factor: "12" }],
      listPrice: { amount: "12", currency: "EUR" },
      cost: { amount: "6.5432", currency: "EUR" },
    },
    { type: "customer", id: "C", name: "C", lists: ["L", "OLD"] },
    { type: "customer", id: "OTHER", name: "OTHER" },
    price("own", "9.00", { customer: "C", minQuantity: "10" }),
    price("own-many", "8.00", { customer: "C", minQuantity: "100" }),
    price("own-past", "1.00", { customer: "C", until: "2020-12-31" }),
    price("listed", "9.50", { list: "L" }),
    price("listed-tier", "9.25", { list: "L", minQuantity: "5" }),
    price("listed-box", "100.00", { list: "L", unit: "BOX" }),
    price("old", "0.50", { list: "OLD" }),
    price("all", "11.00"),
    price("another's", "2.00", { customer: "OTHER" }),
    rule("first", 1, { effect: { percentOff: "10" } }),
    rule("many", 2, { minQuantity: "50", effect: { percentOff: "20" } }),
    rule("last", 3, { exclusive: true, effect: { amountOff: "1.00", currency: "EUR" } }),
    rule("never", 4, { effect: { percentOff: "99" } }),
    rule("floor", 0, { effect: { percentOff: "1", min: { marginOnCost: "1" } } }),
    rule("others", 1, { who: { customers: ["OTHER"] }, effect: { percentOff: "50" } }),
  ]);
  await publish(planes);
});
afterAll(() => planes.close());

interface Explained {
  readonly code?: string;
  readonly lines: readonly {
    readonly unitPrice?: string;
    readonly explanation?: readonly object[];
    readonly considered?: readonly Considered[];
  }[];
}

const ask = (quantity: string, more: object = {}) =>
  shop.post<Explained>({ customer: "C", explain: "full", lines: [{ sku: "A", quantity }], ...more });

describe("a full explanation: it promises that…", () => {
  it("each price and rule of the customer is there, with what became of it, and why", async () => {
    const { body } = await ask("10");
    const [line] = body.lines;
    expect(line?.unitPrice).toBe("7.019");
    expect(line?.considered).toEqual([
      { record: "price/own", amount: "9.00", outcome: "selected" },
      { record: "price/own-many", amount: "8.00", outcome: "filtered", reason: "quantity_below" },
      { record: "price/own-past", amount: "1.00", outcome: "filtered", reason: "expired" },
      { record: "price/listed", amount: "9.50", outcome: "beaten", reason: "precedence", by: "price/own" },
      {
        record: "price/listed-box",
        amount: "100.00",
        outcome: "beaten",
        reason: "precedence",
        by: "price/own",
      },
      {
        record: "price/listed-tier",
        amount: "9.25",
        outcome: "beaten",
        reason: "precedence",
        by: "price/own",
      },
      { record: "price/old", amount: "0.50", outcome: "filtered", reason: "list_not_in_force" },
      { record: "price/all", amount: "11.00", outcome: "beaten", reason: "precedence", by: "price/own" },
      { record: "rule/floor", outcome: "selected" },
      { record: "rule/first", outcome: "selected" },
      { record: "rule/many", outcome: "filtered", reason: "quantity_below" },
      { record: "rule/last", outcome: "selected" },
      { record: "rule/never", outcome: "excluded", reason: "exclusive", by: "rule/last" },
    ]);
  });

  it("within a source it says on what a price lost", async () => {
    const { body } = await ask("9");
    const fates = body.lines[0]?.considered?.flatMap(({ record, reason, by }) =>
      record.startsWith("price/listed") ? [[record, reason, by]] : [],
    );
    expect(fates).toEqual([
      ["price/listed", "smaller_tier", "price/listed-tier"],
      ["price/listed-box", "converted_unit", "price/listed-tier"],
      ["price/listed-tier", undefined, undefined],
    ]);
  });

  it("it holds no cost, and nothing of another customer", async () => {
    const { body } = await ask("10");
    const text = JSON.stringify(body);
    for (const secret of ["6.5432", "another's", "rule/others"]) expect(text).not.toContain(secret);
  });

  it("a line without a price is explained too, and one without a product is not", async () => {
    const lines = [
      { sku: "A", quantity: "1" },
      { sku: "NOPE", quantity: "1" },
    ];
    const { body } = await shop.post<Explained>({
      customer: "OTHER",
      currency: "JPY",
      explain: "full",
      lines,
    });
    const considered = body.lines.map((line) =>
      line.considered?.map(({ record, outcome }) => [record, outcome]),
    );
    // Prices in other currencies are none of this question's.
    expect(considered[0]?.filter(([record]) => record?.startsWith("price/"))).toEqual([]);
    expect(considered[1]).toBe(undefined);
  });

  it("it is the snapshot's: what was pushed since then is not in it", async () => {
    await planes.control.fetch("/v1/publishing", {
      method: "PUT",
      headers: { Authorization: `Bearer ${planes.keys.admin.key}`, "Content-Type": "application/json" },
      body: JSON.stringify({ autoPublish: false }),
    });
    await push(planes, [price("newer", "1.00", { customer: "C", minQuantity: "10" })]);
    const { body } = await ask("10");
    expect(body.lines[0]?.considered?.some(({ record }) => record === "price/newer")).toBe(false);
    expect(body.lines[0]?.unitPrice).toBe("7.019");
  });

  it("it is for keys, and for few lines", async () => {
    const token = await customerToken(planes, "C");
    const question = { customer: "C", explain: "full", lines: [{ sku: "A", quantity: "1" }] };
    const asCustomer = await new Shop(planes, token).post<Explained>(question);
    expect([asCustomer.status, asCustomer.body.code]).toEqual([403, "forbidden"]);
    const many = await ask("1", { lines: Array.from({ length: 21 }, () => ({ sku: "A", quantity: "1" })) });
    expect([many.status, many.body.code]).toEqual([422, "too_many_lines"]);
    const one = await shop.send<Explained>("/v1/prices/A?customer=C&quantity=10&explain=full");
    expect(one.body.lines[0]?.considered).toHaveLength(13);
  });
});
