import fc from "fast-check";
import { expect, it } from "vitest";
import type { RoundingMode } from "../../shared/pricing/records.ts";
import type { PricedSet } from "../../shared/quoting/command.ts";
import type { QuoteItem, QuoteLine } from "../../shared/quoting/line.ts";
import { offeredSet, withoutOffers } from "../../shared/quoting/offered-set.ts";
import { pricedItem } from "../../shared/quoting/priced-item.ts";
import { revisionOf } from "../../shared/quoting/revision.ts";

/** A decimal as an integer and its places: what the oracle counts with. */
interface Decimal {
  readonly scaled: bigint;
  readonly places: number;
}

const places = { EUR: 2, JPY: 0, KWD: 3 } as const;
const modes: readonly RoundingMode[] = ["half-up", "half-even", "down", "up"];

const decimal = (placesMax: number, max: bigint) =>
  fc.record({ scaled: fc.bigInt({ min: 1n, max }), places: fc.nat(placesMax) });

const itemArbitrary = fc.record({
  quantity: decimal(3, 1_000_000n),
  per: fc.constantFrom("1", "10", "100", "3"),
  listed: fc.option(decimal(4, 100_000_000n), { nil: undefined, freq: 5 }),
  requested: fc.option(decimal(6, 100_000_000n), { nil: undefined }),
  offered: fc.option(decimal(6, 100_000_000n), { nil: undefined }),
});

const setArbitrary = fc.record({
  currency: fc.constantFrom("EUR", "JPY", "KWD"),
  mode: fc.constantFrom(...modes),
  lines: fc.array(fc.tuple(itemArbitrary, fc.array(itemArbitrary, { maxLength: 2 })), {
    minLength: 1,
    maxLength: 6,
  }),
});

type Given = typeof itemArbitrary extends fc.Arbitrary<infer Item> ? Item : never;

it("a line total is quantity × price ÷ per, exact and rounded once", { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(
      itemArbitrary,
      fc.constantFrom("EUR", "JPY", "KWD"),
      fc.constantFrom(...modes),
      (given, currency, mode) => {
        const item = itemOf(given, "0", { currency, mode });
        const price = given.offered ?? given.requested ?? given.listed;
        expect(item.lineTotal).toBe(price === undefined ? undefined : product(price, given, currency, mode));
      },
    ),
    { numRuns: 2_000 },
  );
});

it("a discount is exact in percent, with two places, half up", { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(itemArbitrary, (given) => {
      const item = itemOf(given, "0", { currency: "EUR", mode: "half-up" });
      const { listed, offered, requested } = given;
      const price = offered ?? requested;
      const expected = price === undefined || listed === undefined ? undefined : percentBelow(price, listed);
      expect(item.discountPercent).toBe(expected);
    }),
    { numRuns: 2_000 },
  );
});

it("a total is the sum of its lines' own totals, whatever the set says its totals are", () => {
  fc.assert(
    fc.property(setArbitrary, ({ currency, mode, lines }) => {
      const set = setOf(lines, { currency, mode });
      const forged = {
        ...set,
        lines: set.lines.map((line) => ({ ...line, own: { ...line.own, lineTotal: "1.00" } })),
      };
      const revision = revisionOf(forged, { number: 1, by: "seller", at, currency });
      const sum = revision.lines.reduce(
        (total, { own }) => total + minor(own.lineTotal ?? "0", currency),
        0n,
      );
      expect(minor(revision.total, currency)).toBe(sum);
    }),
  );
});

it("an offer gives every item that can have one a price, and leaves the others without", () => {
  fc.assert(
    fc.property(setArbitrary, ({ currency, mode, lines }) => {
      const set = setOf(lines, { currency, mode });
      const offered = offeredSet(set, currency, at);
      const [before, after] = [set, offered].map((each) =>
        each.lines.flatMap(({ own, alternatives }) => [own, ...alternatives]),
      );
      for (const [index, item] of (after ?? []).entries()) {
        const was = before?.[index];
        const listed = was !== undefined && "unitPrice" in was.listed ? was.listed : undefined;
        const isListed = was?.offeredPrice === undefined && listed !== undefined;
        expect(item.offeredPrice).toBe(was?.offeredPrice ?? listed?.unitPrice);
        if (isListed) expect(item.lineTotal).toBe(listed.lineTotal);
      }
      expect(offeredSet(offered, currency, at)).toEqual(offered);
      expect(JSON.stringify(withoutOffers(offered, currency))).not.toContain("offeredPrice");
    }),
  );
});

it("an item at its listed price has the listed total, even where that is not quantity × price", () => {
  const listed = { unit: "EA", unitPrice: "3.33", per: "1", lineTotal: "10.00" };
  const item = { item: "0", sku: "A", name: "A", quantity: "3", unit: "EA", listed };
  const money = { currency: "EUR", lineRounding: { mode: "half-up" } } as const;
  expect(pricedItem({ ...item, offeredPrice: "3.330" }, money).lineTotal).toBe("10.00");
  expect(pricedItem({ ...item, offeredPrice: "33.3", per: "10" }, money)).toMatchObject({
    lineTotal: "10.00",
    discountPercent: "0.00",
  });
  expect(pricedItem({ ...item, offeredPrice: "3.32" }, money).lineTotal).toBe("9.96");
});

it("line values are rounded to the company's smallest amount in a currency", () => {
  const item = {
    item: "0",
    sku: "A",
    name: "A",
    quantity: "3",
    unit: "EA",
    listed: { unavailable: "no_price" },
    offeredPrice: "1.01",
  } as const;
  const money = { currency: "CHF", lineRounding: { mode: "half-up", to: { CHF: "0.05" } } } as const;
  expect(pricedItem(item, money).lineTotal).toBe("3.05");
});

it("prices are kept for what they were made for when the listed price is for another number of units", () => {
  const item = {
    item: "0",
    sku: "A",
    name: "A",
    quantity: "50",
    unit: "EA",
    per: "1",
    listed: { unit: "EA", unitPrice: "900.00", per: "100", lineTotal: "450.00" },
    offeredPrice: "8.10",
  } as const;
  const money = { currency: "EUR", lineRounding: { mode: "half-up" } } as const;
  expect(pricedItem(item, money)).toMatchObject({ per: "1", lineTotal: "405.00", discountPercent: "10.00" });
});

const at = "2026-06-15T12:00:00Z";

interface Rounding {
  readonly currency: string;
  readonly mode: RoundingMode;
}

function setOf(lines: readonly (readonly [Given, readonly Given[]])[], rounding: Rounding): PricedSet {
  return {
    lines: lines.map(([own, alternatives], index): QuoteLine => ({
      line: String(index + 1),
      own: itemOf(own, "0", rounding),
      alternatives: alternatives.map((item, number) => itemOf(item, String(number + 1), rounding)),
    })),
    terms: { contacts: [], attachments: [] },
    pin: { snapshot: "S", sequence: 1, at, lineRounding: { mode: rounding.mode } },
  };
}

function itemOf(given: Given, item: string, { currency, mode }: Rounding): QuoteItem {
  const { quantity, per, listed, requested, offered } = given;
  const unitPrice = listed === undefined ? undefined : text(listed);
  return pricedItem(
    {
      item,
      sku: "A",
      name: "A",
      quantity: text(quantity),
      unit: "EA",
      per,
      listed:
        listed === undefined || unitPrice === undefined
          ? { unavailable: "no_price" }
          : { unit: "EA", unitPrice, per, lineTotal: product(listed, given, currency, mode) },
      ...(requested === undefined ? {} : { requestedPrice: text(requested) }),
      ...(offered === undefined ? {} : { offeredPrice: text(offered) }),
    },
    { currency, lineRounding: { mode } },
  );
}

function product(price: Decimal, { quantity, per }: Given, currency: string, mode: RoundingMode): string {
  const minorPlaces = placesOf(currency);
  const numerator = price.scaled * quantity.scaled * 10n ** BigInt(minorPlaces);
  const denominator = 10n ** BigInt(price.places + quantity.places) * BigInt(per);
  return text({ scaled: rounded(numerator, denominator, mode), places: minorPlaces });
}

function percentBelow(price: Decimal, listed: Decimal): string {
  const [priced, whole] = [
    price.scaled * 10n ** BigInt(listed.places),
    listed.scaled * 10n ** BigInt(price.places),
  ];
  const difference = (whole - priced) * 10_000n;
  const magnitude = rounded(difference < 0n ? -difference : difference, whole, "half-up");
  const sign = difference < 0n && magnitude !== 0n ? "-" : "";
  return sign + text({ scaled: magnitude, places: 2 });
}

/** By the remainder, doubled. */
function rounded(numerator: bigint, denominator: bigint, mode: RoundingMode): bigint {
  const floor = numerator / denominator;
  const twice = (numerator - floor * denominator) * 2n;
  const isUp = {
    down: false,
    up: twice > 0n,
    "half-up": twice >= denominator,
    "half-even": twice > denominator || (twice === denominator && floor % 2n === 1n),
  }[mode];
  return isUp ? floor + 1n : floor;
}

function text({ scaled, places: after }: Decimal): string {
  const digits = String(scaled).padStart(after + 1, "0");
  return after === 0 ? digits : `${digits.slice(0, -after)}.${digits.slice(-after)}`;
}

function minor(amount: string, currency: string): bigint {
  const [whole = "0", fraction = ""] = amount.split(".");
  return BigInt(whole + fraction.padEnd(placesOf(currency), "0"));
}

function placesOf(currency: string): number {
  return currency === "JPY" ? places.JPY : currency === "KWD" ? places.KWD : places.EUR;
}
