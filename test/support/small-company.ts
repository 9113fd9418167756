import { publish, push } from "./erp.ts";
import { startPlanes, type Planes } from "./planes.ts";

/** A company with one product or customer for each thing that can be asked about prices. */

export const price = (id: string, sku: string, amount: string, more: object = {}) => ({
  type: "price",
  id,
  sku,
  currency: "EUR",
  amount,
  ...more,
});
export const product = (id: string, more: object = {}) => ({
  type: "product",
  id,
  name: id,
  unit: "EA",
  ...more,
});
export const customer = (id: string, more: object = {}) => ({ type: "customer", id, name: id, ...more });

export const oddIds = [
  "a/b",
  "a%2Fb",
  "a b",
  "a+b",
  "🙂",
  "é",
  "e\u0301",
  "__proto__",
  "constructor",
  "toString",
  "..",
  ".",
  "a?b#c",
  "a'b\"c\\d",
  "0010",
  "10",
];

export const sold = [
  product("A"),
  product("NEVER"),
  product("GONE", { status: "discontinued" }),
  price("a", "A", "10.00"),
  price("a-ten", "A", "9.00", { minQuantity: "10" }),
  price("a-up-to", "A", "8.00", { minQuantity: "100", maxQuantity: "200" }),
  price("a-web", "A", "9.50", { who: { channels: ["web"] }, customer: "EUR" }),
  price("a-proto", "A", "9.25", { who: { channels: ["__proto__"] }, customer: "EUR" }),
  price("gone", "GONE", "1.00"),
];

export const dated = [
  product("DATED"),
  price("d-past", "DATED", "1.00", { until: "2020-12-31" }),
  price("d-now", "DATED", "2.00", { from: "2021-01-01", until: "2050-06-30" }),
  price("d-then", "DATED", "3.00", { from: "2050-07-01" }),
];

export const boxes = [
  product("BOXED", {
    units: [
      { unit: "BOX", factor: "12" },
      { unit: "constructor", factor: "2" },
    ],
  }),
  price("each", "BOXED", "1.00"),
  price("each-many", "BOXED", "0.90", { minQuantity: "30" }),
  price("box", "BOXED", "9.60", { unit: "BOX", minQuantity: "5" }),
  product("STEPS", { minQuantity: "5", multiple: "2.5", units: [{ unit: "BOX", factor: "10" }] }),
  price("steps", "STEPS", "2.00"),
  price("steps-many", "STEPS", "1.50", { minQuantity: "11" }),
  product("SCREW"),
  price("screw", "SCREW", "3.45", { per: "100" }),
];

export const customers = [
  customer("EUR", { currency: "EUR" }),
  customer("BY-LIST", { lists: ["FRANCS", "EUROS"] }),
  customer("NONE"),
  customer("BLOCKED", { status: "blocked", currency: "EUR" }),
  { type: "priceList", id: "FRANCS", currency: "CHF" },
  { type: "priceList", id: "EUROS", currency: "EUR" },
];

/** A product with every reason for no price at once, for the customer who has a rule that takes off too much. */
export const reasons = { status: "discontinued", minQuantity: "5", multiple: "2" };
export const unpriced = [
  { type: "policy", id: "default", timeZone: "Europe/Berlin" },
  { type: "priceList", id: "GROSS", currency: "EUR", taxIncluded: true },
  { type: "tax", id: "vat", percent: "19" },
  customer("SAD", { currency: "EUR", lists: ["GROSS"] }),
  {
    type: "rule",
    id: "too-much",
    rank: 1,
    who: { customers: ["SAD"] },
    what: { skus: ["WHY"] },
    effect: { amountOff: "100.00", currency: "EUR" },
  },
];

/** Both planes with the company's prices live; to be closed again. */
export async function startSmallCompany(): Promise<Planes> {
  const planes = await startPlanes();
  await push(planes, [...unpriced, ...sold, ...dated, ...boxes, ...customers]);
  await publish(planes);
  return planes;
}

/** A product of each odd id, and a customer of that id with a price of its own for product A. */
export const oddCompany = oddIds.flatMap((id, index) => [
  product(id),
  customer(id, { currency: "EUR" }),
  price(`odd-${index}`, id, `${100 + index}.00`),
  price(`own-${index}`, "A", `${200 + index}.00`, { customer: id }),
]);
