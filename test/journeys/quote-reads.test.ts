import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bikes, sentQuote, startBikeCompany, type BikePeople } from "../support/bike-company.ts";
import { startPlanes, type Planes } from "../support/planes.ts";
import { customerToken, type ProblemBody } from "../support/price-questions.ts";
import { Party } from "../support/quote-parties.ts";

/** What is read of quotes at the edge: lists, live updates and the document. */

let planes: Planes;
let people: BikePeople;
let other: Party;

beforeAll(async () => {
  planes = await startPlanes();
  people = await startBikeCompany(planes);
  other = new Party(planes, await customerToken(planes, "OTHER"));
  for (let count = 0; count < 5; count++) await people.shop.opened(bikes);
  for (let count = 0; count < 5; count++) await people.shop.done("submit", await people.shop.opened(bikes));
  await other.opened(bikes);
  await sentQuote(people);
}, 120_000);
afterAll(() => planes.close());

describe("lists: it promises that…", () => {
  interface Page {
    readonly quotes: readonly {
      readonly id: string;
      readonly status: string;
      readonly customer: string;
      readonly discountPercent: string | null;
    }[];
    readonly next: string | null;
  }
  const list = async (party: Party, query = "") => (await party.send<Page>(`/v1/quotes?${query}`)).body;

  it("a page goes on where the one before ended, and each quote is on one", async () => {
    await expect.poll(async () => (await list(people.shop, "limit=200")).quotes.length).toBeGreaterThan(10);
    const all = (await list(people.shop, "limit=200")).quotes.map(({ id }) => id);
    const paged: string[] = [];
    for (let next: string | null = ""; next !== null;) {
      const page: Page = await list(people.shop, `limit=3${next === "" ? "" : `&cursor=${next}`}`);
      paged.push(...page.quotes.map(({ id }) => id));
      next = page.next;
    }
    expect(paged).toEqual(all);
  });

  it("a list is filtered by states and customer, and has only what the caller may see", async () => {
    const both = await list(people.sally, "status=requested,sent&limit=200");
    expect(new Set(both.quotes.map(({ status }) => status))).toEqual(new Set(["requested", "sent"]));
    expect(new Set((await list(people.sally, "limit=200")).quotes.map(({ customer }) => customer))).toEqual(
      new Set(["SHOP", "OTHER"]),
    );
    expect(
      new Set((await list(people.sally, "customer=OTHER")).quotes.map(({ customer }) => customer)),
    ).toEqual(new Set(["OTHER"]));
    expect(new Set((await list(people.shop, "limit=200")).quotes.map(({ customer }) => customer))).toEqual(
      new Set(["SHOP"]),
    );
    expect((await people.shop.send<ProblemBody>("/v1/quotes?customer=OTHER")).body.code).toBe(
      "unknown_customer",
    );
    expect(
      (await list(people.shop, "limit=200")).quotes.every(({ discountPercent }) => discountPercent === null),
    ).toBe(true);
  });

  it.each(["status=nothing", "status=", "limit=0", "limit=201", "cursor=x", "cursor=WzEsMl0", "foo=1"])(
    "%s is refused",
    async (query) => {
      expect((await people.shop.send<ProblemBody>(`/v1/quotes?${query}`)).body.code).toBe("invalid_request");
    },
  );

  it("a seller's draft, and an offer that was not sent, are not the buyer's to see", async () => {
    const { shop, sally } = people;
    const draft = await sally.opened({
      customer: "SHOP",
      lines: [{ sku: "BIKE", quantity: "1", offeredPrice: "475" }],
    });
    await expect
      .poll(async () => (await list(sally, "limit=200")).quotes.map(({ id }) => id))
      .toContain(draft.id);
    expect((await list(shop, "limit=200")).quotes.map(({ id }) => id)).not.toContain(draft.id);
    for (const path of ["", "/events", "/revisions", "/document", "/live"]) {
      expect([path, (await shop.send(`/v1/quotes/${draft.id}${path}`)).status]).toEqual([path, 404]);
    }
    expect(await shop.refused("withdraw", draft)).toEqual([404, "not_found"]);
  });
});

describe("live updates: it promises that…", () => {
  interface Told {
    readonly version: number;
    readonly status: string;
    readonly event?: { readonly type: string; readonly says: Readonly<Record<string, unknown>> };
  }

  /** The messages of a stream, as they come. */
  async function* streamed(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Told> {
    let text = "";
    for await (const chunk of body ?? []) {
      text += Buffer.from(chunk).toString();
      const parts = text.split("\n\n");
      text = parts.pop() ?? "";
      for (const part of parts) if (part.startsWith("data: ")) yield JSON.parse(part.slice(6)) as Told;
    }
  }

  it("a stream tells a buyer what is theirs to know, and nothing of what is not", async () => {
    const { shop, sally } = people;
    const quote = await shop.opened(bikes);
    const token = await customerToken(planes, "SHOP");
    const controller = new AbortController();
    const response = await planes.edge.fetch(`/v1/quotes/${quote.id}/live`, {
      headers: { Authorization: `Bearer ${token}` },
      signal: controller.signal,
    });
    expect([response.status, response.headers.get("Content-Type")]).toEqual([200, "text/event-stream"]);
    const told = streamed(response.body);
    const submitted = await shop.done("submit", quote);
    const whispered = await sally.done("comment", submitted, { text: "internal-canary", internal: true });
    const said = await sally.done("comment", whispered, { text: "Welcome" });
    const got: Told[] = [];
    while (got.at(-1)?.version !== said.version) {
      const { value } = await told.next();
      if (value !== undefined) got.push(value);
    }
    expect(got.map(({ version, event }) => [version, event?.type])).toEqual([
      [2, "submitted"],
      [3, undefined],
      [4, "commented"],
    ]);
    expect(JSON.stringify(got)).not.toContain("canary");
    controller.abort();
  });

  it("a WebSocket says the same, with a token as its protocol", async () => {
    const { shop, sally } = people;
    const quote = await shop.opened(bikes);
    const token = await customerToken(planes, "SHOP");
    const url = new URL(`/v1/quotes/${quote.id}/live`, planes.edgeUrl);
    const socket = new WebSocket(url.href.replace(/^http/, "ws"), ["pricewright", token]);
    const messages: Told[] = [];
    socket.addEventListener("message", ({ data }) => messages.push(JSON.parse(String(data)) as Told));
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve);
      socket.addEventListener("error", reject);
    });
    expect(socket.protocol).toBe("pricewright");
    const submitted = await shop.done("submit", quote);
    await sally.done("comment", submitted, { text: "internal-canary", internal: true });
    await expect
      .poll(() => messages.map(({ version, event }) => [version, event?.type]))
      .toEqual([
        [2, "submitted"],
        [3, undefined],
      ]);
    expect(JSON.stringify(messages)).not.toContain("canary");
    socket.close();
  });

  it("nobody gets a socket to another's quote, or with a bad token", async () => {
    const quote = await people.shop.opened(bikes);
    const statusWith = async (protocols: string) => {
      const headers = { Upgrade: "websocket", "Sec-WebSocket-Protocol": protocols };
      return (await planes.edge.fetch(`/v1/quotes/${quote.id}/live`, { headers })).status;
    };
    expect(await statusWith(`pricewright, ${await customerToken(planes, "OTHER")}`)).toBe(404);
    expect(await statusWith("pricewright, nonsense")).toBe(401);
    expect(await statusWith(`other, ${await customerToken(planes, "SHOP")}`)).toBe(401);
    expect(await statusWith("pricewright")).toBe(401);
  });
});

describe("the document over HTTP: it promises that…", () => {
  it("it is the quote as its reader may see it, with a policy that allows its style and nothing else", async () => {
    const sent = await sentQuote(people);
    const { status, headers, text } = await people.shop.send(`/v1/quotes/${sent.id}/document`);
    expect([status, headers.get("Content-Type")]).toEqual([200, "text/html; charset=UTF-8"]);
    expect(headers.get("Content-Security-Policy")).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/=]{44}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
    );
    for (const part of [
      "Bike Works",
      "1 Bicycle Road",
      "The Bike Shop",
      "Mountain bike",
      "470.00",
      "EUR 18,800.00",
      "30 days net",
      "Goods remain ours",
    ]) {
      expect(text).toContain(part);
    }
    expect((await people.shop.send(`/v1/quotes/${sent.id}/document?paper=letter`)).text).toContain(
      "size: letter",
    );
    expect((await people.shop.send(`/v1/quotes/${sent.id}/document?paper=A3`)).status).toBe(400);
    expect((await other.send(`/v1/quotes/${sent.id}/document`)).status).toBe(404);
  });

  it("a buyer's document of a request shows no offer that was not sent", async () => {
    const { shop, sally } = people;
    const quote = await shop.done("submit", await shop.opened(bikes));
    await sally.done("offer", quote, { lines: [{ sku: "BIKE", quantity: "40", offeredPrice: "471.11" }] });
    const { text } = await shop.send(`/v1/quotes/${quote.id}/document`);
    expect(text).toContain("440.00");
    expect(text).not.toContain("471.11");
    expect((await sally.send(`/v1/quotes/${quote.id}/document`)).text).toContain("471.11");
  });
});
