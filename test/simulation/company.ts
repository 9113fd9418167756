/** A small company, and what its ERP changes in it. Every amount says where it is from. */

export const ring = ["RING-0", "RING-1", "RING-2", "RING-3"];
export const listed = ["LISTED-0", "LISTED-1", "LISTED-2", "LISTED-3"];
export const ringSum = 1_000;
/** The day on which clocks change in the company's zone begins in the middle of a simulation. */
export const start = Date.parse("2026-10-24T21:59:00Z");
export const timeZone = "Europe/Berlin";

const product = (id: string, category?: string) => ({
  type: "product",
  id,
  rev: 1,
  name: id,
  unit: "EA",
  ...(category === undefined ? {} : { category }),
});

const price = (id: string, sku: string, amount: string, more: object = {}) => ({
  type: "price",
  id,
  sku,
  currency: "EUR",
  amount,
  ...more,
});

export const products = [
  { type: "category", id: "tools", rev: 1 },
  ...ring.map((id) => product(id)),
  ...listed.map((id) => product(id)),
  product("DEAL"),
  product("DATED"),
  product("TOOL", "tools"),
];

/** Prices of everyone's but the ring's, which come with its first turn. */
export const others = [
  { type: "policy", id: "default", rev: 1, timeZone },
  { type: "priceList", id: "L", rev: 1, currency: "EUR" },
  { type: "customer", id: "ANY", rev: 1, name: "Any", currency: "EUR" },
  { type: "customer", id: "LISTED", rev: 1, name: "Listed", lists: ["L"] },
  { type: "customer", id: "OWN", rev: 1, name: "Own", currency: "EUR" },
  { ...price("deal-usual", "DEAL", "100.00"), rev: 1 },
  { ...price("dated-before", "DATED", "1.00", { until: "2026-10-24" }), rev: 1 },
  { ...price("dated-after", "DATED", "2.00", { from: "2026-10-25" }), rev: 1 },
  { ...price("tool", "TOOL", "50.00"), rev: 1 },
];

/** Prices that sum up to the same, however they are turned. */
export function ringTurn(turn: number): object[] {
  return ring.map((sku, index) =>
    price(`ring-${index}`, sku, `${ringAmount(turn, index)}.00`, { rev: turn }),
  );
}

function ringAmount(turn: number, index: number): number {
  const parts = [100, 200, 300, 400];
  return (parts[(index + turn) % parts.length] ?? 0) + (index === 0 ? turn : index === 1 ? -turn : 0);
}

/** A deal of one customer, whose amount nobody had before; without an amount it is revoked. */
export function deal(version: number, amount: string | undefined): object {
  return amount === undefined
    ? { type: "price", id: "deal-own", rev: version, op: "delete" }
    : price("deal-own", "DEAL", amount, { customer: "OWN", rev: version });
}

export const dealAmount = (version: number) => `${10 + version}.50`;

/** A list's complete set; all of its prices are of one epoch. */
export function listSet(epoch: number, skus: readonly string[]): object[] {
  return skus.map((sku) => price(`listed-${sku}`, sku, `${500 + epoch}.00`, { list: "L" }));
}

export const epochOf = (amount: string) => Number(amount.split(".")[0]) - 500;

/** Something that reaches a class of products, and the buckets in it. */
export function toolRule(version: number): object {
  const effect = { percentOff: String(version % 50) };
  return { type: "rule", id: "tools", rev: version, rank: 1, what: { categories: ["tools"] }, effect };
}

/** As many classes of products as a publisher hands out over a queue. */
export const wide = Array.from({ length: 18 }, (_, index) => [
  { type: "category", id: `wide-${index}`, rev: 1 },
  product(`WIDE-${index}`, `wide-${index}`),
  { ...price(`wide-${index}`, `WIDE-${index}`, `${20 + index}.00`), rev: 1 },
  {
    type: "rule",
    id: `wide-${index}`,
    rev: 1,
    rank: 10 + index,
    what: { categories: [`wide-${index}`] },
    effect: { percentOff: String(index + 1) },
  },
]).flat();
