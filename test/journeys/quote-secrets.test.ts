import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bikeCompany, startBikeCompany, type BikePeople } from "../support/bike-company.ts";
import { describedRoutes } from "../support/described-routes.ts";
import { fakeErp, startPlanes, type Planes } from "../support/planes.ts";
import { customerToken, type Answer } from "../support/price-questions.ts";
import { Party, partyOf, type QuoteBody } from "../support/quote-parties.ts";

/** What a buyer must not be told is marked, and looked for in all that a buyer is answered and in all that is logged. */

/** Costs, who approves and why, what people of the company say to each other, and what was not offered in the end. */
const secret = [
  "341.77",
  "31.313",
  "large-discount",
  "thin-line",
  "sally",
  "leo",
  "dora",
  "fritz",
  "Leo Lead",
  "sales-lead",
  "finance",
  '"margin"',
  "canary-internal-comment",
  "canary-approval",
  "canary-rejection",
  "471.11",
];
/** Nothing of a quote's content is logged, a buyer's own included. */
const content = [
  "canary-shared",
  "canary-note",
  "canary-order",
  "canary-contact",
  "440.00",
  "465.55",
  "The Bike Shop",
  "Bike Works",
];

let planes: Planes;
let people: BikePeople;
beforeAll(async () => {
  planes = await startPlanes({}, [fakeErp]);
  people = await startBikeCompany(planes);
}, 120_000);
afterAll(() => planes.close());

interface Heard {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly text: string;
}

/** Notes all that somebody is answered. */
class Listener extends Party {
  readonly answers: Heard[] = [];

  override async send<Body>(path: string, init: RequestInit = {}): Promise<Answer<Body>> {
    const answer = await super.send<Body>(path, init);
    this.answers.push({ status: answer.status, headers: [...answer.headers], text: answer.text });
    return answer;
  }

  get heard(): string[] {
    return this.answers.flatMap(({ headers, text }) => [JSON.stringify(headers), text]);
  }
}

async function readAll(reader: Party, id: string): Promise<void> {
  for (const path of ["", "/events", "/revisions", "/document", "/audit"])
    await reader.send(`/v1/quotes/${id}${path}`);
  for (const path of [
    "/v1/quotes",
    "/v1/quotes?status=rejected,awaiting_approval",
    "/v1/inbox",
    "/v1/orders",
  ])
    await reader.send(path);
}

const lines = (offeredPrice: string) => ({
  lines: [
    { sku: "BIKE", quantity: "40", offeredPrice },
    { sku: "HELMET", quantity: "1", offeredPrice: "33" },
  ],
});

/** A quote with everything in it that a buyer must not see, whose buyer looks and tries at every step. */
async function whisper(buyer: Listener): Promise<QuoteBody> {
  const { sally, leo, fritz } = people;
  const attempts = async (quote: QuoteBody) => {
    for (const command of [
      "submit",
      "offer",
      "approve",
      "reject",
      "delegate",
      "send",
      "accept",
      "reprice",
      "counter",
      "decline",
    ] as const) {
      // Late, so that nothing is carried out.
      await buyer.give(
        command,
        { ...quote, version: 999 },
        { body: command === "reject" ? { reason: "x" } : {} },
      );
    }
    await readAll(buyer, quote.id);
  };
  let quote = await buyer.opened({
    customer: "SHOP",
    lines: [{ sku: "BIKE", quantity: "40", requestedPrice: "440.00" }],
    note: "canary-note",
    contacts: [{ name: "canary-contact" }],
  });
  quote = await buyer.done("submit", quote);
  quote = await sally.done("comment", quote, { text: "canary-internal-comment", internal: true });
  quote = await sally.done("comment", quote, { text: "canary-shared" });
  await attempts(quote);
  quote = await sally.done("offer", quote, lines("444.00"));
  expect(quote.status).toBe("awaiting_approval");
  await attempts(quote);
  quote = await leo.done("reject", quote, { reason: "canary-rejection" });
  await attempts(quote);
  quote = await sally.done("revise", quote, lines("471.11"));
  await attempts(quote);
  quote = await sally.done("offer", quote, lines("446.00"));
  quote = await leo.done("delegate", quote, { to: "dora" });
  quote = await people.dora.done("approve", quote, { comment: "canary-approval" });
  await attempts(quote);
  quote = await fritz.done("approve", quote, { comment: "canary-approval" });
  await sally.done("send", quote);
  quote = await buyer.read(quote);
  expect(quote.revision.lines[0]?.offeredPrice).toBe("446.00");
  await attempts(quote);
  quote = await buyer.done("accept", quote, { purchaseOrder: "canary-order" });
  await expect.poll(async () => (await buyer.read(quote)).status, { timeout: 30_000 }).toBe("ordered");
  await attempts(quote);
  return quote;
}

function expectNone(words: readonly string[], texts: readonly string[]): void {
  const found = words.flatMap((word) =>
    texts.filter((text) => text.includes(word)).map((text) => [word, text]),
  );
  expect(found).toEqual([]);
}

describe("least disclosure of quotes: it promises that…", () => {
  it("neither a customer nor a shop's key is told what is internal, nor is any of it logged", async () => {
    planes.takeLogs();
    const customer = new Listener(planes, await customerToken(planes, "SHOP"));
    const shop = new Listener(planes);
    for (const buyer of [customer, shop]) await whisper(buyer);
    for (const { heard } of [customer, shop]) {
      expect(heard.some((text) => text.includes("canary-shared"))).toBe(true);
      expectNone(secret, heard);
    }
    const logs = planes.takeLogs();
    expect(logs.length).toBeGreaterThan(200);
    expectNone([...secret, ...content], logs);
  }, 180_000);

  it("a person of the company sees what a buyer does not, so that the above proves something", async () => {
    const buyer = new Listener(planes);
    const seller = new Listener(planes, planes.keys.manager.key);
    const { id } = await whisper(buyer);
    await readAll(seller, id);
    const told = seller.heard.join("\n");
    // Costs are nobody's at the edge, and the rejected offer's names are in its events.
    const known = secret.filter((word) => !["341.77", "31.313", "Leo Lead", "sales-lead"].includes(word));
    expect(known.filter((word) => !told.includes(word))).toEqual([]);
    expectNone(["341.77", "31.313"], seller.heard);
  }, 180_000);
});

describe("quotes of others: it promises that…", () => {
  it("no route tells anything of a quote to who may not see it, whatever is tried", async () => {
    const quote = await people.shop.opened({ lines: [{ sku: "BIKE", quantity: "7" }] });
    const stranger = new Listener(planes, await customerToken(planes, "OTHER"));
    const scoped = await partyOf(planes, { role: "storefront", customers: ["OTHER"] });
    const routes = (await describedRoutes(planes.edge.fetch)).filter(({ pattern }) =>
      pattern.startsWith("/v1/quotes/{id}"),
    );
    expect(routes.length).toBeGreaterThan(15);
    for (const { method, pattern, roles, bodyType } of routes) {
      if (roles?.includes("customer") !== true) continue;
      const body = bodyType === undefined ? {} : { body: bodies[pattern.split("/").at(-1) ?? ""] ?? "{}" };
      const answers = async (id: string) => {
        const headers = { "If-Match": '"1"', "Idempotency-Key": crypto.randomUUID() };
        const path = pattern.replace("{id}", id);
        return Promise.all(
          [stranger, scoped].map(async (party) => {
            const { status, text } = await party.send(path, { method, headers, ...body });
            return [status, text.replace(/"requestId":"[^"]*"/, "")];
          }),
        );
      };
      const theirs = await answers(quote.id);
      expect([pattern, theirs]).toEqual([pattern, await answers("A".repeat(22))]);
      expect(theirs.map(([status]) => status)).toEqual([404, 404]);
    }
  });

  const bodies: Readonly<Record<string, string>> = {
    comment: '{"text":"x"}',
    revise: '{"lines":[{"sku":"BIKE","quantity":"1"}]}',
    counter: '{"lines":[{"sku":"BIKE","quantity":"1"}]}',
  };

  it("what a customer is told does not depend on another customer's quotes", async () => {
    const quote = await people.shop.opened({
      lines: [{ sku: "BIKE", quantity: "3", requestedPrice: "450" }],
    });
    const told = async () => {
      const listener = new Listener(planes, await customerToken(planes, "OTHER"));
      // The style of a document says its number.
      const withoutNames = (text: string) =>
        text
          .replaceAll(own.id, "OWN")
          .replaceAll(/"requestId":"[^"]*"/g, "")
          .replaceAll(/'sha256-[^']*'/g, "HASH")
          .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME");
      const own = await listener.opened({ lines: [{ sku: "BIKE", quantity: "2" }] });
      await expect.poll(async () => (await listener.send("/v1/quotes?limit=1")).text).toContain(own.id);
      await readAll(listener, own.id);
      await listener.send(`/v1/quotes/${quote.id}`);
      await listener.done("withdraw", own);
      return listener.answers
        .filter(({ text }) => !text.startsWith('{"quotes"'))
        .map(({ status, headers, text }) => [
          status,
          headers
            .filter(([name]) => !["date", "server-timing", "x-request-id", "content-length"].includes(name))
            .map(([name, value]) => [name, withoutNames(value)]),
          withoutNames(text),
        ]);
    };
    const before = await told();
    const busy = await people.shop.done("submit", quote);
    await people.sally.done("offer", busy, { lines: [{ sku: "BIKE", quantity: "3", offeredPrice: "300" }] });
    for (let time = 0; time < 3; time++)
      await people.shop.opened({ lines: [{ sku: "HELMET", quantity: "9" }] });
    expect(await told()).toEqual(before);
  });
});

describe("what the edge keeps: it promises that…", () => {
  it("no table that the edge reads holds a cost", async () => {
    const { PUBLISHED } = await planes.controlEnv();
    const costs = bikeCompany.flatMap((record) =>
      "cost" in record && record.cost !== undefined ? [record.cost.amount] : [],
    );
    expect(costs).toEqual(["341.77", "31.313"]);
    const texts: string[] = [];
    for (const name of ["quotes", "quote_addressees", "quote_checkpoints", "orders", "pins"]) {
      const { results } = await PUBLISHED.prepare(`SELECT * FROM ${name}`).all();
      expect([name, results.length > 0]).toEqual([name, true]);
      texts.push(JSON.stringify(results));
    }
    expectNone(costs, texts);
  });
});
