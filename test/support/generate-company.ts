import fc from "fast-check";
import {
  presetNames,
  type Attributes,
  type Effect,
  type Exclusion,
  type Policy,
  type PricingRecord,
  type What,
  type Who,
} from "../../shared/pricing/records.ts";
import { parseInstant } from "../../shared/pricing/instant.ts";
import type { Question } from "../../shared/pricing/question.ts";

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

// Days on which clocks change in the zones below are among them.
const days = ["2026-01-01", "2026-03-29", "2026-03-30", "2026-10-25", "2018-11-04"];
const instants = ["2026-03-29T00:30:00Z", "2026-06-01T12:00:00+02:00"];
const zones = ["UTC", "Europe/Berlin", "America/Sao_Paulo", "Asia/Kathmandu"];
const edges = [
  ...days.map((day) => `${day}T00:00:00Z`),
  ...days.map((day) => `${day}T03:00:00Z`),
  ...instants,
].map((text) => parseInstant(text) ?? 0);

const categoryId = fc.constantFrom("c0", "c1");
const groupId = fc.constantFrom("g0", "g1", "g2");
const customerId = fc.constantFrom("k0", "k1", "k2", "k3");
const listId = fc.constantFrom("l0", "l1", "l2");
const sku = fc.constantFrom("s0", "s1", "s2", "s3");
const brand = fc.constantFrom("b0", "b1");
const taxId = fc.constantFrom("t0", "t1");
const currency = fc.constantFrom("EUR", "EUR", "EUR", "EUR", "JPY", "CHF");
const unit = fc.constantFrom("EA", "BOX", "KG", "THIRD");
const amount = fc.constantFrom(
  "0.01",
  "1",
  "2.50",
  "9.99",
  "10.005",
  "33.3333",
  "100",
  "0.00000001",
  "1234567.89",
);
const percent = fc.constantFrom("0", "5", "12.5", "33.33", "100");
const breakQuantity = fc.constantFrom("0.5", "1", "2", "10", "12", "100");
const per = fc.constantFrom("1", "3", "10", "100", "0.5", "1.0");
const attributes: fc.Arbitrary<Attributes> = fc.dictionary(
  fc.constantFrom("region", "tier"),
  fc.oneof(fc.constantFrom("north", "south"), fc.subarray(["north", "south", "gold"], { minLength: 1 })),
  { maxKeys: 2 },
);

const dates = {
  from: rarely(fc.constantFrom("2018-11-04", "2026-01-01", "2026-03-29", "1900-01-01", ...instants)),
  until: rarely(fc.constantFrom("2026-03-29", "2026-03-30", "2026-10-25", "9999-12-31", ...instants)),
};
const band = {
  minQuantity: rarely(breakQuantity),
  maxQuantity: rarely(fc.constantFrom("1", "11", "12", "99", "100")),
};

const who: fc.Arbitrary<Who> = fc.record(
  {
    customers: fc.subarray(["k0", "k1", "k2"], { minLength: 1 }),
    groups: fc.subarray(["g0", "g1", "g2"], { minLength: 1 }),
    channels: fc.subarray(["web", "shop"], { minLength: 1 }),
    attributes,
  },
  { requiredKeys: [] },
);
const what: fc.Arbitrary<What> = fc.record(
  {
    skus: fc.subarray(["s0", "s1", "s2"], { minLength: 1 }),
    categories: fc.subarray(["c0", "c1"], { minLength: 1 }),
    brands: fc.subarray(["b0", "b1"], { minLength: 1 }),
    attributes,
  },
  { requiredKeys: [] },
);

const types = fc.subarray(["K1", "K2", "K3"], { minLength: 1 });
const exclusion: fc.Arbitrary<Exclusion> = fc.oneof(
  fc.record({ procedure: fc.constantFrom("A" as const, "B" as const, "E" as const, "L" as const), types }),
  fc.record({ procedure: fc.constantFrom("C" as const, "D" as const, "F" as const), types, against: types }),
);
// What a policy may always say.
const anyPolicy = {
  timeZone: maybe(fc.constantFrom(...zones)),
  currency: maybe(currency),
  defaultLists: maybe(fc.shuffledSubarray(["l0", "l1", "l2"])),
  exclusions: rarely(fc.array(exclusion, { minLength: 1, maxLength: 2 })),
  rounding: maybe(
    fc.record(
      {
        unitPrice: fc.record({
          places: fc.constantFrom(0, 2, 4, 8, "currency" as const),
          mode: roundingMode(),
        }),
        line: fc.record(
          { mode: roundingMode(), to: fc.record({ CHF: fc.constant("0.05"), EUR: fc.constant("0.02") }) },
          { requiredKeys: ["mode"] },
        ),
      },
      { requiredKeys: [] },
    ),
  ),
};
const precedence = maybe(
  fc.shuffledSubarray(["customer", "group", "list", "everyone"] as const, { minLength: 1 }),
);
const choose = maybe(fc.constantFrom("first" as const, "lowest" as const));
const policyId = fc.constant("default" as const);
const plainPolicy = record("policy", policyId, {
  ...anyPolicy,
  precedence,
  choose,
  fallback: maybe(fc.constantFrom("listPrice" as const, "none" as const)),
  rules: maybe(fc.constantFrom("first" as const, "best" as const, "stack" as const)),
  convert: maybe(fc.constantFrom("none" as const, "rates" as const)),
});
const presetPolicy = fc.oneof(
  ...presetNames.map((preset) =>
    record("policy", policyId, {
      preset: fc.constant(preset),
      ...anyPolicy,
      ...(preset === "sap" ? { precedence } : {}),
      ...(preset === "oro" ? { choose } : {}),
    }),
  ),
);
const policy = fc.oneof(
  fc.constant(undefined),
  plainPolicy,
  plainPolicy,
  plainPolicy,
  presetPolicy,
  presetPolicy,
  presetPolicy,
) as fc.Arbitrary<Policy | undefined>; // Fields that came out undefined are left out.
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
const formula = fc.constantFrom(
  "unit_price * 0.9",
  "unit_price / 3",
  "unit_price - 0.005",
  "(unit_price * 0.93).quantize(Decimal('0.01'))",
  "cost_price * 1.15",
  "cost_price * 1.15 if cost_price > 5 else unit_price",
  "list_price / 7",
  "(list_price + unit_price) / 2",
  "parent_unit_price * 0.95",
  "parent_unit_price.min(unit_price)",
  "unit_price // 1 + 0.99",
  "unit_price % 7",
  "max(unit_price, list_price) - min(unit_price, cost_price)",
  "unit_price and list_price or cost_price",
  "round(unit_price, 1)",
  "unit_price.sqrt()",
  "1 / (unit_price - 10.005)",
  "9.99",
  "unit_price > 5",
  "unit_price ** 2 / 100",
);
const input = maybe(
  fc.oneof(
    fc.constantFrom("price" as const, "base" as const, "list" as const, "cost" as const),
    fc.record({ list: listId }),
  ),
);
const bound = fc.oneof(
  fc.record({ amount, currency }),
  fc.record({ marginOnCost: percent }),
  fc.record({ aboveInput: fc.constantFrom("0", "0.5"), currency }),
);
const afterChange = {
  round: rarely(
    fc.record(
      {
        to: fc.constantFrom("0.05", "1", "0.3"),
        mode: roundingMode(),
        then: fc.constantFrom("-0.01", "0.99"),
      },
      { requiredKeys: ["to", "mode"] },
    ),
  ),
  min: rarely(bound),
  max: rarely(bound),
};
const effect = fc.oneof(
  fc.record({ percentOff: percent, on: input, ...afterChange }),
  fc.record({ percentMarkup: percent, on: input, ...afterChange }),
  fc.record({ amountOff: amount, currency, on: input, ...afterChange }),
  fc.record({ amountMarkup: amount, currency, on: input, ...afterChange }),
  fc.record({ price: amount, currency, per, ...afterChange }),
  fc.record({ formula, ...afterChange }),
  fc.record({ formula, ...afterChange }),
) as fc.Arbitrary<Effect>; // Fields that came out undefined are left out below.
const rule = record("rule", fc.integer({ min: 0, max: 99 }).map(String), {
  rank: fc.integer({ min: 0, max: 3 }),
  list: maybe(listId),
  who: rarely(who),
  what: maybe(what),
  unit: rarely(unit),
  ...band,
  ...dates,
  effect,
  exclusive: maybe(fc.boolean()),
  unsupported: fc.constantFrom(...Array<undefined>(30).fill(undefined), "a rule of another kind"),
  margin: rarely(fc.oneof(fc.record({ percent }), fc.record({ amount, currency }))),
  conditionType: maybe(fc.constantFrom("K1", "K2", "K3")),
  priority: maybe(fc.constantFrom(1, 1, 2)),
  applyDiscountOnRate: maybe(fc.boolean()),
  appliedOn: rarely(fc.constantFrom("0_product_variant" as const, "1_product" as const, "3_global" as const)),
}).chain((made) =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constant(made) },
    // Bounds of the goods value come with their currency.
    {
      weight: 1,
      arbitrary: fc
        .record({
          minAmount: maybe(fc.constantFrom("5", "33.33")),
          maxAmount: maybe(fc.constantFrom("40", "1000")),
          currency,
        })
        .map((bounds) => JSON.parse(JSON.stringify({ ...made, ...bounds })) as typeof made),
    },
    { weight: 1, arbitrary: currency.map((code) => ({ ...made, currency: code })) },
    // Rules that are combined have plain effects.
    {
      weight: 2,
      arbitrary: fc
        .oneof(
          fc.record({ percentOff: percent }),
          fc.record({ amountOff: amount, currency }),
          fc.record({ price: amount, currency }),
        )
        .map((plain) => ({ ...made, effect: plain, applyMultiplePricingRules: true })),
    },
  ),
);
const tax = record("tax", taxId, { percent: fc.constantFrom("7", "19", "0"), ...dates });
const taxRule = record("taxRule", fc.constantFrom("r0", "r1"), {
  replace: fc.array(
    fc.oneof(fc.record({ from: taxId }), fc.record({ to: taxId }), fc.record({ from: taxId, to: taxId })),
    { maxLength: 2 },
  ),
});

function record<Type extends string, Fields extends object>(
  type: Type,
  id: fc.Arbitrary<string>,
  fields: { [Key in keyof Fields]: fc.Arbitrary<Fields[Key]> },
): fc.Arbitrary<{ type: Type; id: string } & Fields> {
  // Fields that came out undefined are left out, as they are in JSON.
  return fc
    .tuple(id, fc.record(fields))
    .map(([name, values]) => JSON.parse(JSON.stringify({ type, id: name, ...values })) as never);
}

function maybe<Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> {
  return fc.option(value, { nil: undefined, freq: 2 });
}

function rarely<Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> {
  return fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
}

function roundingMode() {
  return fc.constantFrom("half-up" as const, "half-even" as const, "down" as const, "up" as const);
}

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
