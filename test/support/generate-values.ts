import fc from "fast-check";
import { parseInstant } from "../../shared/pricing/instant.ts";
import type { Attributes, What, Who } from "../../shared/pricing/records.ts";

/** The few values that random companies are made of, so that everything in them collides. */

// Days on which clocks change in the zones below are among them.
export const days = ["2026-01-01", "2026-03-29", "2026-03-30", "2026-10-25", "2018-11-04"];
export const instants = ["2026-03-29T00:30:00Z", "2026-06-01T12:00:00+02:00"];
export const zones = ["UTC", "Europe/Berlin", "America/Sao_Paulo", "Asia/Kathmandu"];
export const edges = [
  ...days.map((day) => `${day}T00:00:00Z`),
  ...days.map((day) => `${day}T03:00:00Z`),
  ...instants,
].map((text) => parseInstant(text) ?? 0);

export const categoryId = fc.constantFrom("c0", "c1");
export const groupId = fc.constantFrom("g0", "g1", "g2");
export const customerId = fc.constantFrom("k0", "k1", "k2", "k3");
export const listId = fc.constantFrom("l0", "l1", "l2");
export const sku = fc.constantFrom("s0", "s1", "s2", "s3");
export const brand = fc.constantFrom("b0", "b1");
export const taxId = fc.constantFrom("t0", "t1");
export const currency = fc.constantFrom("EUR", "EUR", "EUR", "EUR", "JPY", "CHF");
export const unit = fc.constantFrom("EA", "BOX", "KG", "THIRD");
export const amount = fc.constantFrom(
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
export const percent = fc.constantFrom("0", "5", "12.5", "33.33", "100");
export const breakQuantity = fc.constantFrom("0.5", "1", "2", "10", "12", "100");
export const per = fc.constantFrom("1", "3", "10", "100", "0.5", "1.0");
export const attributes: fc.Arbitrary<Attributes> = fc.dictionary(
  fc.constantFrom("region", "tier"),
  fc.oneof(fc.constantFrom("north", "south"), fc.subarray(["north", "south", "gold"], { minLength: 1 })),
  { maxKeys: 2 },
);

export const dates = {
  from: rarely(fc.constantFrom("2018-11-04", "2026-01-01", "2026-03-29", "1900-01-01", ...instants)),
  until: rarely(fc.constantFrom("2026-03-29", "2026-03-30", "2026-10-25", "9999-12-31", ...instants)),
};
export const band = {
  minQuantity: rarely(breakQuantity),
  maxQuantity: rarely(fc.constantFrom("1", "11", "12", "99", "100")),
};

export const who: fc.Arbitrary<Who> = fc.record(
  {
    customers: fc.subarray(["k0", "k1", "k2"], { minLength: 1 }),
    groups: fc.subarray(["g0", "g1", "g2"], { minLength: 1 }),
    channels: fc.subarray(["web", "shop"], { minLength: 1 }),
    attributes,
  },
  { requiredKeys: [] },
);
export const what: fc.Arbitrary<What> = fc.record(
  {
    skus: fc.subarray(["s0", "s1", "s2"], { minLength: 1 }),
    categories: fc.subarray(["c0", "c1"], { minLength: 1 }),
    brands: fc.subarray(["b0", "b1"], { minLength: 1 }),
    attributes,
  },
  { requiredKeys: [] },
);

export function record<Type extends string, Fields extends object>(
  type: Type,
  id: fc.Arbitrary<string>,
  fields: { [Key in keyof Fields]: fc.Arbitrary<Fields[Key]> },
): fc.Arbitrary<{ type: Type; id: string } & Fields> {
  // Fields that came out undefined are left out, as they are in JSON.
  return fc
    .tuple(id, fc.record(fields))
    .map(([name, values]) => JSON.parse(JSON.stringify({ type, id: name, ...values })) as never);
}

export function maybe<Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> {
  return fc.option(value, { nil: undefined, freq: 2 });
}

export function rarely<Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> {
  return fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
}

export function roundingMode() {
  return fc.constantFrom("half-up" as const, "half-even" as const, "down" as const, "up" as const);
}
