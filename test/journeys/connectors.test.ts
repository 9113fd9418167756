import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { publish, push, type Batch } from "../support/erp.ts";
import { startPlanes, type Planes } from "../support/planes.ts";
import { Shop } from "../support/price-questions.ts";

let planes: Planes;
let shop: Shop;

beforeAll(async () => {
  planes = await startPlanes();
  shop = new Shop(planes);
  await push(planes, [
    { type: "policy", id: "default", preset: "sap" },
    { type: "product", id: "000042", name: "A bolt", unit: "PCE" },
    { type: "customer", id: "0000017100", name: "A customer", currency: "EUR" },
    { type: "priceList", id: "A", currency: "EUR" },
    { type: "customer", id: "LISTED", name: "Another", currency: "EUR", lists: ["A"] },
  ]);
});
afterAll(() => planes.close());

interface Translation {
  readonly code?: string;
  readonly pointer?: string;
  readonly reason?: string;
  readonly problems: readonly { readonly source: string; readonly code: string }[];
  readonly batch: Batch | null;
}

let keys = 0;

async function post(connector: string, body: object, key = `payload-${++keys}`) {
  const response = await planes.control.fetch(`/v1/erp/payloads/${connector}`, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${planes.keys.erp.key}`,
      "Content-Type": "application/json",
      "Idempotency-Key": key,
    },
    body: JSON.stringify(body),
  });
  const replayed = response.headers.get("Idempotent-Replayed") === "true";
  return { status: response.status, replayed, body: await response.json<Translation>() };
}

const mapping = {
  type: "price",
  separator: ";",
  decimals: { point: ",", group: "." },
  id: { template: "{list}/{sku}/{from|1}" },
  fields: {
    list: { column: "list", required: true },
    sku: { column: "sku", required: true },
    currency: { constant: "EUR" },
    amount: { column: "price", as: "decimal", required: true },
    minQuantity: { column: "from", as: "decimal" },
  },
};

/** A COND_A IDoc with one price for one customer and product, or with none but the key's. */
function idoc(amounts: readonly (readonly [from: string, amount: string])[]): string {
  const fields = (values: Readonly<Record<string, string>>) =>
    Object.entries(values)
      .map(([name, value]) => `<${name}>${value}</${name}>`)
      .join("");
  const key = { KVEWE: "A", KOTABNR: "005", KAPPL: "V", KSCHL: "PR00" };
  const periods = amounts.map(
    ([from, amount], index) =>
      `<E1KONH SEGMENT="1">${fields({
        KNUMH: `000010169${index}`,
        DATAB: from,
        DATBI: "99991231",
      })}<E1KONP SEGMENT="1">${fields({
        KSCHL: "PR00",
        KRECH: "C",
        KBETR: amount,
        KONWA: "EUR",
        KPEIN: "1",
        KMEIN: "PCE",
      })}</E1KONP></E1KONH>`,
  );
  return `<?xml version="1.0"?><COND_A04><IDOC BEGIN="1"><EDI_DC40 SEGMENT="1"><IDOCTYP>COND_A04</IDOCTYP></EDI_DC40><E1KOMG SEGMENT="1">${fields(
    {
      ...key,
      VAKEY: "1010100000017100000042",
      VKORG: "1010",
      VTWEG: "10",
      KUNNR: "0000017100",
      MATNR: "000042",
    },
  )}${periods.join("")}</E1KOMG></IDOC></COND_A04>`;
}

const sap = { prices: ["PR00"], salesArea: { salesOrganization: "1010", distributionChannel: "10" } };

describe("an ERP's own payload: it promises that…", () => {
  it("a file becomes prices at the edge, and what no record can be made of is named", async () => {
    const file = "list;sku;price;from\nA;000042;1.234,50;\nA;000042;12x;10\nA;000042;1.100,00;20\n";
    const { status, body } = await post("csv", { options: mapping, payload: file });
    expect([status, body.problems]).toMatchObject([
      200,
      [{ source: "line 3, column price", code: "not_a_decimal" }],
    ]);
    expect(body.batch?.counts).toMatchObject({ applied: 2, invalid: 0 });
    const { token } = await publish(planes);
    const ask = (quantity: string) =>
      shop.price({ customer: "LISTED", sku: "000042", quantity, atLeast: token });
    expect([await ask("1"), await ask("20")]).toEqual(["1234.50", "1100.00"]);
  });

  it("the same payload with the same key has no second effect", async () => {
    const payload = "list;sku;price;from\nA;000042;9,99;500\n";
    const first = await post("csv", { options: mapping, payload }, "same");
    const second = await post("csv", { options: mapping, payload }, "same");
    expect([first.replayed, second.replayed]).toEqual([false, true]);
    expect(second.body.batch).toEqual(first.body.batch);
    const other = await post("csv", { options: mapping, payload: payload.replace("9,99", "9,98") }, "same");
    expect([other.status, other.body.code]).toEqual([422, "idempotency_key_reused"]);
  });

  it("an IDoc is a complete set for its key: what it does not name any more is gone", async () => {
    const first = await post("sap-idoc", {
      options: sap,
      payload: idoc([
        ["20260101", "12.00"],
        ["20260301", "11.00"],
      ]),
    });
    expect(first.body.problems).toEqual([]);
    const { token } = await publish(planes);
    const question = { customer: "0000017100", sku: "000042", at: "2026-06-15T12:00:00Z", atLeast: token };
    expect(await shop.price(question)).toBe("11.00");
    const second = await post("sap-idoc", { options: sap, payload: idoc([["20260101", "12.00"]]) });
    expect(second.body.batch?.counts).toMatchObject({ applied: 1, unchanged: 1 });
    const { token: later } = await publish(planes);
    expect(await shop.price({ ...question, atLeast: later })).toBe("12.00");
  });

  it("a payload that makes no record takes nothing", async () => {
    const { status, body } = await post("csv", { options: mapping, payload: "list;sku;price;from\n" });
    expect([status, body.problems, body.batch]).toEqual([200, [], null]);
  });

  it.each([
    ["an option that is missing", "odoo", { options: { currency: "EUR" }, payload: {} }, "/options/timeZone"],
    [
      "an option that there is not",
      "csv",
      { options: { ...mapping, colour: 1 }, payload: "" },
      "/options/colour",
    ],
    ["a payload of another form", "csv", { options: mapping, payload: {} }, "/payload"],
  ])("%s is refused with where it is", async (_name, connector, body, pointer) => {
    const refused = await post(connector, body);
    expect([refused.status, refused.body.code, refused.body.pointer]).toEqual([
      400,
      "invalid_request",
      pointer,
    ]);
  });

  it("a system without a connector is not found, and one that is not configured says so", async () => {
    expect((await post("netsuite", { options: {}, payload: {} })).body.code).toBe("invalid_request");
    const response = await planes.control.fetch("/v1/erp/pulls/tryton", {
      method: "POST",
      headers: { Authorization: `Bearer ${planes.keys.erp.key}`, "Idempotency-Key": "pull" },
    });
    expect([response.status, (await response.json<{ code: string }>()).code]).toEqual([
      409,
      "not_configured",
    ]);
  });
});
