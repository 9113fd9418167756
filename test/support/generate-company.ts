import fc from "fast-check";
import type { PricingRecord } from "../../shared/pricing/records.ts";
import type { Question } from "../../shared/pricing/question.ts";
import { policy } from "./generate-policy.ts";
import { rule } from "./generate-rules.ts";
import {
  amount,
  attributes,
  band,
  brand,
  breakQuantity,
  categoryId,
  currency,
  customerId,
  dates,
  edges,
  groupId,
  listId,
  maybe,
  per,
  rarely,
  record,
  sku,
  taxId,
  unit,
  who,
} from "./generate-values.ts";

/**
 * Small random companies in which everything collides: few ids, quantities around few breaks, dates around few
 * edges. Every kind of record, rule and policy is reached.
 */
export function companyArbitrary(): fc.Arbitrary<PricingRecord[]> {
  return fc
    .record({
      policy,
      categories: some(category, 3),
      groups: some(group, 3),
      customers: some(customer, 4),
      lists: some(list, 3),
      products: some(product, 4),
      prices: fc.array(price, { minLength: 8, maxLength: 16, size: "max" }),
      rules: fc.array(rule, { minLength: 3, maxLength: 8, size: "max" }),
      rates: fc.array(rate, { maxLength: 5 }),
      taxes: some(tax, 2),
      taxRules: some(taxRule, 2),
    })
    .map(({ policy: chosen, ...types }) => [
      ...(chosen === undefined ? [] : [chosen]),
      ...Object.values(types).flatMap((records: readonly PricingRecord[]) => uniqueById(records)),
    ]);
}

export function questionArbitrary(records: readonly PricingRecord[]): fc.Arbitrary<Question> {
  const ids = (type: PricingRecord["type"]) =>
    records.flatMap((record) => (record.type === type ? [record.id] : []));
  return fc.record({
    customer: usually(ids("customer"), "nobody"),
    sku: usually(ids("product"), "nothing"),
    quantity: fc.constantFrom(
      "1",
      "0.5",
      "2",
      "3",
      "9",
      "10",
      "11",
      "12",
      "12.5",
      "24",
      "100",
      "120",
      "1200",
    ),
    unit: fc.constantFrom(
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      "EA",
      "EA",
      "EA",
      "EA",
      "BOX",
      "BOX",
      "KG",
      "THIRD",
      "PAL",
    ),
    currency: fc.constantFrom("EUR", "EUR", "EUR", "EUR", "JPY", "CHF", "USD"),
    channel: fc.option(fc.constantFrom("web", "shop", "nowhere"), { nil: undefined, freq: 2 }),
    at: fc.constantFrom(...edges.flatMap((edge) => [edge - 1, edge, edge + 1, edge + 40_000_000])),
  });
}

const rate = record(
  "rate",
  fc.constantFrom("EUR/JPY", "EUR/JPY@1", "EUR/CHF", "CHF/EUR@1", "USD/EUR", "USD/JPY", "USD/CHF"),
  {
    rate: fc.constantFrom("1.0837", "163.27", "0.93", "3", "0.00012345"),
    from: fc.constantFrom("1900-01-01", "2018-11-04", "2026-03-29", "2026-10-25"),
  },
);
const category = record("category", categoryId, {
  parent: maybe(categoryId),
  name: maybe(fc.constantFrom("tools", "zebras")),
});
const group = record("customerGroup", groupId, {
  parent: maybe(groupId),
  lists: maybe(fc.shuffledSubarray(["l0", "l1", "l2"])),
  listsFallback: rarely(fc.boolean()),
  attributes: maybe(attributes),
});
const customer = record("customer", customerId, {
  name: fc.constant("a customer"),
  groups: maybe(fc.shuffledSubarray(["g0", "g1", "g2"])),
  lists: maybe(fc.shuffledSubarray(["l0", "l1", "l2"])),
  listsFallback: rarely(fc.boolean()),
  parent: maybe(customerId),
  currency: maybe(currency),
  taxRule: maybe(fc.constantFrom("r0", "r1")),
  status: fc.constantFrom(...Array<"active">(19).fill("active"), "blocked" as const),
  attributes: maybe(attributes),
});
const list = record("priceList", listId, {
  currency,
  parent: maybe(listId),
  taxIncluded: maybe(fc.boolean()),
  unit: maybe(fc.constantFrom("product_default" as const, "product_sale" as const)),
  kind: maybe(fc.constantFrom("sale" as const, "override" as const)),
  merge: maybe(fc.boolean()),
  who: rarely(who),
  ...dates,
});
const product = record("product", sku, {
  name: fc.constant("a product"),
  category: maybe(categoryId),
  categories: rarely(fc.subarray(["c0", "c1"])),
  brand: maybe(brand),
  unit: fc.constant("EA"),
  units: maybe(
    fc.subarray([
      { unit: "BOX", factor: "12" },
      { unit: "KG", factor: "0.3" },
      { unit: "THIRD", factor: "1", per: "3" },
    ]),
  ),
  saleUnit: maybe(fc.constantFrom("BOX", "KG", "EA")),
  cost: maybe(fc.record({ amount, currency, per: maybe(per) })),
  listPrice: maybe(fc.record({ amount, currency, per: maybe(per) })),
  minQuantity: rarely(breakQuantity),
  multiple: rarely(fc.constantFrom("0.5", "1", "5")),
  status: fc.constantFrom(...Array<"active">(19).fill("active"), "discontinued" as const),
  taxes: fc.option(fc.subarray(["t0", "t1"]), { nil: undefined, freq: 4 }),
  attributes: maybe(attributes),
});
const scope = fc.oneof(
  fc.constant({}),
  fc.record({ list: listId }),
  fc.record({ list: listId }),
  fc.record({ customer: customerId }),
  fc.record({ group: groupId }),
);
const price = fc
  .tuple(
    scope,
    record("price", fc.integer({ min: 0, max: 99 }).map(String), {
      who: rarely(who),
      sku,
      currency,
      amount,
      per: maybe(per),
      unit: rarely(unit),
      ...band,
      ...dates,
      allowDiscount: rarely(fc.boolean()),
      graduated: rarely(fc.constant(true)),
      inherited: rarely(fc.constant(true)),
    }),
  )
  .map(([whose, rest]) => ({ ...rest, ...whose }));
const tax = record("tax", taxId, { percent: fc.constantFrom("7", "19", "0"), ...dates });
const taxRule = record("taxRule", fc.constantFrom("r0", "r1"), {
  replace: fc.array(
    fc.oneof(fc.record({ from: taxId }), fc.record({ to: taxId }), fc.record({ from: taxId, to: taxId })),
    { maxLength: 2 },
  ),
});

function some<Value>(value: fc.Arbitrary<Value>, most: number): fc.Arbitrary<Value[]> {
  return fc.array(value, { minLength: most, maxLength: most + 1 });
}

function usually(ids: readonly string[], otherwise: string): fc.Arbitrary<string> {
  return ids.length === 0
    ? fc.constant(otherwise)
    : fc.constantFrom(...ids, ...ids, ...ids, ...ids, ...ids, otherwise);
}

function uniqueById<Value extends { readonly id: string }>(values: readonly Value[]): Value[] {
  return [...new Map(values.map((value) => [value.id, value])).values()];
}
