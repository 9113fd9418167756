import assert from "node:assert/strict";
import { prepare } from "./load.ts";
import { compare } from "./rounds.ts";
import { runWorkerd } from "./run-workerd.ts";
import { askAt, checkSameAnswers } from "./same-answers.ts";
import { shopSnapshot } from "./shop-snapshot.ts";
import { baskets, type Basket } from "./shop.ts";

/**
 * What answers of the edge cost, warm, with the caller and the question checked: the Worker as it is deployed, on
 * workerd alone, against the cheapest answers that could be given instead in the same app (edge-worker/main.ts).
 */
const singles = baskets(64, 1);
const again = baskets(64, 100);
// Far more lines than an isolate remembers answers of.
const everNewSingles = baskets(80_000, 1);
const everNew = baskets(2_000, 100);
const large = baskets(16, 500);

const snapshot = await shopSnapshot();
const server = await runWorkerd(snapshot);
try {
  const { port } = server;
  const headers = { Authorization: `Bearer ${snapshot.key}` };
  const edge = askAt(port, "/v1/prices", headers);
  await checkSameAnswers([...singles, ...again, ...everNew.slice(0, 100)], edge, {
    "A Map": askAt(port, "/bench/map"),
  });
  for (const single of singles) await checkGet(single);
  await fetch(`http://127.0.0.1:${port}/bench/text`, {
    method: "PUT",
    body: JSON.stringify(await edge(again[0] ?? { customer: "", lines: [] })),
  });

  const to = (path: string, bodies: readonly Basket[]) =>
    ({ server, requests: bodies.map((body) => prepare({ path, headers, body })) }) as const;
  const constantGet = { name: "a constant, GET", server, requests: [prepare({ path: "/healthz" })] };
  const oneByGet = {
    name: "1 price, GET",
    server,
    requests: singles.map((basket) => prepare({ path: pathOf(basket), headers })),
    against: constantGet.name,
    target: 0.8,
  };
  const newByGet = {
    name: "1 new price, GET",
    server,
    requests: everNewSingles.map((basket) => prepare({ path: pathOf(basket), headers })),
    against: constantGet.name,
  };
  const constantPost = { name: "a constant, POST", ...to("/bench/constant", singles) };
  const oneByPost = {
    name: "1 price, POST",
    ...to("/v1/prices", singles),
    against: constantPost.name,
    target: 0.8,
  };
  const text = { name: "100 prices, a ready text", ...to("/bench/text", again) };
  const map = { name: "100 prices, Map and JSON.stringify", ...to("/bench/map", again) };
  const basket = { name: "100 prices", ...to("/v1/prices", again), against: map.name, target: 1.2 };
  const mapOfNew = { name: "100 new prices, Map and JSON.stringify", ...to("/bench/map", everNew) };
  const newBasket = {
    name: "100 new prices",
    ...to("/v1/prices", everNew),
    against: mapOfNew.name,
  };
  const largeMap = { name: "500 prices, Map and JSON.stringify", ...to("/bench/map", large) };
  const largeBasket = { name: "500 prices", ...to("/v1/prices", large), against: largeMap.name };
  console.table([
    ...(await compare([constantGet, oneByGet])),
    ...(await compare([constantPost, oneByPost])),
    ...(await compare([text, map, basket])),
    ...(await compare([constantGet, newByGet])),
    ...(await compare([mapOfNew, newBasket])),
    ...(await compare([largeMap, largeBasket])),
  ]);

  async function checkGet(basket: Basket): Promise<void> {
    const response = await fetch(`http://127.0.0.1:${port}${pathOf(basket)}`, { headers });
    const { at: _, ...answer } = (await response.json()) as Record<string, unknown>;
    const { at: __, ...expected } = await edge(basket);
    assert.deepEqual(answer, expected);
  }
} finally {
  await server.stop();
}

function pathOf({ customer, lines: [line] }: Basket): string {
  return `/v1/prices/${line?.sku}?customer=${customer}&quantity=${line?.quantity}`;
}
