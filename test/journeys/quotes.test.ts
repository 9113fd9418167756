import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CommandName } from "../../shared/quoting/command.ts";
import { startBikeCompany, type BikePeople } from "../support/bike-company.ts";
import { fakeErp, startPlanes, type Planes } from "../support/planes.ts";
import type { EdgeEnv } from "../../workers/env.ts";
import type { Party, QuoteBody } from "../support/quote-parties.ts";

/** One quote's whole life, across both planes: quietly, and with everything that may go wrong between its steps. */

let planes: Planes;
let people: BikePeople;

beforeAll(async () => {
  planes = await startPlanes({}, [fakeErp]);
  people = await startBikeCompany(planes);
}, 120_000);
afterAll(() => planes.close());

const asked = [
  { sku: "BIKE", quantity: "40", requestedPrice: "440.00" },
  { sku: "HELMET", quantity: "40" },
];

interface Trouble {
  /** What happens between two steps. */
  readonly between: (quote: string) => Promise<void>;
  /** How often each command is sent. */
  readonly times: 1 | 2;
  /** What happens while the order is waited for. */
  readonly later?: (quote: string) => Promise<void>;
}

const nothing = async (): Promise<void> => {};

/** The quote's life. Returns what everybody sees in the end, but for ids and times. */
async function live({ between, times, later = nothing }: Trouble): Promise<object> {
  const { shop, sally, leo, dora, fritz } = people;
  const step = async (
    who: Party,
    command: CommandName,
    quote: QuoteBody,
    body: object = {},
  ): Promise<QuoteBody> => {
    const headers = { "Idempotency-Key": crypto.randomUUID(), "If-Match": `"${quote.version}"` };
    const answers: string[] = [];
    while (answers.length < times) {
      const [{ status, text }] = await Promise.all([
        who.give(command, quote, { body, headers }),
        between(quote.id),
      ]);
      // What dies over a command can't say whether it was carried out. The same key tells.
      if (status >= 500) continue;
      expect([command, status, text]).toEqual([command, 200, text]);
      answers.push(text);
    }
    expect(new Set(answers).size).toBe(1);
    // As any caller would go on: from what the quote is now.
    return who.read(quote);
  };

  const key = crypto.randomUUID();
  const opening = JSON.stringify({ lines: asked, note: "For the spring" });
  const opened: QuoteBody[] = [];
  for (let time = 0; time < times; time++) {
    const { status, body } = await shop.open(opening, key);
    expect(status).toBe(201);
    opened.push(body);
    await between(body.id);
  }
  let [quote] = opened;
  if (quote === undefined) throw new Error("A quote was opened");
  expect(new Set(opened.map(({ id }) => id)).size).toBe(1);
  const { id } = quote;

  quote = await step(shop, "submit", quote);
  expect(await listed(shop, id)).toMatchObject({ status: "requested", total: "19200.00" });

  // 12 % off all, and the helmets are under the margin that nobody gives away alone.
  const offer = [
    { sku: "BIKE", quantity: "40", offeredPrice: "440.00" },
    { sku: "HELMET", quantity: "40", offeredPrice: "35.20" },
  ];
  quote = await step(sally, "offer", await sally.read({ id }), { lines: offer });
  expect(quote.status).toBe("awaiting_approval");
  expect(
    quote.approval?.tiers.map(({ tier, causes }) => [tier, causes.map(({ policy, line }) => [policy, line])]),
  ).toEqual([
    [1, [["large-discount", undefined]]],
    [2, [["thin-line", "2"]]],
  ]);
  await expect.poll(() => inboxOf(leo)).toContain(id);
  expect(await inboxOf(fritz)).not.toContain(id);
  expect(await inboxOf(dora)).not.toContain(id);

  quote = await step(leo, "delegate", quote, { to: "dora" });
  await expect.poll(() => inboxOf(dora)).toContain(id);
  expect(await leo.refused("approve", quote)).toEqual([403, "not_asked"]);
  quote = await step(dora, "approve", quote);
  await expect.poll(() => inboxOf(fritz)).toContain(id);
  await expect.poll(() => inboxOf(dora)).not.toContain(id);
  quote = await step(fritz, "approve", quote, { comment: "This once" });
  expect(quote.status).toBe("approved");
  await expect.poll(() => inboxOf(fritz)).not.toContain(id);

  expect((await shop.read({ id })).revision.lines[0]?.offeredPrice).toBeUndefined();
  await step(sally, "send", quote);
  quote = await shop.read({ id });
  expect([quote.status, quote.revision.total]).toEqual(["sent", "19008.00"]);

  // The helmets are fine; the bikes are to be cheaper.
  const counter = [
    { sku: "BIKE", quantity: "40", requestedPrice: "430.00" },
    { sku: "HELMET", quantity: "40" },
  ];
  quote = await step(shop, "counter", quote, { lines: counter });
  expect([quote.status, quote.revision.total]).toEqual(["requested", "18608.00"]);

  const answer = [
    { sku: "BIKE", quantity: "40", offeredPrice: "435.00" },
    { sku: "HELMET", quantity: "40", offeredPrice: "35.20" },
  ];
  quote = await step(sally, "counter", await sally.read({ id }), { lines: answer });
  expect(quote.status).toBe("awaiting_approval");
  quote = await step(leo, "approve", quote);
  quote = await step(fritz, "approve", quote);
  await step(sally, "send", quote);
  quote = await shop.read({ id });
  quote = await step(shop, "accept", quote, { purchaseOrder: "PO-7", contact: { name: "Purchasing" } });

  const statusLater = async () => {
    await later(id);
    return (await shop.read({ id })).status;
  };
  await expect.poll(statusLater, { timeout: 30_000 }).toBe("ordered");
  await expect.poll(async () => (await listed(shop, id)).status, { timeout: 30_000 }).toBe("ordered");
  for (const approver of [leo, dora, fritz]) expect(await inboxOf(approver)).not.toContain(id);
  return endOf(id);
}

/** What everybody sees in the end, which is to be the same. */
async function endOf(id: string): Promise<object> {
  const { shop, sally } = people;
  const [forShop, forSally] = [await shop.read({ id }), await sally.read({ id })];
  const booked = (await erpOrders()).filter(({ order }) => order.quote === id);
  expect(booked).toHaveLength(1);
  expect(booked[0]?.order.lines.map(({ sku, unitPrice, lineTotal }) => [sku, unitPrice, lineTotal])).toEqual([
    ["BIKE", "435.00", "17400.00"],
    ["HELMET", "35.20", "1408.00"],
  ]);
  expect(forShop.order?.erpOrder).toBe(booked[0]?.erpOrder);
  expect(forShop.version).toBe(forSally.version);

  const { body } = await sally.send<{ orders: readonly (OrderRow & { readonly quote: string })[] }>(
    "/v1/orders?status=placed",
  );
  const orders = body.orders.filter(({ quote }) => quote === id);
  expect(orders).toHaveLength(1);
  expect(orders[0]).toMatchObject({
    total: "18808.00",
    erpOrder: booked[0]?.erpOrder,
    purchaseOrder: "PO-7",
  });
  const audit = await sally.send<{ events: number; faults: readonly object[]; checkpoint?: { seq: number } }>(
    `/v1/quotes/${id}/audit`,
  );
  expect([audit.body.faults, audit.body.checkpoint?.seq]).toEqual([[], forSally.version]);
  for (const reader of [shop, sally]) {
    expect(await listed(reader, id)).toMatchObject({
      status: "ordered",
      version: forSally.version,
      total: "18808.00",
      revision: forSally.revision.number,
    });
  }
  const events = async (reader: Party) => {
    const told = await reader.send<{
      events: readonly { seq: number; type: string; by: string; person?: string }[];
    }>(`/v1/quotes/${id}/events`);
    return told.body.events.map(({ seq, type, by, person }) => [seq, type, by, person]);
  };
  return {
    forShop: withoutNames(forShop),
    forSally: withoutNames(forSally),
    eventsForShop: await events(shop),
    eventsForSally: await events(sally),
  };
}

/** A quote but for what is another's in every quote. */
function withoutNames(quote: QuoteBody): unknown {
  const text = JSON.stringify(quote)
    .replaceAll(quote.id, "ID")
    .replaceAll(/"SO-\d+"/g, '"SO"')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME")
    .replaceAll(/"[0-9a-f]{64}"/g, '"HASH"');
  return JSON.parse(text);
}

interface OrderRow {
  readonly total: string;
  readonly erpOrder: string | null;
  readonly purchaseOrder: string | null;
}

interface Booked {
  readonly erpOrder: string;
  readonly order: {
    readonly quote: string;
    readonly lines: readonly {
      readonly sku: string;
      readonly unitPrice: string;
      readonly lineTotal: string;
    }[];
  };
}

async function erpOrders(): Promise<readonly Booked[]> {
  const response = await planes.beside("fake-erp")("/");
  if (response === undefined) throw new Error("These planes have an ERP");
  return response.json();
}

async function inboxOf(party: Party): Promise<string[]> {
  const { status, body } = await party.send<{ entries: readonly { quote: string }[] }>("/v1/inbox");
  expect(status).toBe(200);
  return body.entries.map(({ quote }) => quote);
}

interface Listed {
  readonly id: string;
  readonly status: string;
}

async function listed(party: Party, id: string): Promise<Listed> {
  const find = async () => {
    const { body } = await party.send<{ quotes: readonly Listed[] }>("/v1/quotes?limit=200");
    return body.quotes.find((quote) => quote.id === id);
  };
  await expect.poll(find, { timeout: 20_000 }).toBeDefined();
  return (await find()) ?? { id, status: "not listed" };
}

let quiet: object;

describe("a quote's life: it promises that…", () => {
  it("a request is offered, approved in two steps, countered, accepted and ordered once", async () => {
    quiet = await live({ between: nothing, times: 1 });
    expect(quiet).toMatchObject({ forShop: { status: "ordered" }, forSally: { status: "ordered" } });
  });

  it("evictions between and during all steps, and every command sent twice, change nothing of it", async () => {
    const evict = async (name: string, which: { name: string } | { id: string }) => {
      await planes.workers.edge
        .evictDurableObject(name, { ...which, webSockets: "close" })
        .catch((error: unknown) => {
          if (!String(error).includes("not currently running")) throw error;
        });
    };
    const between = async (quote: string) => {
      await evict("QuoteObject", { name: quote });
      for (const id of await planes.workers.edge.listDurableObjectIds("InboxObject"))
        await evict("InboxObject", { id });
    };
    expect(await live({ between, times: 2 })).toEqual(quiet);
  }, 180_000);

  it("an ERP that fails, and loses its answers, books it once", async () => {
    await planes.beside("fake-erp")("/", {
      method: "PUT",
      body: JSON.stringify(["lost_answer", "lost_answer_of_find"]),
    });
    // As if the time for which an attempt is waited out had passed.
    const later = async (quote: string) => {
      const storage = await planes.workers.edge.getDurableObjectStorage("QuoteObject", { name: quote });
      await storage.exec("UPDATE outbox SET next_at = 0");
      const { QUOTES } = (await planes.workers.edge.getEnv()) as unknown as EdgeEnv; // As its configuration says.
      await QUOTES.getByName(quote).wake();
    };
    expect(await live({ between: nothing, times: 1, later })).toEqual(quiet);
  });
});
