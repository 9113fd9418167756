import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CommandName } from "../../shared/quoting/command.ts";
import { bikes, offer, sentQuote, startBikeCompany, type BikePeople } from "../support/bike-company.ts";
import { publish, push } from "../support/erp.ts";
import { startPlanes, type Planes } from "../support/planes.ts";
import { customerToken, type ProblemBody } from "../support/price-questions.ts";
import { Party, partyOf } from "../support/quote-parties.ts";

/** Opening quotes and giving commands at the edge, well and badly. */

let planes: Planes;
let people: BikePeople;
let other: Party;

beforeAll(async () => {
  planes = await startPlanes();
  people = await startBikeCompany(planes);
  other = new Party(planes, await customerToken(planes, "OTHER"));
}, 120_000);
afterAll(() => planes.close());

const refusalOf = ({ status, body }: { status: number; body: ProblemBody }) =>
  [status, body.code, body.reason, body.pointer].filter((part) => part !== undefined);

describe("opening a quote: it promises that…", () => {
  it("its lines have the customer's price, what was asked, and how far below it is", async () => {
    const { status, headers, body } = await people.shop.open(bikes);
    expect([status, headers.get("ETag"), headers.get("Location")]).toEqual([
      201,
      '"1"',
      `/v1/quotes/${body.id}`,
    ]);
    expect(body).toMatchObject({
      status: "draft",
      version: 1,
      customer: "SHOP",
      customerName: "The Bike Shop",
      currency: "EUR",
      openedBy: "buyer",
      revision: {
        number: 1,
        by: "buyer",
        total: "17600.00",
        discountPercent: "12.00",
        paymentTerms: "30 days net",
        lines: [
          {
            line: "1",
            sku: "BIKE",
            name: "Mountain bike",
            unit: "EA",
            listed: { unitPrice: "500.00", lineTotal: "20000.00" },
            requestedPrice: "440.00",
            lineTotal: "17600.00",
            discountPercent: "12.00",
          },
        ],
      },
      allowed: ["submit", "revise", "comment", "withdraw", "reprice"],
    });
  });

  it("a quantity has the price of its tier, a box its own unit, and what has no price can be asked for", async () => {
    const { revision } = await people.shop.opened({
      lines: [
        { sku: "BIKE", quantity: "100" },
        { sku: "HELMET", quantity: "2", unit: "BOX" },
        { sku: "LAMP", quantity: "5", requestedPrice: "9.99" },
      ],
    });
    expect(
      revision.lines.map(({ listed, lineTotal }) => [listed.unitPrice ?? listed.unavailable, lineTotal]),
    ).toEqual([
      ["450.00", "45000.00"],
      ["400.00", "800.00"],
      ["no_price", "49.95"],
    ]);
  });

  it.each([
    ["no lines", {}, [400, "invalid_request", "missing_field", "/lines"]],
    ["an empty set", { lines: [] }, [400, "invalid_request", "out_of_range", "/lines"]],
    [
      "lines and an earlier quote",
      { ...bikes, from: { quote: "q" } },
      [400, "invalid_request", "invalid_value", "/from"],
    ],
    [
      "a price of its own",
      { lines: [{ sku: "BIKE", quantity: "1", unitPrice: "1" }] },
      [400, "invalid_request", "unknown_field", "/lines/0/unitPrice"],
    ],
    [
      "a discount of its own",
      { lines: [{ sku: "BIKE", quantity: "1", discount: "9" }] },
      [400, "invalid_request", "unknown_field", "/lines/0/discount"],
    ],
    [
      "an offer by a buyer",
      { lines: [{ sku: "BIKE", quantity: "1", offeredPrice: "1" }] },
      [400, "invalid_request", "not_for_buyers", "/lines/0/offeredPrice"],
    ],
    [
      "an offered alternative by a buyer",
      {
        lines: [
          { sku: "BIKE", quantity: "1", alternatives: [{ sku: "LAMP", quantity: "1", offeredPrice: "1" }] },
        ],
      },
      [400, "invalid_request", "not_for_buyers", "/lines/0/alternatives/0/offeredPrice"],
    ],
    [
      "an unknown product",
      {
        lines: [
          { sku: "BIKE", quantity: "1" },
          { sku: "NOPE", quantity: "1" },
        ],
      },
      [422, "unknown_product", "unknown_sku", "/lines/1/sku"],
    ],
    [
      "an unknown unit",
      { lines: [{ sku: "BIKE", quantity: "1", unit: "BOX" }] },
      [422, "unknown_product", "unit_unknown", "/lines/0/unit"],
    ],
    [
      "a float's exponent",
      `{"lines":[{"sku":"BIKE","quantity":1e2}]}`,
      [400, "invalid_request", "number_out_of_range", "/lines/0/quantity"],
    ],
    ["another customer", { customer: "OTHER", ...bikes }, [404, "unknown_customer"]],
    [
      "a validity in the past",
      { ...bikes, validUntil: "2020-01-01T00:00:00Z" },
      [400, "invalid_request", "not_in_the_future", "/validUntil"],
    ],
    [
      "a script as an attachment",
      { ...bikes, attachments: [{ name: "a", url: "javascript:alert(1)" }] },
      [400, "invalid_request", "invalid_value", "/attachments/0/url"],
    ],
    [
      "a line that is not there",
      { lines: [{ line: "7", sku: "BIKE", quantity: "1" }] },
      [400, "invalid_request", "unknown_line", "/lines/0/line"],
    ],
    [
      "too many items",
      {
        lines: Array.from({ length: 100 }, () => ({
          sku: "BIKE",
          quantity: "1",
          alternatives: Array.from({ length: 10 }, () => ({ sku: "LAMP", quantity: "1" })),
        })),
      },
      [422, "too_many_lines"],
    ],
  ])("%s is refused", async (_, body, refusal) => {
    expect(refusalOf(await people.shop.open<ProblemBody>(body))).toEqual(refusal);
  });

  it("a key has to name a customer of its own", async () => {
    expect(refusalOf(await people.storefront.open<ProblemBody>(bikes))).toEqual([
      400,
      "invalid_request",
      "missing_field",
      "/customer",
    ]);
    const scoped = await partyOf(planes, { role: "storefront", customers: ["SHOP"] });
    expect(refusalOf(await scoped.open<ProblemBody>({ customer: "OTHER", ...bikes }))).toEqual([
      404,
      "unknown_customer",
    ]);
    expect(refusalOf(await people.sally.open<ProblemBody>({ customer: "NOBODY", ...bikes }))).toEqual([
      404,
      "unknown_customer",
    ]);
    expect((await scoped.opened({ customer: "SHOP", ...bikes })).customer).toBe("SHOP");
    expect((await people.sally.open({ customer: "OTHER", ...bikes })).status).toBe(201);
  });

  it("the same key and bytes open one quote, other bytes are refused, and keys are the caller's own", async () => {
    const key = crypto.randomUUID();
    const first = await people.shop.open(bikes, key);
    const again = await people.shop.open(bikes, key);
    expect([again.status, again.text]).toEqual([201, first.text]);
    expect(refusalOf(await people.shop.open<ProblemBody>(`${JSON.stringify(bikes)} `, key))).toEqual([
      422,
      "idempotency_key_reused",
    ]);
    const theirs = await other.open(bikes, key);
    expect([theirs.status, theirs.body.id === first.body.id]).toEqual([201, false]);
    await people.shop.done("submit", first.body);
    expect((await people.shop.open(bikes, key)).text).toBe(first.text);
  });

  it("an earlier quote of the customer can be begun with, at what was offered then", async () => {
    const earlier = await sentQuote(people);
    const next = await people.shop.opened({ from: { quote: earlier.id } });
    expect(next.revision.lines[0]).toMatchObject({
      line: "1",
      sku: "BIKE",
      quantity: "40",
      requestedPrice: "470.00",
    });
    const offered = await people.sally.opened({ customer: "SHOP", from: { quote: earlier.id } });
    expect(offered.revision.lines[0]).toMatchObject({ requestedPrice: "440.00", offeredPrice: "470.00" });
    expect(refusalOf(await other.open<ProblemBody>({ from: { quote: earlier.id } }))).toEqual([
      404,
      "not_found",
    ]);
    expect(
      refusalOf(await people.sally.open<ProblemBody>({ customer: "OTHER", from: { quote: earlier.id } })),
    ).toEqual([404, "not_found"]);
  });
});

describe("a command: it promises that…", () => {
  it("of several refusals, the first of the documented order decides", async () => {
    const { shop, sally } = people;
    const quote = await shop.opened(bikes);
    const key = crypto.randomUUID();
    const carriedOut = { body: { text: "Hello" }, headers: { "Idempotency-Key": key } };
    expect((await shop.give("comment", quote, carriedOut)).status).toBe(200);
    const stale = { ...quote, version: 1 };
    const unknown = { id: "A".repeat(22), version: 1 };

    // Each of these has all the faults of those after it.
    const noHeaders = { "Idempotency-Key": "", "If-Match": "" };
    const erp = new Party(planes, planes.keys.erp.key);
    expect(await erp.refused("comment", unknown, { body: "{", headers: noHeaders })).toEqual([
      403,
      "forbidden",
    ]);
    expect(await shop.refused("offer", unknown, { body: "{", headers: noHeaders })).toEqual([
      403,
      "forbidden",
    ]);
    expect(await shop.refused("comment", unknown, { body: "{" })).toEqual([400, "malformed_json"]);
    expect(await shop.refused("comment", unknown, { body: { no: 1 } })).toEqual([
      400,
      "invalid_request",
      "missing_field",
      "/text",
    ]);
    const without = async (body: object, headers: Record<string, string>, id = unknown.id) => {
      const { status, body: problem } = await shop.send<ProblemBody>(`/v1/quotes/${id}/comment`, {
        method: "POST",
        body: JSON.stringify(body),
        headers,
      });
      return [status, problem.code];
    };
    expect(await without({ text: "x" }, {})).toEqual([400, "idempotency_key_required"]);
    expect(await without({ text: "x" }, { "Idempotency-Key": "k" })).toEqual([428, "precondition_required"]);
    expect(await shop.refused("comment", unknown, { body: { text: "x" } })).toEqual([404, "not_found"]);
    expect(
      await other.refused("comment", stale, { body: { text: "x" }, headers: { "Idempotency-Key": key } }),
    ).toEqual([404, "not_found"]);
    expect(
      await shop.refused("comment", stale, { body: { text: "other" }, headers: { "Idempotency-Key": key } }),
    ).toEqual([422, "idempotency_key_reused"]);
    expect(
      await shop.refused("counter", stale, { body: { lines: [{ sku: "NOPE", quantity: "1" }] } }),
    ).toEqual([412, "precondition_failed"]);
    const current = await shop.read(quote);
    expect(
      await shop.refused("counter", current, { body: { lines: [{ sku: "NOPE", quantity: "1" }] } }),
    ).toEqual([409, "wrong_state"]);
    expect(await sally.refused("approve", current, {})).toEqual([409, "wrong_state"]);
    expect(
      await shop.refused("revise", current, { body: { lines: [{ sku: "NOPE", quantity: "1" }] } }),
    ).toEqual([422, "unknown_product", "unknown_sku", "/lines/0/sku"]);
    // None of it changed anything.
    expect((await shop.read(quote)).version).toBe(2);
  });

  it("the same key and bytes get the same answer, whatever the version is by then; other bytes are refused", async () => {
    const { shop } = people;
    const quote = await shop.opened(bikes);
    const first = { body: '{"text":"once"}', headers: { "Idempotency-Key": crypto.randomUUID() } };
    const answer = await shop.give("comment", quote, first);
    await shop.done("submit", answer.body);
    const again = await shop.give("comment", quote, first);
    expect([again.status, again.text, again.headers.get("ETag")]).toEqual([200, answer.text, '"2"']);
    // As long as the first, or with a space more.
    for (const body of ['{"text":"0nce"}', '{"text": "once"}']) {
      expect(await shop.refused("comment", quote, { ...first, body })).toEqual([
        422,
        "idempotency_key_reused",
      ]);
    }
    expect(await shop.refused("withdraw", quote, { ...first, body: "{}" })).toEqual([
      422,
      "idempotency_key_reused",
    ]);
    expect((await shop.read(quote)).comments).toHaveLength(1);
  });

  it("a key is of one path: the same bytes under another command are another request", async () => {
    const { shop } = people;
    const quote = await shop.opened(bikes);
    const headers = { "Idempotency-Key": crypto.randomUUID() };
    expect((await shop.give("submit", quote, { headers })).status).toBe(200);
    expect(await shop.refused("withdraw", quote, { headers })).toEqual([422, "idempotency_key_reused"]);
  });

  it("a refused one may be sent again with its key", async () => {
    const { shop } = people;
    const quote = await shop.opened(bikes);
    const headers = { "Idempotency-Key": crypto.randomUUID() };
    expect(await shop.refused("submit", { ...quote, version: 9 }, { headers })).toEqual([
      412,
      "precondition_failed",
    ]);
    expect((await shop.give("submit", quote, { headers })).status).toBe(200);
  });

  it("one that the state does not allow says which state it is, and what the caller's side may do", async () => {
    const { shop } = people;
    const { status, body } = await shop.give<Record<string, unknown>>("accept", await shop.opened(bikes));
    expect([status, body]).toMatchObject([
      409,
      {
        status: 409,
        code: "wrong_state",
        state: "draft",
        allowed: ["submit", "revise", "comment", "withdraw", "reprice"],
      },
    ]);
  });

  it("a weak ETag, as a proxy that compresses makes of it, is as good; no other text is", async () => {
    const { shop } = people;
    const quote = await shop.opened(bikes);
    for (const tag of ["3", "*", '"x"', '"1", "2"', '"01"']) {
      expect([tag, await shop.refused("submit", quote, { headers: { "If-Match": tag } })]).toEqual([
        tag,
        [400, "invalid_request", "invalid_value"],
      ]);
    }
    expect((await shop.give("submit", quote, { headers: { "If-Match": 'W/"1"' } })).status).toBe(200);
  });

  it("of commands that race, one is carried out", async () => {
    const { shop, sally } = people;
    const quote = await shop.done("submit", await shop.opened(bikes));
    const answers = await Promise.all(
      (["offer", "decline", "revise", "offer", "withdraw"] as const).map((command: CommandName) =>
        (command === "withdraw" ? shop : sally).give(command, quote, {
          body: command === "revise" ? offer : {},
        }),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412, 412, 412, 412]);
  });
});

describe("sets: it promises that…", () => {
  it("a buyer who counters asks for what was offered, unless the line says otherwise", async () => {
    const sent = await sentQuote(people, {
      lines: [
        { sku: "BIKE", quantity: "40", offeredPrice: "470.00" },
        { sku: "HELMET", quantity: "5" },
      ],
    });
    const { revision } = await people.shop.done("counter", sent, {
      lines: [
        { sku: "HELMET", quantity: "5", requestedPrice: "36.00" },
        { sku: "BIKE", quantity: "30" },
      ],
    });
    expect(
      revision.lines.map(({ line, sku, requestedPrice, offeredPrice }) => [
        line,
        sku,
        requestedPrice,
        offeredPrice,
      ]),
    ).toEqual([
      ["2", "HELMET", "36.00", undefined],
      ["1", "BIKE", "470.00", undefined],
    ]);
  });

  it("a seller's set keeps what was asked for, and offers what it says", async () => {
    const { shop, sally } = people;
    const quote = await shop.done("submit", await shop.opened(bikes));
    const revised = await sally.done("revise", quote, {
      lines: [
        { sku: "BIKE", quantity: "41", offeredPrice: "480" },
        { sku: "LAMP", quantity: "1" },
      ],
    });
    expect(revised.revision.lines).toMatchObject([
      { line: "1", requestedPrice: "440.00", offeredPrice: "480", lineTotal: "19680.00" },
      { line: "2", listed: { unavailable: "no_price" } },
    ]);
    expect(await sally.refused("offer", revised)).toEqual([422, "incomplete"]);
  });

  it("only the terms of an offer change where only they are sent: its lines keep their prices", async () => {
    const { shop, sally } = people;
    const quote = await shop.done("submit", await shop.opened(bikes));
    const offered = await sally.done("offer", quote, offer);
    const validUntil = new Date(Date.now() + 86_400_000).toISOString();
    const again = await sally.done("offer", offered, { validUntil, note: "A day only" });
    expect(again.revision).toMatchObject({ validUntil, note: "A day only", total: offered.revision.total });
    expect(again.revision.snapshot).toEqual(offered.revision.snapshot);
  });

  it("an alternative is priced, offered, picked and ordered", async () => {
    const { shop, sally } = people;
    const sent = await sentQuote(people, {
      lines: [
        {
          sku: "BIKE",
          quantity: "40",
          offeredPrice: "470.00",
          alternatives: [
            { sku: "BIKE", quantity: "100", offeredPrice: "440.00" },
            { sku: "HELMET", quantity: "1" },
          ],
        },
      ],
    });
    expect(sent.revision.lines[0]?.alternatives).toMatchObject([
      {
        item: "1",
        quantity: "100",
        listed: { unitPrice: "450.00" },
        offeredPrice: "440.00",
        lineTotal: "44000.00",
        discountPercent: "2.22",
      },
      { item: "2", sku: "HELMET", offeredPrice: "40.00" },
    ]);
    expect(await shop.refused("accept", sent, { body: { picks: { "1": "3" } } })).toEqual([
      422,
      "unknown_pick",
    ]);
    expect(await shop.refused("accept", sent, { body: { picks: { "9": "0" } } })).toEqual([
      422,
      "unknown_pick",
    ]);
    const accepted = await shop.done("accept", sent, { picks: { "1": "1" } });
    expect(accepted.status).toBe("accepted");
    const orders = async () => {
      const { body } = await sally.send<{
        orders: readonly { quote: string; total: string; status: string }[];
      }>("/v1/orders");
      return body.orders.filter(({ quote }) => quote === sent.id).map(({ total, status }) => [total, status]);
    };
    await expect.poll(orders).toEqual([["44000.00", "pending"]]);
  });

  it("a publish changes no quote; pricing anew does, and says what is other", async () => {
    const { shop, sally } = people;
    const draft = await sally.opened({
      customer: "SHOP",
      lines: [{ sku: "LAMP", quantity: "10", offeredPrice: "9.00" }],
    });
    const offered = await sally.done("offer", draft);
    await push(planes, [{ type: "price", id: "lamp", sku: "LAMP", currency: "EUR", amount: "10.00" }]);
    await publish(planes);
    const asIs = await sally.read(offered);
    expect(asIs.revision.lines[0]?.listed).toEqual({ unavailable: "no_price" });
    expect(asIs.revision.snapshot).toEqual(offered.revision.snapshot);
    // An edge goes on for a moment with the snapshot that it knows.
    const totalNow = async () =>
      (await shop.opened({ lines: [{ sku: "LAMP", quantity: "1" }] })).revision.total;
    await expect.poll(totalNow, { timeout: 15_000 }).toBe("10.00");
    const request = await shop.done(
      "submit",
      await shop.opened({ lines: [{ sku: "LAMP", quantity: "10", requestedPrice: "9.50" }] }),
    );
    await push(planes, [{ type: "price", id: "lamp", sku: "LAMP", currency: "EUR", amount: "11.00" }]);
    await publish(planes);
    await expect.poll(totalNow, { timeout: 15_000 }).toBe("11.00");
    const repriced = await shop.done("reprice", request);
    expect(repriced.status).toBe("requested");
    expect(repriced.differences?.items).toMatchObject([
      {
        line: "1",
        kind: "changed",
        changes: [
          { field: "listed", before: { unitPrice: "10.00" }, after: { unitPrice: "11.00" } },
          { field: "discountPercent", before: "5.00", after: "13.64" },
        ],
      },
    ]);
    const { body } = await shop.send<{ revisions: readonly { number: number; differences?: object }[] }>(
      `/v1/quotes/${request.id}/revisions`,
    );
    expect(body.revisions.map(({ number, differences }) => [number, differences !== undefined])).toEqual([
      [1, false],
      [2, true],
    ]);
  });

  it("currencies are apart: a quote has one, which no command changes", async () => {
    await push(planes, [{ type: "price", id: "bike-usd", sku: "BIKE", currency: "USD", amount: "600.00" }]);
    await publish(planes);
    const inDollars = async () => people.shop.open({ ...bikes, currency: "USD" });
    await expect
      .poll(async () => (await inDollars()).body.revision.lines[0]?.listed.unitPrice, { timeout: 15_000 })
      .toBe("600.00");
    const { body } = await inDollars();
    expect([body.currency, body.revision.total]).toEqual(["USD", "17600.00"]);
    expect(await people.shop.refused("revise", body, { body: { ...bikes, currency: "EUR" } })).toEqual([
      400,
      "invalid_request",
      "unknown_field",
      "/currency",
    ]);
    const other = await people.shop.opened({ from: { quote: body.id }, currency: "EUR" });
    expect(other.revision.lines[0]?.requestedPrice).toBeUndefined();
  });
});
