import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { publish, push } from "../support/erp.ts";
import { startPlanes, type Planes } from "../support/planes.ts";

let planes: Planes;

beforeAll(async () => {
  planes = await startPlanes();
  await push(planes, [
    { type: "product", id: "A", name: "A", unit: "EA", units: [{ unit: "BOX", factor: "12" }] },
    { type: "product", id: "SCREW", name: "Screw", unit: "EA" },
    { type: "customer", id: "C1", name: "C1", currency: "EUR" },
    { type: "price", id: "a", sku: "A", currency: "EUR", amount: "10.00" },
    { type: "price", id: "s", sku: "SCREW", currency: "EUR", amount: "3.45", per: "100" },
    { type: "rule", id: "r", rank: 1, effect: { percentOff: "7" }, what: { skus: ["A"] }, minQuantity: "10" },
  ]);
  await publish(planes);
});

afterAll(async () => {
  await planes.close();
});

interface Run {
  readonly id: string;
  readonly received: number;
  readonly counts: { readonly matched: number; readonly mismatched: number; readonly invalid: number };
  readonly mismatches: readonly unknown[];
  readonly problems: readonly unknown[];
  readonly code?: string;
}

async function compare(lines: readonly (object | string)[]): Promise<{ status: number; body: Run }> {
  const response = await planes.control.fetch("/v1/parity", {
    method: "POST",
    headers: { Authorization: `Bearer ${planes.keys.erp.key}`, "Content-Type": "application/x-ndjson" },
    body: lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n"),
  });
  return { status: response.status, body: await response.json<Run>() };
}

describe("a comparison with the ERP's prices", () => {
  it("counts those that are equal as exact decimals, however they are written and for however many", async () => {
    const { status, body } = await compare([
      { customer: "C1", sku: "A", quantity: "1", unitPrice: "10.0000" },
      { customer: "C1", sku: "A", quantity: "10", unitPrice: "9.3" },
      { customer: "C1", sku: "A", quantity: "1", unit: "BOX", unitPrice: "111.60" },
      { customer: "C1", sku: "SCREW", quantity: "1", unitPrice: "0.0345" },
      { customer: "C1", sku: "SCREW", quantity: "1", unitPrice: "34.5", per: "1000" },
    ]);
    expect([status, body.received, body.counts]).toEqual([200, 5, { matched: 5, mismatched: 0, invalid: 0 }]);
  });

  it("shows each price that differs, by one digit even, with our reasons", async () => {
    const { body } = await compare([
      { customer: "C1", sku: "A", quantity: "10", unitPrice: "9.3001" },
      { customer: "C1", sku: "NOPE", quantity: "1", unitPrice: "1" },
      { customer: "NOBODY", sku: "A", quantity: "1", unitPrice: "10" },
    ]);
    expect(body.counts).toEqual({ matched: 0, mismatched: 3, invalid: 0 });
    expect(body.mismatches).toEqual([
      {
        line: 1,
        asked: { customer: "C1", sku: "A", quantity: "10" },
        theirs: { unitPrice: "9.3001", per: "1" },
        ours: {
          unitPrice: "9.30",
          per: "1",
          explanation: [
            { step: "price", record: "price/a", amount: "10.00" },
            { step: "rule", record: "rule/r", amount: "9.30" },
          ],
        },
      },
      {
        line: 2,
        asked: { customer: "C1", sku: "NOPE", quantity: "1" },
        theirs: { unitPrice: "1", per: "1" },
        ours: { unavailable: "unknown_sku" },
      },
      {
        line: 3,
        asked: { customer: "NOBODY", sku: "A", quantity: "1" },
        theirs: { unitPrice: "10", per: "1" },
        ours: { unavailable: "unknown_customer" },
      },
    ]);
  });

  it("refuses a bad line alone, and is kept", async () => {
    const good = await compare([
      { customer: "C1", sku: "A", quantity: "0", unitPrice: "10" },
      "{",
      { customer: "C1", sku: "A", quantity: "1", unitPrice: "10", price: "10" },
      { customer: "C1", sku: "A", quantity: "1", unitPrice: "10" },
    ]);
    expect(good.body.counts).toEqual({ matched: 1, mismatched: 0, invalid: 3 });
    expect(good.body.problems).toMatchObject([
      { line: 1, code: "not_positive", pointer: "/quantity" },
      { line: 2, code: "malformed_json" },
      { line: 3, code: "unknown_field", pointer: "/price" },
    ]);
    const read = async (path: string) =>
      (
        await planes.control.fetch(path, { headers: { Authorization: `Bearer ${planes.keys.manager.key}` } })
      ).json<Run & { runs: Run[] }>();
    expect(await read(`/v1/parity/${good.body.id}`)).toEqual(good.body);
    const [newest] = (await read("/v1/parity")).runs;
    expect(newest?.counts).toEqual(good.body.counts);
    expect((await read("/v1/parity/p999")).code).toBe("not_found");
  });
});
