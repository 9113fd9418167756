import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fingerprint } from "../../shared/snapshot/hash.ts";
import { segmentKey } from "../../shared/snapshot/keys.ts";
import { openPrices } from "../../shared/snapshot/price-segment.ts";
import { describedRoutes } from "../support/described-routes.ts";
import { publish, push } from "../support/erp.ts";
import { startPlanes, type Planes } from "../support/planes.ts";
import { customerToken, scopedKey, Shop } from "../support/price-questions.ts";

/** What must not be told is marked, and looked for in everything that the edge says, keeps or logs. */

const price = (id: string, sku: string, amount: string, more: object = {}) => ({
  type: "price",
  id,
  sku,
  currency: "EUR",
  amount,
  ...more,
});

/** Nobody at the edge is told these, and no segment holds them. */
const secret = [
  "7137.31371", // The cost.
  "Secret Product Name",
  "secret-product-attribute",
  "Secret Customer Name",
  "secret-customer-attribute",
  "Secret List Name",
  "secret-list-attribute",
  "Secret Group Name",
  "secret-group-attribute",
  "Secret Category Name",
  "secret snapshot note",
];
/** What is another customer's: its id, its prices and the records that are for it alone. */
const others = ["OTHER-CUSTOMER", "other-price", "other-rule", "OTHER-LIST", "4242.42", "OTHER-CHANNEL"];
/** The company's names for its records, which no customer is told. */
const names = [
  "name-of-price",
  "name-of-rule",
  "NAME-OF-LIST",
  "NAME-OF-GROUP",
  "NAME-OF-CATEGORY",
  "NAME-OF-BRAND",
];

const company = [
  { type: "category", id: "NAME-OF-CATEGORY", name: "Secret Category Name" },
  {
    type: "product",
    id: "P",
    name: "Secret Product Name",
    unit: "EA",
    category: "NAME-OF-CATEGORY",
    brand: "NAME-OF-BRAND",
    cost: { amount: "7137.31371", currency: "EUR" },
    attributes: { colour: "secret-product-attribute" },
  },
  {
    type: "product",
    id: "Q",
    name: "Q",
    unit: "EA",
    cost: { amount: "7137.31371", currency: "EUR", per: "1" },
  },
  {
    type: "priceList",
    id: "NAME-OF-LIST",
    currency: "EUR",
    name: "Secret List Name",
    attributes: { x: "secret-list-attribute" },
  },
  {
    type: "customerGroup",
    id: "NAME-OF-GROUP",
    name: "Secret Group Name",
    attributes: { x: "secret-group-attribute" },
  },
  {
    type: "customer",
    id: "OWN",
    name: "Secret Customer Name",
    currency: "EUR",
    lists: ["NAME-OF-LIST"],
    groups: ["NAME-OF-GROUP"],
    attributes: { x: "secret-customer-attribute" },
  },
  price("name-of-price", "P", "100.00", { list: "NAME-OF-LIST" }),
  price("name-of-price-for-all", "Q", "80.00"),
  {
    type: "rule",
    id: "name-of-rule",
    rank: 1,
    who: { groups: ["NAME-OF-GROUP"] },
    what: { categories: ["NAME-OF-CATEGORY"] },
    effect: { percentOff: "10" },
  },
  // What is OTHER-CUSTOMER's.
  { type: "priceList", id: "OTHER-LIST", currency: "EUR" },
  {
    type: "customer",
    id: "OTHER-CUSTOMER",
    name: "Secret Customer Name",
    currency: "EUR",
    lists: ["OTHER-LIST"],
  },
  price("other-price", "P", "4242.42", { customer: "OTHER-CUSTOMER" }),
  price("other-price-by-who", "Q", "4242.42", {
    who: { customers: ["OTHER-CUSTOMER"], channels: ["OTHER-CHANNEL"] },
  }),
  price("other-price-of-list", "Q", "4242.42", { list: "OTHER-LIST" }),
  {
    type: "rule",
    id: "other-rule",
    rank: 2,
    who: { customers: ["OTHER-CUSTOMER"] },
    effect: { percentOff: "1" },
  },
];

let planes: Planes;
beforeAll(async () => {
  planes = await startPlanes();
  await push(planes, company);
  const headers = { Authorization: `Bearer ${planes.keys.manager.key}`, "Content-Type": "application/json" };
  const body = JSON.stringify({ wait: true, note: "secret snapshot note" });
  await planes.control.fetch("/v1/snapshots", { method: "POST", headers, body });
});
afterAll(() => planes.close());

const question = (customer: string, more: object = {}) => ({
  customer,
  explain: true,
  lines: ["P", "Q", "NOPE"].flatMap((sku) => ["1", "10"].map((quantity) => ({ sku, quantity }))),
  ...more,
});

/** Asks all that there is to ask, well and badly. Returns all that was answered: headers and bodies. */
async function askEverything(shop: Shop): Promise<string[]> {
  const answers: string[] = [];
  const note = async (asked: Promise<{ status: number; headers: Headers; text: string }>) => {
    const { status, headers, text } = await asked;
    answers.push(JSON.stringify([status, ...headers]), text);
  };
  for (const customer of ["OWN", "OTHER-CUSTOMER", "NOBODY"]) {
    for (const channel of [undefined, "OTHER-CHANNEL"])
      await note(shop.post(question(customer, { channel })));
    for (const query of [
      "explain=true",
      "channel=OTHER-CHANNEL",
      "quantity=0",
      "currency=USD",
      "at=1",
      "atLeast=x",
    ]) {
      await note(shop.send(`/v1/prices/P?customer=${customer}&${query}`));
    }
    await note(shop.send(`/v1/price-list?customer=${customer}`));
    await note(shop.send("/v1/tokens", { method: "POST", body: JSON.stringify({ customer }) }));
  }
  for (const body of [
    "{",
    '{"customer":"OWN","cost":1}',
    '{"customer":"OWN","lines":[]}',
    '{"__proto__":1}',
  ]) {
    await note(shop.post(body));
  }
  for (const { method, path } of await describedRoutes(planes.edge.fetch)) {
    await note(shop.send(path, { method }));
    await note(shop.send(path, { method: "PATCH" }));
  }
  await note(shop.send("/v1/nothing"));
  return answers;
}

function expectNone(words: readonly string[], texts: readonly string[]): void {
  const found = words.flatMap((word) =>
    texts.filter((text) => text.includes(word)).map((text) => [word, text]),
  );
  expect(found).toEqual([]);
}

describe("least disclosure: it promises that…", () => {
  it("a customer is told neither secrets, nor what is another's, nor the company's names", async () => {
    const shop = new Shop(planes, await customerToken(planes, "OWN"));
    const answers = await askEverything(shop);
    // Were there nothing to see, nothing would be proved.
    expect(answers.some((text) => text.includes('"unitPrice":"90.00"'))).toBe(true);
    expectNone([...secret, ...others, ...names], answers);
  });

  it("a key for one customer is told neither secrets nor what is another's", async () => {
    const answers = await askEverything(new Shop(planes, await scopedKey(planes, ["OWN"])));
    expect(answers.some((text) => text.includes("rule/name-of-rule"))).toBe(true);
    expectNone([...secret, ...others], answers);
  });

  it("a key for all customers is told no secrets", async () => {
    const answers = await askEverything(new Shop(planes));
    expect(answers.some((text) => text.includes("4242.42"))).toBe(true);
    expectNone(secret, answers);
  });

  it("the log has no secrets, keys, tokens, customers or prices in it, even of failures", async () => {
    const token = await customerToken(planes, "OWN");
    const key = await scopedKey(planes, ["OWN"]);
    planes.takeLogs();
    for (const shop of [new Shop(planes, token), new Shop(planes, key), new Shop(planes)])
      await askEverything(shop);
    await push(planes, [price("other-price", "P", "4242.43", { customer: "OTHER-CUSTOMER" })]);
    await publish(planes);
    const logs = planes.takeLogs();
    expect(logs.length).toBeGreaterThan(50);
    const prices = ["4242.4", "100.00", "90.00"];
    const keys = Object.values(planes.keys).map((made) => made.key);
    expectNone(
      [...secret, ...others, ...names, ...prices, ...keys, key, token, "a secret of the tests"],
      logs,
    );
  });

  it("no store that the edge reads holds a secret, but for the note on a snapshot", async () => {
    const { SNAPSHOTS, PUBLISHED } = await planes.controlEnv();
    const rows = await PUBLISHED.prepare("SELECT hash, bytes FROM segments").all<{
      hash: string;
      bytes: number[];
    }>();
    const texts = rows.results.map(({ bytes }) => contentsOf(Uint8Array.from(bytes)));
    expect(texts.some((text) => text.includes("4242.42"))).toBe(true);
    const listed = await SNAPSHOTS.list();
    const inKv: string[] = [];
    for (const { name } of listed.keys) {
      const bytes = await SNAPSHOTS.get(name, "arrayBuffer");
      inKv.push(`${name} ${contentsOf(new Uint8Array(bytes ?? new ArrayBuffer(0)))}`);
    }
    expect(inKv.filter((text) => text.startsWith(segmentKey(""))).length).toBeGreaterThan(5);
    const tables = await PUBLISHED.prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%\\_%' ESCAPE '\\'",
    ).all<{ name: string }>();
    for (const { name } of tables.results) {
      const { results } = await PUBLISHED.prepare(`SELECT * FROM ${name}`).all();
      texts.push(JSON.stringify(results));
    }
    expectNone(
      secret.filter((word) => word !== "secret snapshot note"),
      [...texts, ...inKv],
    );
  });
});

/** A stored value as text: its bytes, and what they mean where they are prices, whose digits are not in the bytes. */
function contentsOf(bytes: Uint8Array): string {
  const kind = bytes[5];
  const text = Buffer.from(bytes).toString();
  if (!text.startsWith("PWSG") || kind !== 1) return text;
  const segment = openPrices(bytes);
  const curves = [...segment.keys()].map((sku) => {
    const curve = segment.find(sku);
    const tiers = curve?.slices.flatMap(({ units }) => [...units.values()].flat()) ?? [];
    return tiers.map((tier) => JSON.stringify([curve?.priceOf(tier), curve?.explanationOf(tier)]));
  });
  return [text, ...curves.flat()].join("\n");
}

/** What a customer is told, but for what names the snapshot and the moment. */
async function toldTo(customer: string, records: readonly object[]): Promise<unknown[]> {
  const own = await startPlanes();
  try {
    await push(own, [...company, ...records]);
    await publish(own);
    const told: unknown[] = [];
    for (const shop of [new Shop(own, await customerToken(own, customer)), new Shop(own)]) {
      const at = "2026-11-23T10:00:00Z";
      const posted = await shop.post(question(customer, { at }));
      const got = await shop.get("P", { customer, at, explain: "true" });
      // The ETag says no more than the answer itself, so that comparing the answers compares it.
      const lasting = got.text.replace(/"at":"[^"]*",/, "");
      expect(got.headers.get("ETag")).toBe(`W/"${fingerprint(lasting)}"`);
      const listed = await shop.send(`/v1/price-list?customer=${customer}&at=${at}`);
      const missing = await shop.send(`/v1/prices/B-ONLY?customer=${customer}&at=${at}`);
      for (const { status, headers, text } of [posted, got, listed, missing]) {
        const changing = ["date", "etag", "server-timing", "x-request-id"];
        const kept = [...headers].filter(([name]) => !changing.includes(name));
        // The id is made at random.
        told.push([status, kept, text.replaceAll(/"snapshot":\{"id":"[\w-]{36}"/g, '"snapshot":{"id":""')]);
      }
    }
    return told;
  } finally {
    await own.close();
  }
}

describe("non-interference: it promises that…", () => {
  it("what a customer is told does not depend on another customer's prices", async () => {
    const product = { type: "product", id: "B-ONLY", name: "B-ONLY", unit: "EA" };
    const theirs = { customer: "OTHER-CUSTOMER" };
    const one = await toldTo("OWN", [product]);
    const other = await toldTo("OWN", [
      product,
      price("other-price", "P", "1.23", theirs),
      price("other-tier", "P", "1.11", { ...theirs, minQuantity: "7" }),
      price("other-later", "Q", "1.12", { ...theirs, from: "2027-01-01" }),
      price("other-list", "P", "5.00", { list: "OTHER-LIST", until: "2026-12-31", maxQuantity: "9" }),
      price("other-who", "P", "0.50", { who: { customers: ["OTHER-CUSTOMER"] } }),
      price("other-only", "B-ONLY", "9.00", theirs),
      {
        type: "rule",
        id: "other-rule",
        rank: 0,
        who: { customers: ["OTHER-CUSTOMER"] },
        effect: { percentOff: "50" },
      },
    ]);
    expect(other).toEqual(one);
  });
});
