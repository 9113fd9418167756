import { createEdge } from "../../../workers/app.ts";
import type { EdgeEnv } from "../../../workers/env.ts";
import type { Basket } from "../shop.ts";
import { mapOf, naiveAnswer, type FindTiers, type NaivePrices } from "./naive.ts";
import { standIns, type Bindings } from "./stand-ins.ts";

/**
 * The edge as it is deployed, and beside its routes, in the same app and behind the same middleware, the cheapest
 * answers that could be given instead. These check neither the caller nor the question.
 */
const edge = createEdge();
const cheap = { roles: "public", responses: { 200: { description: "An answer" } } } as const;

edge.route({ ...cheap, method: "post", path: "/bench/constant", summary: "A constant" }, async ({ c }) => {
  await c.req.text();
  return c.json({ status: "ok" });
});

let text = "";

edge.route({ ...cheap, method: "put", path: "/bench/text", summary: "Puts a text" }, async ({ c }) => {
  text = await c.req.text();
  return c.json({ length: text.length });
});

edge.route({ ...cheap, method: "post", path: "/bench/text", summary: "The text put last" }, async ({ c }) => {
  await c.req.text();
  return new Response(text, { headers: { "Content-Type": "application/json" } });
});

interface Shop {
  readonly env: EdgeEnv;
  readonly find: FindTiers;
  readonly currency: string;
}

let shop: Shop | undefined;

edge.route({ ...cheap, method: "post", path: "/bench/map", summary: "From a Map" }, async ({ c }) => {
  if (shop === undefined) throw new Error("There are no prices yet");
  const answer = naiveAnswer(await c.req.json<Basket>(), shop.currency, shop.find);
  return new Response(JSON.stringify(answer), { headers: { "Content-Type": "application/json" } });
});

export default {
  fetch(request, bindings, context) {
    const { NAIVE: naive } = bindings;
    shop ??= { env: standIns(bindings), find: mapOf(naive), currency: naive.currency };
    return edge.fetch(request, shop.env, context);
  },
} satisfies ExportedHandler<Bindings & { readonly NAIVE: NaivePrices }>;
