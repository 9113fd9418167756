import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TrytonClient } from "../../control-plane/connectors/tryton/client.ts";
import type { CompanyRows } from "../../control-plane/connectors/tryton/company-rows.ts";
import { readCompany } from "../../control-plane/connectors/tryton/read-company.ts";
import { translateCompany } from "../../control-plane/connectors/tryton/translate.ts";
import type { FeedRecord, Translation } from "../../control-plane/connectors/translation.ts";
import { NumberLiteral } from "../../shared/api/exact-json.ts";
import { compare, parseDecimal } from "../../shared/pricing/fraction.ts";
import { publish, push } from "../support/erp.ts";
import { startPlanes, type Planes } from "../support/planes.ts";
import { Shop, type AnsweredLine } from "../support/price-questions.ts";
import { askForLine, askTryton, fourDigits, TrytonIds } from "./tryton/oracle.ts";
import { callsFor, type OracleCall } from "./tryton/questions.ts";
import { startTryton, type RunningTryton } from "./tryton/server.ts";

let tryton: RunningTryton;
let client: TrytonClient;
let planes: Planes;
let rows: CompanyRows;
let translation: Translation;
let ids: TrytonIds;

beforeAll(async () => {
  tryton = await startTryton();
  client = new TrytonClient(tryton);
  rows = await readCompany(client);
  translation = translateCompany(rows, { timeZone: "UTC" });
  ids = new TrytonIds(rows);
  planes = await startPlanes({
    TRYTON_URL: tryton.url,
    TRYTON_DATABASE: tryton.database,
    TRYTON_USER: tryton.user,
    TRYTON_PASSWORD: tryton.password,
  });
  await push(planes, translation.records);
  await publish(planes);
}, 300_000);
afterAll(async () => {
  await planes.close();
  await tryton.stop();
});

/** What the edge answers for a call, by SKU. */
async function askEdge(call: OracleCall): Promise<ReadonlyMap<string, AnsweredLine>> {
  const { customer, products, unit, quantity, day, currency } = call;
  const { body } = await new Shop(planes).post({
    customer: customer.id,
    currency,
    at: `${day}T12:00:00Z`,
    lines: products.map(({ id }) => ({ sku: id, quantity, unit })),
  });
  return new Map(body.lines.map((line) => [line.sku, line]));
}

function defaultLists(): readonly string[] {
  return translation.records.flatMap((record) =>
    record.type === "policy" && "defaultLists" in record ? (record.defaultLists ?? []) : [],
  );
}

/** The price as an order line has it; Tryton gives prices below zero, which here are none. */
function shown(line: AnsweredLine | undefined): string {
  return line?.unavailable?.code ?? fourDigits(line?.unitPrice ?? "0");
}

function isSame(theirs: string, ours: string): boolean {
  return theirs === ours || (theirs.startsWith("-") && ours === "negative_result");
}

async function differences(calls: readonly OracleCall[]): Promise<{ compared: number; different: string[] }> {
  const different: string[] = [];
  let compared = 0;
  for (const call of calls) {
    const [theirs, ours] = await Promise.all([askTryton(client, ids, call, defaultLists()), askEdge(call)]);
    for (const { id } of call.products) {
      compared++;
      const [expected, found] = [theirs.get(id) ?? "", shown(ours.get(id))];
      if (isSame(expected, found)) continue;
      const { customer, quantity, unit, day, currency, isReturn } = call;
      const asked = `${customer.name}, ${id}, ${isReturn ? "-" : ""}${quantity} ${unit}, ${day}, ${currency}`;
      different.push(`${asked}: Tryton ${expected}, Pricewright ${found}`);
    }
  }
  return { compared, different };
}

describe("Tryton's own prices: it promises that…", () => {
  it("all that Tryton has can be represented", () => {
    expect(translation.problems).toEqual([]);
    const counts = Map.groupBy(translation.records, ({ type }) => type);
    for (const [type, least] of [
      ["product", 40],
      ["customer", 12],
      ["priceList", 9],
      ["rule", 20],
      ["rate", 5],
    ] as const) {
      expect([type, (counts.get(type)?.length ?? 0) >= least]).toEqual([type, true]);
    }
  });

  it("the edge's price is Tryton's, for every customer, product, unit and currency, around every break and day", async () => {
    const { compared, different } = await differences(callsFor(translation.records));
    process.stdout.write(`Tryton: ${compared} prices compared, ${compared - different.length} equal\n`);
    expect(different.slice(0, 20)).toEqual([]);
    expect(compared).toBeGreaterThan(20_000);
  }, 600_000);

  it("an order line has the same unit price and the same amount", async () => {
    const calls = callsFor(translation.records).filter(({ isReturn }) => !isReturn);
    const step = Math.max(1, Math.floor(calls.length / 600));
    const different: unknown[] = [];
    let compared = 0;
    for (let index = 0; index < calls.length; index += step) {
      const call = calls[index];
      const product = call?.products[index % call.products.length];
      if (call === undefined || product === undefined) continue;
      const [theirs, ours] = await Promise.all([
        askForLine(client, ids, call, product.id, defaultLists()),
        askEdge({ ...call, products: [product] }),
      ]);
      const line = ours.get(product.id);
      const total = line?.lineTotal ?? "0";
      compared++;
      const sameAmount =
        line?.lineTotal === undefined || compare(parseDecimal(theirs.amount), parseDecimal(total)) === 0;
      if (isSame(fourDigits(theirs.unitPrice), shown(line)) && sameAmount) continue;
      different.push({
        customer: call.customer.name,
        sku: product.id,
        quantity: call.quantity,
        unit: call.unit,
        theirs,
        ours: line,
      });
    }
    process.stdout.write(`Tryton: ${compared} order lines compared, ${compared - different.length} equal\n`);
    expect(different.slice(0, 5)).toEqual([]);
    expect(compared).toBeGreaterThanOrEqual(500);
  }, 300_000);

  it("a currency that has no rate has no price, where Tryton has an error", async () => {
    const [call] = callsFor(translation.records);
    if (call === undefined) throw new Error("There is no question");
    const pounds = { ...call, currency: "GBP" };
    await expect(askTryton(client, ids, pounds, defaultLists())).rejects.toMatchObject({ fault: "refused" });
    const answered = await askEdge(pounds);
    expect(new Set([...answered.values()].map(shown))).toEqual(new Set(["no_price"]));
  });

  it("a pull reads only what has changed: a price, a new line, a deleted one", async () => {
    let pulls = 0;
    const pull = async (query = "") => {
      const response = await planes.control.fetch(`/v1/erp/pulls/tryton${query}`, {
        method: "POST",
        headers: { Authorization: `Bearer ${planes.keys.erp.key}`, "Idempotency-Key": `pull-${++pulls}` },
      });
      const { unchanged, problems, batch } = await response.json<{
        unchanged: boolean;
        problems: unknown[];
        batch: { counts: { applied: number } } | null;
      }>();
      return { unchanged, problems, applied: batch?.counts.applied };
    };
    const nothing = { unchanged: true, problems: [], applied: undefined };
    // What was pushed before is what is read now.
    expect(await pull()).toEqual({ unchanged: false, problems: [], applied: 0 });
    expect(await pull()).toEqual(nothing);
    expect(await pull("?full=true")).toEqual({ unchanged: false, problems: [], applied: 0 });

    const template = rows.rows["product.template"][0]?.["id"];
    const listPrice = { list_price: { __class__: "Decimal", decimal: "77.77" } };
    await client.model("product.template", "write", [[template], listPrice]);
    expect(await pull()).toMatchObject({ unchanged: false, applied: 1 });
    const list = rows.rows["product.price_list"][0]?.["id"];
    const line = { price_list: list, formula: "unit_price * 0.5", sequence: new NumberLiteral("99") };
    const made = await client.model("product.price_list.line", "create", [[line]]);
    expect(await pull()).toMatchObject({ unchanged: false, applied: 1 });
    await client.model("product.price_list.line", "delete", [made]);
    expect(await pull()).toMatchObject({ unchanged: false, applied: 1 });
    expect(await pull()).toEqual(nothing);
  });

  // Last, since it changes what is live.
  it("one digit of one formula that is not Tryton's is found", async () => {
    const wrong = translation.records.map((record): FeedRecord => {
      if (record.type !== "rule" || "op" in record || !("formula" in record.effect)) return record;
      return { ...record, effect: { formula: record.effect.formula.replace("0.93", "0.94") } };
    });
    await push(planes, wrong);
    await publish(planes);
    const calls = callsFor(translation.records).filter(
      ({ day, currency }) => day === "2026-06-09" && currency === "EUR",
    );
    const { different } = await differences(calls.filter((_, index) => index % 5 === 0));
    expect(different.length).toBeGreaterThan(10);
  }, 300_000);
});
